"""Two channels of made-up networks: ``chat`` pushes and keeps files, ``feed`` is listened to.

Both speak lines of JSON: id, from, name, text, conversation; or kind, target and content of a
change; or status and target of a report; or file, the name of one that the far side keeps. ``chat``
signs its pushes with HMAC-SHA256. Pushes can ask for faults by name.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta

from deskcore.api import (
    Address,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    OutboundMessage,
    ThreadKeys,
    now,
)
from deskcore.plugin import (
    Alive,
    Answer,
    AttachmentRef,
    Capabilities,
    Channel,
    Fetching,
    HealthCheck,
    Listening,
    PartResult,
    Payload,
    PluginSettings,
    Push,
    Pushed,
    RawItem,
    Refused,
    Rejected,
    Secret,
    SendResult,
    TryLater,
    WebhookRequest,
    hookimpl,
    setting,
)


class ChatSettings(PluginSettings):
    secret: Secret = setting("Signing secret")
    host: str = setting("Server", default="127.0.0.1")
    port: int = setting("Port", default=0, min=0, max=65535)


class Lines(Channel):
    """What both have in common."""

    settings = ChatSettings
    can = Capabilities(reports=frozenset({"delivered", "read"}))
    people = "handle"

    def parse(self, raw: RawItem) -> list[Inbound]:
        try:
            said = json.loads(raw.content)
            return [_meaning(said)]
        except (ValueError, KeyError, TypeError) as error:
            return [Ignored(reason=f"not understood: {error}")]

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        to = tuple(who.value for who in message.to)
        words = {"to": to, "text": message.text, "conversation": message.conversation}
        return [Payload(part="all", content=json.dumps(words).encode(), recipients=to)]

    def send(self, payload: Payload, *, key: str, committing: Callable[[], None]) -> SendResult:
        with self._connected() as there:
            committing()
            words = json.loads(payload.content) | {"key": key}
            there.sendall(f"SEND {json.dumps(words)}\n".encode())
            there.recv(100)
        result = PartResult(status="accepted", external_id=f"sent-{key}")
        return SendResult(parts=dict.fromkeys(payload.recipients, result))

    def check(self) -> list[HealthCheck]:
        well = self._settings.secret.reveal() != "wrong"
        return [HealthCheck(name="Secret", ok=well, message="Looked at.", cure="Copy it again.")]

    @property
    def _settings(self) -> ChatSettings:
        assert isinstance(self.account.settings, ChatSettings)
        return self.account.settings

    def _connected(self) -> socket.socket:
        return self.net.tcp(self._settings.host, self._settings.port)


class Chat(Lines, Pushed, Fetching):
    slug = "chat"
    label = "Chat"

    def verify(self, request: WebhookRequest) -> None:
        if request.query.get("challenge") and request.query.get("token") == self._secret():
            return
        right = hmac.new(self._secret().encode(), request.body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(request.headers.get("x-signature", ""), right):
            raise Rejected("The signature is wrong.")

    def unpack(self, request: WebhookRequest) -> Push:
        if challenge := request.query.get("challenge"):
            return Push(items=(), answer=Answer(body=challenge.encode(), content_type="text/html"))
        if b"please fail" in request.body:
            raise RuntimeError("a bug")
        lines = request.body.splitlines()
        items = tuple(_item(line, number) for number, line in enumerate(lines))
        return Push(items=items, answer=Answer(status=202, body=b"ok"))

    def fetch(self, ref: AttachmentRef) -> Iterator[bytes]:
        if ref.ref == "gone":
            raise Refused("The network does not keep this file any more.")
        with self._connected() as there:
            there.sendall(b"FILE " + ref.ref.encode() + b"\n")
            try:
                while chunk := there.recv(65536):
                    yield chunk
            except OSError as error:
                raise TryLater("The file stopped coming.") from error

    def _secret(self) -> str:
        return self._settings.secret.reveal()


class AppChat(Chat):
    """The same for an app whose accounts share one address."""

    slug = "app_chat"
    label = "App chat"
    scope = "app"

    @classmethod
    def route(cls, request: WebhookRequest) -> str | None:
        return "" if "challenge" in request.query else request.headers.get("x-account")


class Feed(Lines, Listening):
    slug = "feed"
    label = "Feed"
    silence = timedelta(seconds=3)
    _connection: socket.socket | None = None

    def listen(self, cursor: str | None) -> Iterator[RawItem | Alive]:
        self._connection = there = self._connected()
        there.sendall(f"LISTEN {cursor or ''}\n".encode())
        there.settimeout(None)
        yield Alive()
        with there, there.makefile("rb") as lines:
            for line in lines:
                if line == b"ping\n":
                    yield Alive()
                elif line == b"bug\n":
                    raise RuntimeError("a bug")
                elif line.endswith(b"\n"):
                    item = _item(line, 0)
                    yield RawItem(
                        external_id=item.external_id,
                        cursor=item.external_id,
                        received_at=item.received_at,
                        content=item.content,
                    )

    def close(self) -> None:
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)


def _item(line: bytes, number: int) -> RawItem:
    try:
        name = str(json.loads(line)["id"])
    except (ValueError, KeyError, TypeError):
        name = f"{hashlib.sha256(line).hexdigest()}:{number}"
    return RawItem(external_id=name, cursor=None, received_at=now(), content=line)


def _meaning(said: dict[str, str]) -> Inbound:
    sender = Address(value=said.get("from", ""), name=said.get("name", ""))
    if "status" in said:
        return DeliveryReport(status=said["status"], references=(said["target"],))
    if "kind" in said:
        content = said.get("content", "")
        return InboundChange(
            kind=said["kind"], target=said["target"], content=content, sender=sender
        )
    file = said.get("file")
    return InboundMessage(
        external_id=said["id"],
        sender=sender,
        text=said["text"],
        visible=said["text"],
        awaited=(AttachmentRef(ref=file, filename=f"{file}.txt"),) if file else (),
        keys=ThreadKeys(own=said["id"], conversation=said.get("conversation")),
    )


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Chat, AppChat, Feed]
