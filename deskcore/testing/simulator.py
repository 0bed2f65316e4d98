"""A real HTTP server on a loopback port that answers as told, and fails as told.

A channel's far side in tests: subclass ``Simulator`` and answer in ``answer``. What goes wrong is
planned with ``fail``: each fault meets one request, in order.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from email.utils import format_datetime
from typing import Literal, Self
from urllib.parse import parse_qsl, urlsplit

from deskcore.clock import now
from deskcore.testing.contract import Trouble

# reset: the line breaks before the request is read. lost: it breaks after the request was obeyed.
# half: obeyed, and half of the answer comes. delay: obeyed, answered late. answer: not obeyed, says
# what the fault holds instead. duplicate: what is asked for comes twice.
How = Literal["reset", "lost", "half", "delay", "answer", "duplicate"]

_RESET_AT_CLOSE = struct.pack("ii", 1, 0)  # SO_LINGER without waiting: the peer sees a reset
_LONGEST_LINE = 65536


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request as it came."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes = b""

    def json(self) -> dict[str, object]:
        """Return the body as an object; empty when it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, kw_only=True)
class Reply:
    """An answer; with *lines* it is one that goes on, line by line, until the server ends it."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    lines: Iterator[bytes] | None = None


def reply_json(content: object, status: int = 200) -> Reply:
    """Answer with JSON."""
    return Reply(
        status=status,
        body=json.dumps(content).encode(),
        headers={"Content-Type": "application/json"},
    )


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One thing that goes wrong with a request whose path starts with *path*."""

    how: How
    path: str = "/"
    reply: Reply = field(default_factory=Reply)
    seconds: float = 0.0


def too_many(seconds: int, *, as_date: bool = False) -> Fault:
    """Say 429 with ``Retry-After``, in seconds or as a date (RFC 9110, 10.2.3)."""
    after = str(seconds)
    if as_date:
        at = now().astimezone(UTC).replace(microsecond=0) + timedelta(seconds=seconds)
        after = format_datetime(at, usegmt=True)
    return Fault(how="answer", reply=Reply(status=429, headers={"Retry-After": after}))


def says(status: int, body: bytes = b"", content_type: str = "application/json") -> Fault:
    """Say something else than the request deserves."""
    headers = {"Content-Type": content_type}
    return Fault(how="answer", reply=Reply(status=status, body=body, headers=headers))


_PATIENCE_S = 40
_TROUBLES: Mapping[Trouble, Callable[[], Fault]] = {
    "busy": lambda: too_many(_PATIENCE_S),
    "busy_date": lambda: too_many(_PATIENCE_S, as_date=True),
    "error": lambda: says(500, b"<h1>Internal Server Error</h1>", "text/html"),
    "reset": lambda: Fault(how="reset"),
    "half": lambda: Fault(how="half"),
    "nonsense": lambda: says(200, b"<html>Down for maintenance</html>", "text/html"),
    "refused": lambda: says(400, b'{"error": "this message is not allowed"}'),
    "denied": lambda: says(401, b'{"error": "who are you?"}'),
    "lost": lambda: Fault(how="lost"),
}


class Simulator:
    """The server; use it as a context manager. Every request is remembered in ``requests``."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.faults: deque[Fault] = deque()
        self.sending_path = "/"
        self.lock = threading.RLock()
        self._open: list[socket.socket] = []
        self._ended = threading.Event()

    def answer(self, request: Request) -> Reply:
        """Obey a request; subclasses say how."""
        raise NotImplementedError

    def fail(self, *faults: Fault) -> None:
        """Plan faults; each meets the next request that fits it."""
        with self.lock:
            self.faults.extend(faults)

    def plan(self, trouble: Trouble) -> bool:
        """Have this go wrong at the next attempt to send (``FarSide``)."""
        self.fail(replace(_TROUBLES[trouble](), path=self.sending_path))
        return True

    @property
    def asked(self) -> int:
        """How often it was asked or told anything."""
        return len(self.requests)

    @property
    def changes(self) -> int:
        """How many requests may have changed something here."""
        return sum(request.method not in {"GET", "HEAD"} for request in self.requests)

    @property
    def addresses(self) -> Sequence[str]:
        """Every path and query that was asked for."""
        return [f"{request.path} {dict(request.query)}" for request in self.requests]

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._door.getsockname()[1])

    def drop(self) -> None:
        """Cut off whoever is connected."""
        with self.lock:
            connections, self._open = self._open, []
        for connection in connections:
            _reset(connection)

    def __enter__(self) -> Self:
        self._door = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_ended: object) -> None:
        self._ended.set()
        with suppress(OSError):
            self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        self.drop()

    def _serve(self) -> None:
        while not self._ended.is_set():
            try:
                connection, _ = self._door.accept()
            except OSError:
                return
            with self.lock:
                self._open.append(connection)
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):
            request = _read(connection)
            if request is not None:
                self._answer(connection, request)
        with self.lock, suppress(ValueError):
            self._open.remove(connection)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()

    def _answer(self, connection: socket.socket, request: Request) -> None:
        with self.lock:
            fault = self._next_fault(request)
            self.requests.append(request)
        if fault is None:
            self._say(connection, self.answer(request))
            return
        if fault.how == "reset":
            _reset(connection)
        elif fault.how == "answer":
            self._say(connection, fault.reply)
        else:
            reply = self.answer(request)
            if fault.how == "duplicate":
                reply = self.answer(request)
            if fault.how == "lost":
                _reset(connection)
                return
            if fault.how == "delay":
                self._ended.wait(fault.seconds)
            said = _said(reply)
            connection.sendall(said[: len(said) // 2] if fault.how == "half" else said)

    def _next_fault(self, request: Request) -> Fault | None:
        for fault in self.faults:
            if request.path.startswith(fault.path):
                self.faults.remove(fault)
                return fault
        return None

    def _say(self, connection: socket.socket, reply: Reply) -> None:
        if reply.lines is None:
            connection.sendall(_said(reply))
            return
        connection.sendall(f"HTTP/1.0 {reply.status} ok\r\n\r\n".encode())
        for line in reply.lines:
            connection.sendall(line)


def _said(reply: Reply) -> bytes:
    headers = {**reply.headers, "Content-Length": str(len(reply.body)), "Connection": "close"}
    lines = [f"HTTP/1.1 {reply.status} so", *(f"{name}: {text}" for name, text in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode() + reply.body


def _read(connection: socket.socket) -> Request | None:
    with connection.makefile("rb") as stream:
        method, _, rest = stream.readline(_LONGEST_LINE).decode().strip().partition(" ")
        if not method:
            return None
        headers: dict[str, str] = {}
        while line := stream.readline(_LONGEST_LINE).decode("latin-1").strip():
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        url = urlsplit(rest.rpartition(" ")[0] or rest)
        return Request(
            method=method,
            path=url.path,
            query=dict(parse_qsl(url.query)),
            headers=headers,
            body=stream.read(int(headers.get("content-length", "0"))),
        )


def _reset(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_AT_CLOSE)
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RD)
    connection.close()
