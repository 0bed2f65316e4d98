"""imap-tools over a socket of the desk's own: guarded, encrypted, with an IDLE that misses nothing."""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from imap_tools import BaseMailBox
from imap_tools.idle import IdleManager

from deskcore.api import _
from deskcore.plugin import Net
from plugins.email.connect import NoTls, Server, open_socket, refuse_line_breaks, tls_failures

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

COMMAND_TIMEOUT_S = 60.0


class GuardedImap(imaplib.IMAP4):
    """The standard client, but sockets come from ``Net`` and no argument can break its line."""

    def __init__(self, net: Net, server: Server) -> None:
        self._net = net
        self._server = server
        super().__init__(server.host, server.port)
        if server.security == "starttls":
            self._upgrade()

    def send(self, data: ReadableBuffer) -> None:
        """Write one line; everything imaplib sends here passes, arguments included."""
        refuse_line_breaks(bytes(data).removesuffix(b"\r\n"))
        super().send(data)

    def _create_socket(self, timeout: float | None) -> socket.socket:  # its seam
        connection = open_socket(self._net, self._server)
        connection.settimeout(COMMAND_TIMEOUT_S)
        return connection

    def _upgrade(self) -> None:
        """Encrypt, or close: there is no way back to plain text."""
        try:
            with tls_failures(self._server):
                self.starttls(self._net.tls_context(verify=self._server.verify))
        except self.error as error:
            raise NoTls(
                _("%(host)s does not offer STARTTLS on this port.", host=self._server.host)
            ) from error
        finally:
            if not self._tls_established:
                with suppress(OSError):
                    self.shutdown()


class CarefulIdle(IdleManager):
    """IDLE that neither trips over news before its start nor leaves news in a buffer."""

    def start(self) -> None:
        """Begin; untagged lines may come before the continuation (RFC 3501 section 7)."""
        client = self.mailbox.client
        client.untagged_responses.pop("EXISTS", None)
        self._idle_tag = client._command("IDLE")  # noqa: SLF001  # as imap-tools does
        while client._get_response() is not None:  # noqa: SLF001  no other way
            if client.tagged_commands[self._idle_tag]:
                raise client.error("IDLE refused")

    def news(self, timeout_s: float) -> bool:
        """Wait until a message has been added; False when the time is over."""
        if self.mailbox.client.untagged_responses.get("EXISTS"):
            return True
        deadline = monotonic() + timeout_s
        lines = self._waiting_lines()
        while not any(line.upper().endswith((b" EXISTS", b" RECENT")) for line in lines):
            left_s = deadline - monotonic()
            if left_s <= 0:
                return False
            lines = self.poll(left_s)
            if not lines and monotonic() < deadline:
                raise self.mailbox.client.abort("the line is dead")
        return True

    def _waiting_lines(self) -> list[bytes]:
        """Read lines that came in one piece with the continuation: ``poll`` cannot see those."""
        client, lines = self.mailbox.client, []
        client.sock.settimeout(0)
        try:
            while client.file.peek(1):
                lines.append(client._get_line())  # noqa: SLF001  as above
        except (BlockingIOError, ssl.SSLWantReadError):
            pass  # nothing more for now
        finally:
            client.sock.settimeout(COMMAND_TIMEOUT_S)
        return lines


class DeskMailBox(BaseMailBox):
    """The mailbox of imap-tools, on the desk's own client."""

    idle_manager_class = CarefulIdle

    def __init__(self, net: Net, server: Server) -> None:
        self._net = net
        self._server = server
        super().__init__()

    def _get_mailbox_client(self) -> GuardedImap:
        return GuardedImap(self._net, self._server)
