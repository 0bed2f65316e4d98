"""The far side of the made-up networks: a real server on loopback that tests speak through."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.channels.accounts import lines


@dataclass(kw_only=True)
class Network:
    """What listens keeps its connection; what is sent and asked for is remembered."""

    door: socket.socket
    listeners: list[socket.socket] = field(default_factory=list)
    cursors: list[str] = field(default_factory=list)
    sent: list[dict[str, object]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    forgotten: list[socket.socket] = field(default_factory=list)
    turned_away: int = 0
    before_answer: Callable[[str], object] = str
    is_open: bool = True
    is_over: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        return int(self.door.getsockname()[1])

    def say(self, *things: dict[str, str]) -> None:
        """Say things to whoever listens."""
        self.say_raw(lines(*things))

    def say_raw(self, words: bytes) -> None:
        for listener in list(self.listeners):
            with suppress(OSError):
                listener.sendall(words)

    def ping(self) -> None:
        """Tell whoever listens now and then that we are there, as networks do."""
        while not self.is_over.wait(0.5):
            self.say_raw(b"ping\n")

    def drop(self) -> None:
        """Cut whoever listens off."""
        while self.listeners:
            listener = self.listeners.pop()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()

    def forget(self) -> None:
        """Say nothing more to whoever listens, without a word, as when a cable is pulled."""
        self.forgotten += self.listeners
        self.listeners.clear()

    def serve(self) -> None:
        """Answer until the socket is closed."""
        while True:
            try:
                there, _ = self.door.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(there,), daemon=True).start()

    def _answer(self, there: socket.socket) -> None:
        order, _, rest = there.makefile("rb").readline().decode().strip().partition(" ")
        if order == "LISTEN" and self.is_open:
            self.listeners.append(there)  # first: who counts cursors speaks to them then
            self.cursors.append(rest)
            return
        if order == "SEND":
            said = json.loads(rest)
            self.before_answer(said.pop("key"))
            self.sent.append(said)
            there.sendall(b"ok\n")
        elif order == "LISTEN":
            self.turned_away += 1
        elif order == "FILE":
            self.asked.append(rest)
            with suppress(OSError):
                there.sendall(self.files.get(rest, b""))
        there.close()


@contextmanager
def a_network() -> Iterator[Network]:
    """Run a network until the block ends."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        network = Network(door=listening)
        threading.Thread(target=network.serve, daemon=True).start()
        threading.Thread(target=network.ping, daemon=True).start()
        yield network
        network.is_over.set()
        with suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        network.listeners += network.forgotten
        network.drop()
