"""What a worker and a parser say to one another.

The parser may have been taken over by the mail it read. What it answers is MessagePack, which holds
nothing but values, read strictly into our own dataclasses and bounded in size: anything else is
``BadAnswer``. What it is asked comes from the worker and may be a pickle.
"""

from __future__ import annotations

import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic

import msgspec

from deskcore.domain.messages import (
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
)
from deskcore.plugin.channel import AccountView, RawItem
from deskcore.plugin.faults import MAX_MESSAGE, MAX_TRACEBACK, Fault

_MAX_NAME = 80
_PIECE = 1024 * 1024
_LENGTH = struct.Struct(">Q")


@dataclass(frozen=True, kw_only=True)
class Life:
    """What a parser is told at its birth: which plugins to load, and what it may cost."""

    instance: Path
    plugins: tuple[str, ...]
    cpu_s: int
    memory_bytes: int
    idle_s: float


@dataclass(frozen=True, kw_only=True)
class Question:
    """An item to be read."""

    channel: str
    account: AccountView
    raw: RawItem


class BadAnswer(Exception):
    """The parser answered something else than an answer, or more than any mail can mean."""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an item means, or the plugin's fault.

    ``is_tired`` says that the parser has grown and should not be kept.
    """

    parsed: list[Inbound]
    fault: Fault | None = None
    is_tired: bool = False


class _Meaning(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One thing an item means: exactly one field is set, since types have no names here."""

    message: InboundMessage | None = None
    report: DeliveryReport | None = None
    change: InboundChange | None = None
    ignored: Ignored | None = None


class _Written(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """An answer as it is written."""

    means: tuple[_Meaning, ...] = ()
    fault: Fault | None = None
    is_tired: bool = False


def pack(answer: Answer) -> bytes:
    """Write an answer; raises ValueError or TypeError when a plugin put no plain value into it."""
    means = tuple(map(_written, answer.parsed))
    return _encoder.encode(_Written(means=means, fault=answer.fault, is_tired=answer.is_tired))


def unpack(content: bytes) -> Answer:
    """Read an answer; raises BadAnswer for any bytes that are none."""
    try:
        written = _decoder.decode(content)
    except (ValueError, RecursionError) as error:
        raise BadAnswer(f"not an answer: {type(error).__name__}") from error
    return Answer(
        parsed=[_only(meaning) for meaning in written.means],
        fault=None if written.fault is None else _cut(written.fault),
        is_tired=written.is_tired,
    )


def send(connection: socket.socket, content: bytes) -> None:
    """Send bytes with their length before them."""
    connection.sendall(_LENGTH.pack(len(content)))
    connection.sendall(content)


def receive(
    connection: socket.socket, *, most: int | None = None, deadline: float | None = None
) -> bytes:
    """Receive what ``send`` sent, all of it before *deadline* (of ``monotonic``).

    Raises EOFError when the other side is gone, OSError when it takes too long, and BadAnswer when
    it announces more than *most* bytes.
    """
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size, deadline))
    if most is not None and length > most:
        raise BadAnswer("too much")
    return bytes(_exactly(connection, length, deadline))


def _exactly(connection: socket.socket, length: int, deadline: float | None) -> bytearray:
    content = bytearray()
    while len(content) < length:
        if deadline is not None:
            left_s = deadline - monotonic()
            if left_s <= 0:
                raise TimeoutError("the other side takes too long")
            connection.settimeout(left_s)
        piece = connection.recv(min(_PIECE, length - len(content)))
        if not piece:
            raise EOFError("the other side is gone")
        content += piece
    return content


def _written(entry: Inbound) -> _Meaning:
    match entry:
        case InboundMessage():
            return _Meaning(message=entry)
        case DeliveryReport():
            return _Meaning(report=entry)
        case InboundChange():
            return _Meaning(change=entry)
        case Ignored():
            return _Meaning(ignored=entry)


def _only(meaning: _Meaning) -> Inbound:
    said = (meaning.message, meaning.report, meaning.change, meaning.ignored)
    found: list[Inbound] = [one for one in said if one is not None]
    if len(found) != 1:
        raise BadAnswer("an entry that is not one thing")
    return found[0]


def _cut(fault: Fault) -> Fault:
    return replace(
        fault,
        place=fault.place[:_MAX_NAME],
        digest=fault.digest[:_MAX_NAME],
        message=fault.message[:MAX_MESSAGE],
        traceback=fault.traceback[:MAX_TRACEBACK],
    )


def _plainly(value: object) -> object:
    """Write what the format does not know by itself: mappings of any kind, and kinds of text."""
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, str):
        return str(value)
    raise TypeError(f"no plain value: {type(value).__name__}")


_encoder = msgspec.msgpack.Encoder(enc_hook=_plainly)
_decoder = msgspec.msgpack.Decoder(_Written)
