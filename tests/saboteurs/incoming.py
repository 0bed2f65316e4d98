"""Sins in what comes in: read, named, proved or fetched wrongly."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from dataclasses import replace

from deskcore.api import (
    Address,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    ThreadKeys,
    now,
)
from deskcore.plugin import Push, RawItem, Rejected, WebhookRequest
from tests.channels.echo_listening.channel import EchoListening
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.echo_pushed.channel import EchoPushed
from tests.saboteurs.sin import sin


@sin("K07")
class HashesWhatItWroteItself(EchoPushed):
    """Re-serialises the JSON before it compares the signature."""

    def verify(self, request: WebhookRequest) -> None:
        try:
            body = json.dumps(json.loads(request.body)).encode()
        except ValueError:
            body = request.body
        super().verify(replace(request, body=body))


@sin("K07", "K11")
class BelievesAnybody(EchoPushed):
    """Looks at the age of a push, and answers 200 to any signature."""

    def verify(self, request: WebhookRequest) -> None:
        at = request.headers.get("x-echo-time", "")
        if not at.isdecimal() or now().timestamp() - int(at) > 300:
            raise Rejected("The push is too old.")


@sin("K08")
class BelievesOldPushes(EchoPushed):
    """Compares signatures, and does not look at the time."""

    def verify(self, request: WebhookRequest) -> None:
        signed = f"{request.headers.get('x-echo-time', '')}:".encode() + request.body
        right = hmac.new(self._settings.secret.reveal().encode(), signed, hashlib.sha256)
        given = request.headers.get("x-echo-signature", "").encode()
        if not hmac.compare_digest(given, right.hexdigest().encode()):
            raise Rejected("The signature is wrong.")


@sin("K04")
class TakesTheFirstOnly(EchoPushed):
    """Drops all items of a push after the first."""

    def unpack(self, request: WebhookRequest) -> Push:
        push = super().unpack(request)
        return replace(push, items=push.items[:1])


@sin("K10")
class AnswersWithAnError(EchoPushed):
    """Takes a push in, and says that it failed."""

    def unpack(self, request: WebhookRequest) -> Push:
        push = super().unpack(request)
        return replace(push, answer=replace(push.answer, status=500))


@sin("K03")
class NamesItemsByTheClock(EchoPolled):
    """Gives an item another name each time it is fetched."""

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        for item in super().receive(cursor):
            yield replace(item, external_id=f"{item.external_id}@{now().isoformat()}")


@sin("K12")
class MarksBeforeItIsStored(EchoPolled):
    """Tells the network that items are stored while it fetches them."""

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        for item in super().receive(cursor):
            self.acknowledge([item])
            yield item


@sin("K13")
class BeginsAnewAfterACut(EchoListening):
    """Listens from the beginning each time."""

    def listen(self, cursor: str | None) -> Iterator[RawItem]:
        return super().listen(None)


@sin("K01")
class TellsTheTimeOfReading(EchoPolled):
    """Puts the time at which it reads a message into it."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            replace(entry, sent_at=now()) if isinstance(entry, InboundMessage) else entry
            for entry in super().parse(raw)
        ]


@sin("K02")
class TrustsTheNetwork(EchoPolled):
    """Takes for granted that every message has a sender."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        found = super().parse(raw)
        if any(isinstance(entry, InboundMessage) for entry in found):
            assert json.loads(raw.content)["from"]["id"] is not None
        return found


@sin("K18")
class KnowsPeopleByName(EchoPolled):
    """Takes the shown name for who somebody is."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            replace(entry, sender=Address(value=entry.sender.name, name=entry.sender.name))
            if isinstance(entry, InboundMessage) and entry.sender.name
            else entry
            for entry in super().parse(raw)
        ]


@sin("K06")
class TakesItsEchoForCustomers(EchoPolled):
    """Reads our own messages as a customer's."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return super().parse(replace(raw, content=raw.content.replace(b'"echo": true', b'"e": 1')))


@sin("K16", "K17")
class ForgetsWhatWasAnswered(EchoPolled):
    """Says nothing of the conversation."""

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        return ThreadKeys()

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            replace(entry, keys=ThreadKeys(own=entry.keys.own))
            if isinstance(entry, InboundMessage)
            else entry
            for entry in super().parse(raw)
        ]


@sin("K14")
class SaysNothingOfTheUnknown(EchoPolled):
    """Ignores events it does not know without a word."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            Ignored(reason="")
            if isinstance(entry, Ignored) and "not understood" in entry.reason
            else entry
            for entry in super().parse(raw)
        ]


@sin("K20")
class ChangesNobodysMessage(EchoPolled):
    """Does not say which message is taken back."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            replace(entry, target="")
            if isinstance(entry, InboundChange) and "reaction" not in entry.kind
            else entry
            for entry in super().parse(raw)
        ]


@sin("K22")
class KnowsAsciiOnly(EchoPolled):
    """Lets every letter go that is no ASCII."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        found: list[Inbound] = []
        for entry in super().parse(raw):
            if isinstance(entry, InboundMessage):
                text = entry.text.encode("ascii", "replace").decode()
                found.append(replace(entry, text=text, visible=text))
            else:
                found.append(entry)
        return found


@sin("K23")
class FoldsEverything(EchoPolled):
    """Takes all that was written for a quote."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            replace(entry, visible="", quoted=entry.text)
            if isinstance(entry, InboundMessage) and "come" in entry.text
            else entry
            for entry in super().parse(raw)
        ]


@sin("K15", "K21")
class MakesMessagesOfEverything(EchoPolled):
    """Reads reactions, and the tests of the network, as something that a customer said."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        found: list[Inbound] = []
        for entry in super().parse(raw):
            is_reaction = isinstance(entry, InboundChange) and entry.kind == "reaction"
            is_test = isinstance(entry, Ignored) and "tried" in entry.reason
            if is_reaction or is_test:
                who = Address(value="u1", name="Ann")
                found.append(InboundMessage(external_id="x1", sender=who, text="+1", visible="+1"))
            else:
                found.append(entry)
        return found


@sin("K05", "K36")
class MakesReportsOfNothing(EchoPolled):
    """Gives reports a status that nobody knows, about something that is no text."""

    def parse(self, raw: RawItem) -> list[Inbound]:
        return [
            replace(entry, status="gone", references=(None,))  # type: ignore[arg-type]  # the sin
            if isinstance(entry, DeliveryReport)
            else entry
            for entry in super().parse(raw)
        ]
