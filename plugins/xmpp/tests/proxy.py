"""A small TCP proxy that can be told to cut the line, also in the middle of a message."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Self

_RESET = struct.pack("ii", 1, 0)
Direction = str  # "up" is to the server, "down" is to the desk


class Proxy:
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

    @property
    def port(self) -> int:
        return int(self._door.getsockname()[1])

    def cut_at(self, direction: Direction, mark: bytes) -> None:
        """Cut the line when *mark* would pass: what stands before it goes through, nothing else."""
        self._cut = direction, mark

    def cut(self) -> None:
        """Cut every line now, without a word."""
        with self._lock:
            lines, self._open = self._open, []
        for line in lines:
            _reset(line)

    def __enter__(self) -> Self:
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_ended: object) -> None:
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                desk, _ = self._door.accept()
            except OSError:
                return
            if self.holds:
                desk.close()
                continue
            try:
                server = socket.create_connection(("127.0.0.1", self._to), timeout=5)
            except OSError:
                desk.close()
                continue
            server.settimeout(None)
            with self._lock:
                self._open += [desk, server]
                self.connections += 1
            threading.Thread(target=self._carry, args=(desk, server), daemon=True).start()

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
                    self.cut()
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


def _reset(line: socket.socket) -> None:
    with suppress(OSError):
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
    with suppress(OSError):
        line.shutdown(socket.SHUT_RD)
    line.close()
