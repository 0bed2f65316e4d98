"""A network that pushes: every body is signed, with the time, over the raw bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import ClassVar

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys, _, now
from deskcore.plugin import (
    AccountView,
    Answer,
    Capabilities,
    Channel,
    ChannelFailure,
    HealthCheck,
    Net,
    PartResult,
    Payload,
    PluginSettings,
    Push,
    Pushed,
    RawItem,
    Refused,
    Rejected,
    SendResult,
    SignInFailed,
    TextLimit,
    Unsure,
    WebhookRequest,
)

from .events import meaning, text_at
from .settings import EchoSettings
from .wire import NoAnswer, ask

_LIMIT = TextLimit(max=1000)
_OLDEST_S = 300


class EchoPushed(Channel, Pushed):
    """Echo, pushed: JSON over HTTP."""

    slug: ClassVar[str] = "echo_pushed"
    label: ClassVar[str] = "Echo, pushed"
    settings: ClassVar[type[PluginSettings]] = EchoSettings
    can: ClassVar[Capabilities] = Capabilities(
        text=_LIMIT,
        same_key_is_safe=True,
        reports=frozenset({"delivered", "read"}),
    )

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, EchoSettings):
            raise TypeError("an Echo account needs EchoSettings")
        self._settings = account.settings

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what an event means."""
        return [meaning(raw.content)]

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the network's form for each person; a text over the limit is refused whole."""
        if message.files:
            raise Refused(_("This network takes no files."))
        if len(message.text) > _LIMIT.max:
            raise Refused(_("The network takes %(most)s characters at most.", most=str(_LIMIT.max)))
        return [self._form(message, message.text, who.value, who.value) for who in message.to]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        """Send one part to one person; the network takes each key once, so a repeat is safe."""
        form = json.loads(payload.content) | {"key": f"{key}-{payload.part}"}
        committing()
        try:
            said = ask(self.net, self._settings, "/messages", json.dumps(form).encode())
        except NoAnswer as failure:
            raise Unsure(_("The line broke before the network had answered.")) from failure
        result = PartResult(status="accepted", external_id=str(said.get("id", "")))
        return SendResult(parts=dict.fromkeys(payload.recipients, result))

    def check(self) -> list[HealthCheck]:
        """Ask the network who we are; that changes nothing there."""
        name = _("Sign in at the network")
        try:
            ask(self.net, self._settings, "/me")
        except SignInFailed as failure:
            cure = _("Copy the token again from the network, under Account, Access.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        except ChannelFailure as failure:
            cure = _("Compare server and port with what the network shows under Account.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        return [HealthCheck(name=name, ok=True, message=_("The network knows this desk."))]

    def verify(self, request: WebhookRequest) -> None:
        """Believe a body that was signed with our secret within the last five minutes."""
        at = request.headers.get("x-echo-time", "")
        signed = f"{at}:".encode() + request.body
        right = hmac.new(self._settings.secret.reveal().encode(), signed, hashlib.sha256)
        given = request.headers.get("x-echo-signature", "")
        if not hmac.compare_digest(given.encode(), right.hexdigest().encode()):
            raise Rejected("The signature is wrong.")
        if not at.isascii() or not at.isdecimal() or abs(now().timestamp() - int(at)) > _OLDEST_S:
            raise Rejected("The push is too old.")

    def unpack(self, request: WebhookRequest) -> Push:
        """Take the events out; the network wants "ok" and repeats what it does not get it for."""
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        events = body.get("events") if isinstance(body, dict) else None
        items = tuple(_item(event) for event in events) if isinstance(events, list) else ()
        return Push(items=items, answer=Answer(body=b"ok"))

    def _form(self, message: OutboundMessage, text: str, part: str, to: str) -> Payload:
        form = {"ref": message.external_id, "text": text, "to": to}
        return Payload(
            part=part,
            content=json.dumps(form, sort_keys=True).encode(),
            content_type="application/json",
            recipients=(to,),
        )


def _item(event: object) -> RawItem:
    """Keep an event as it came; one without an id is known by its content."""
    content = json.dumps(event, sort_keys=True).encode()
    name = text_at(event, "id") if isinstance(event, dict) else ""
    return RawItem(
        external_id=name or hashlib.sha256(content).hexdigest(),
        cursor=None,
        received_at=now(),
        content=content,
    )
