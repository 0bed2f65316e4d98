"""A network that is listened to: one held connection, a line for each event."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, ClassVar

from deskcore.api import Inbound, InboundMessage, OutboundMessage, ThreadKeys, _, now
from deskcore.plugin import (
    AccountView,
    Capabilities,
    Channel,
    ChannelFailure,
    HealthCheck,
    Listening,
    Net,
    PartResult,
    Payload,
    PluginSettings,
    RawItem,
    Refused,
    SendResult,
    SignInFailed,
    TryLater,
    Unsure,
)

from .events import meaning
from .settings import EchoSettings
from .wire import NoAnswer, ask, authorization


class EchoListening(Channel, Listening):
    """Echo, listening: JSON over HTTP."""

    slug: ClassVar[str] = "echo_listening"
    label: ClassVar[str] = "Echo, listening"
    settings: ClassVar[type[PluginSettings]] = EchoSettings
    can: ClassVar[Capabilities] = Capabilities(
        starts=True,
        same_key_is_safe=True,
        reports=frozenset({"delivered", "read"}),
    )

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, EchoSettings):
            raise TypeError("an Echo account needs EchoSettings")
        self._settings = account.settings
        self._connection: socket.socket | None = None

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say what an event means."""
        return [meaning(raw.content)]

    def thread_keys(self, message: InboundMessage) -> ThreadKeys:
        """Give the keys that parsing found."""
        return message.keys

    def render(self, message: OutboundMessage) -> list[Payload]:
        """Make the network's form for each person."""
        if message.files:
            raise Refused(_("This network takes no files."))
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

    def listen(self, cursor: str | None) -> Iterator[RawItem]:
        """Hold the connection; a line that is not whole was cut off and comes again."""
        with self._connected(cursor) as connection, connection.makefile("rb") as lines:
            try:
                _past_head(lines)
                for line in lines:
                    number, _space, content = line.rstrip(b"\n").partition(b" ")
                    if line.endswith(b"\n") and number.isdigit():
                        yield RawItem(
                            external_id=number.decode(),
                            cursor=number.decode(),
                            received_at=now(),
                            content=content,
                        )
            except OSError as error:
                raise TryLater(_("The network broke the connection off.")) from error
        raise TryLater(_("The network ended the connection."))

    def close(self) -> None:
        """Let go of the connection; whoever waits on it wakes."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.shutdown(socket.SHUT_RDWR)

    def _connected(self, cursor: str | None) -> socket.socket:
        connection = self.net.tcp(self._settings.host, self._settings.port)
        if self._settings.encrypted:
            host = self._settings.host.strip()
            connection = self.net.tls_context().wrap_socket(connection, server_hostname=host)
        (proof,) = authorization(self._settings).values()
        question = f"GET /stream?after={cursor or 0} HTTP/1.0\r\nAuthorization: {proof}\r\n\r\n"
        connection.sendall(question.encode())
        self._connection = connection
        return connection

    def _form(self, message: OutboundMessage, text: str, part: str, to: str) -> Payload:
        form = {"ref": message.external_id, "text": text, "to": to}
        return Payload(
            part=part,
            content=json.dumps(form, sort_keys=True).encode(),
            content_type="application/json",
            recipients=(to,),
        )


def _past_head(lines: BinaryIO) -> None:
    """Read the head of the answer; raises when the network does not let us listen."""
    status = lines.readline(1000).split(b" ")[1:2]
    if status == [b"401"]:
        raise SignInFailed(_("The network does not know this token. Make a new one there."))
    if status != [b"200"]:
        raise TryLater(_("The network does not let the desk listen now."))
    while lines.readline(1000).strip():
        pass
