"""A small TCP proxy that can be told to cut the line, also in the middle of a message."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress

from plugins.xmpp.tests.door import Door, reset

Direction = str  # "up" is to the server, "down" is to the desk


class Proxy(Door):
    """Passes bytes on between the desk and a server; *on_ready* is told when a greeting is through."""

    def __init__(self, port: int, on_ready: Callable[[], None] = lambda: None) -> None:
        self._to = port
        self._on_ready = on_ready
        self._lock = threading.Lock()
        self._open: list[socket.socket] = []
        self._cut: tuple[Direction, bytes] | None = None
        self.cuts = 0
        self.holds = False  # lets nobody through
        self.connections = 0
        self.passed = {"up": b"", "down": b""}

    def cut_at(self, direction: Direction, mark: bytes) -> None:
        """Cut the line when *mark* would pass: what stands before it goes through, nothing else."""
        self._cut = direction, mark

    def drop(self) -> None:
        """Cut every line now, without a word."""
        with self._lock:
            lines, self._open = self._open, []
        for line in lines:
            reset(line)

    def meet(self, line: socket.socket) -> None:
        """Lead a desk to the server, unless nobody is let through or the server is away."""
        if self.holds:
            line.close()
            return
        try:
            server = socket.create_connection(("127.0.0.1", self._to), timeout=5)
        except OSError:
            line.close()
            return
        server.settimeout(None)
        with self._lock:
            self._open += [line, server]
            self.connections += 1
        self._carry(line, server)

    def _carry(self, desk: socket.socket, server: socket.socket) -> None:
        up = threading.Thread(target=self._pass_on, args=("up", desk, server), daemon=True)
        up.start()
        self._pass_on("down", server, desk)
        up.join()
        for line in (desk, server):
            with self._lock, suppress(ValueError):
                self._open.remove(line)
            line.close()

    def _pass_on(self, direction: Direction, source: socket.socket, sink: socket.socket) -> None:
        is_ready = direction == "up"
        with suppress(OSError):
            while content := source.recv(65536):
                self.passed[direction] += content
                if (at := self._mark_in(direction, content)) >= 0:
                    sink.sendall(content[:at])
                    self.cuts += 1
                    self.drop()
                    return
                sink.sendall(content)
                if not is_ready and b"handshake" in content:
                    is_ready = True
                    self._on_ready()
        with suppress(OSError):
            sink.shutdown(socket.SHUT_WR)

    def _mark_in(self, direction: Direction, content: bytes) -> int:
        if self._cut is None or self._cut[0] != direction or self._cut[1] not in content:
            return -1
        at, self._cut = content.index(self._cut[1]), None
        return at
