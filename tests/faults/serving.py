"""The line a faulty server speaks on: read a line, say something, break off in a chosen way."""

from __future__ import annotations

import socket
import socketserver
import ssl
import threading
from contextlib import suppress
from pathlib import Path

from tests.faults.troubles import LONG_S, Trouble, Troubles


class LineEnded(Exception):
    """The conversation is over: a trouble ended it, or the client left."""


class Line:
    """One connection of a client, and the troubles planned for its server."""

    def __init__(self, connection: socket.socket, troubles: Troubles) -> None:
        self.socket = connection
        self.troubles = troubles
        self._reader = connection.makefile("rb")

    def read(self) -> bytes:
        """Return the client's next line; raises LineEnded when it has left."""
        try:
            line = self._reader.readline()
        except OSError as error:
            raise LineEnded from error
        if not line.endswith(b"\n"):
            raise LineEnded
        return line

    def say(self, words: bytes, trouble: Trouble | None = None) -> None:
        """Send an answer, cut short or late if that is the trouble."""
        if trouble is not None and trouble.how == "drop":
            raise LineEnded
        if trouble is not None and trouble.how == "late":
            self.troubles.ended.wait(trouble.seconds)
        is_cut = trouble is not None and trouble.how == "cut"
        try:
            self.socket.sendall(words[: trouble.byte] if trouble and is_cut else words)
        except OSError as error:
            raise LineEnded from error
        if is_cut:
            raise LineEnded

    def before(self, trouble: Trouble | None) -> None:
        """Break off, or fall silent, before a command is obeyed; else return at once."""
        if trouble is None:
            return
        if trouble.how == "close":
            raise LineEnded
        if trouble.how == "stall":
            self.troubles.ended.wait(LONG_S)
            raise LineEnded


class FaultyServer(socketserver.ThreadingTCPServer):
    """A server of ours on a free port of the loopback interface, with or without TLS."""

    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True

    def server_bind(self) -> None:
        """Hold little back for a client that writes faster than we read."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
        super().server_bind()

    def __init__(
        self, handler: type[socketserver.BaseRequestHandler], tls: tuple[Path, Path] | None = None
    ) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self._tls = None
        if tls is not None:
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(*tls)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    def close(self) -> None:
        """Stop listening; conversations under way end with the test."""
        self.shutdown()
        self.server_close()

    def finish_request(self, request: socket.socket, client_address: object) -> None:  # type: ignore[override]  # its stub wants a tuple
        """Encrypt in the conversation's own thread, so that a slow one delays no other."""
        with suppress(OSError):
            if self._tls is None:
                super().finish_request(request, client_address)
                return
            with self._tls.wrap_socket(request, server_side=True) as encrypted:
                super().finish_request(encrypted, client_address)
