"""Sins in what goes out, in settings and in how secrets are kept."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from deskcore.api import OutboundMessage, now
from deskcore.plugin import (
    Capabilities,
    HealthCheck,
    PartResult,
    Payload,
    Refused,
    SendResult,
    SignInFailed,
    TextLimit,
    TryLater,
    Unsure,
)
from tests.channels.echo_listening.channel import EchoListening
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.echo_polled.wire import ask
from tests.channels.echo_pushed.channel import EchoPushed
from tests.saboteurs.sin import sin

log = logging.getLogger(__name__)
Committing = Callable[[], None]


@sin("K30")
class RendersTheTime(EchoListening):
    """Puts the time of rendering into the message."""

    def render(self, message: OutboundMessage) -> list[Payload]:
        return [
            replace(payload, content=_with(payload, at=now().isoformat()))
            for payload in super().render(message)
        ]


@sin("K24")
class SplitsByLen(EchoPolled):
    """Counts characters where the network counts UTF-16."""

    def render(self, message: OutboundMessage) -> list[Payload]:
        if message.files:
            raise Refused("This network takes no files.")
        parts = [message.text[at : at + 500] for at in range(0, len(message.text), 500)]
        return [
            self._form(message, text, f"{who.value}:{number}/{len(parts)}", who.value)
            for who in message.to
            for number, text in enumerate(parts or [""], start=1)
        ]


@sin("K24")
class TakesMoreThanItClaims(EchoPushed):
    """Sends a text that is over its own limit."""

    can: ClassVar[Capabilities] = replace(EchoPushed.can, text=TextLimit(max=100))


@sin("K28")
class LosesFiles(EchoListening):
    """Sends the words, and says nothing of the files."""

    def render(self, message: OutboundMessage) -> list[Payload]:
        return super().render(replace(message, files=()))


@sin("K31", "K32")
class LeavesTheKeyOut(EchoPolled):
    """Claims that a key is sent once, and gives the network none."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        return super().send(payload, key=now().isoformat(), committing=committing)


@sin("K32")
class CommitsAfterSending(EchoPolled):
    """Tells the desk that the message leaves when it is there."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        result = super().send(payload, key=key, committing=lambda: None)
        committing()
        return result


@sin("K33")
class SwallowsPatience(EchoPolled):
    """Takes 429 for sent."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        try:
            return super().send(payload, key=key, committing=committing)
        except Unsure:
            raise
        except TryLater as failure:
            if failure.after is None:
                raise
            result = PartResult(status="accepted")
            return SendResult(parts=dict.fromkeys(payload.recipients, result))


@sin("K33")
class ForgetsHowLong(EchoPolled):
    """Tries later, and does not pass on how much later."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        try:
            return super().send(payload, key=key, committing=committing)
        except Unsure:
            raise
        except TryLater as failure:
            raise TryLater(str(failure)) from failure


@sin("K34")
class RetriesRefusals(EchoPolled):
    """Takes 400 for trouble that passes."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        try:
            return super().send(payload, key=key, committing=committing)
        except Refused as failure:
            raise TryLater(str(failure)) from failure


@sin("K34")
class TriesAgainByItself(EchoPolled):
    """Repeats what was lost, at once."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        try:
            return super().send(payload, key=key, committing=committing)
        except Unsure:
            return super().send(payload, key=key, committing=lambda: None)


@sin("K34")
class TakesWrongTokensForRefusals(EchoPolled):
    """Gives a message up because the token has ended."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        try:
            return super().send(payload, key=key, committing=committing)
        except SignInFailed as failure:
            raise Refused(str(failure)) from failure


@sin("K36")
class ClaimsTooLittle(EchoPolled):
    """Gives reports that it does not claim."""

    can: ClassVar[Capabilities] = replace(EchoPolled.can, reports=frozenset({"bounced"}))


@sin("K43")
class LogsItsToken(EchoPolled):
    """Writes the header with the token into the log."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        log.debug("sending with %s", self._settings.token.reveal())
        return super().send(payload, key=key, committing=committing)


@sin("K43")
class PutsTheTokenIntoTheAddress(EchoPolled):
    """Asks for an address that has the token in it."""

    def check(self) -> list[HealthCheck]:
        found = super().check()
        try:
            ask(self.net, self._settings, f"/me?token={self._settings.token.reveal()}")
        except SignInFailed:
            return found
        return found


@sin("K43")
class ShowsItsSecret(EchoPolled):
    """Has the token in its text."""

    def __repr__(self) -> str:
        return f"<{self.slug} {self._settings.token.reveal()}>"


@sin("K44")
class WritesWhenTested(EchoPolled):
    """Sends a message to try the connection."""

    def check(self) -> list[HealthCheck]:
        found = super().check()
        if all(each.ok for each in found):
            ask(self.net, self._settings, "/messages", b'{"key": "test", "text": "Test"}')
        return found


@sin("K44")
class SaysNotWhatToDo(EchoPolled):
    """Says that something is wrong, and no more."""

    def check(self) -> list[HealthCheck]:
        return [replace(each, cure="") for each in super().check()]


@sin("K40")
class ForgetsWhatBecameOfIt(EchoPolled):
    """Says that a message was refused which the network took."""

    def send(self, payload: Payload, *, key: str, committing: Committing) -> SendResult:
        result = super().send(payload, key=key, committing=committing)
        refused = PartResult(status="refused", detail="No.")
        return replace(result, parts=dict.fromkeys(result.parts, refused))


@sin("K54")
class NamesNothing(EchoPolled):
    """Does not say what a test has looked at."""

    def check(self) -> list[HealthCheck]:
        return [replace(each, name="") for each in super().check()]


def _with(payload: Payload, **more: str) -> bytes:
    return json.dumps(json.loads(payload.content) | more, sort_keys=True).encode()
