"""Foreign bytes are parsed in processes that may die of them; the worker may not.

The worker's threads must not fork, so a nursery is forked before they begin and makes parsers when
asked. A parser is kept from mail to mail; each mail raises its limit of processor time a little.
"""

from __future__ import annotations

import copyreg
import gc
import os
import pickle
import resource
import signal
import socket
import struct
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

from deskcore.domain.messages import Inbound
from deskcore.errors import DeskError
from deskcore.plugin.channel import AccountView, RawItem
from deskcore.plugin.faults import Fault, PluginFailed
from deskcore.plugin.loaded import Loaded

_KEPT = 2
_TIRED_KB = 150_000  # grown by this much since its birth
_LENGTH = struct.Struct(">Q")


def _mapping(items: dict[str, str]) -> MappingProxyType[str, str]:
    return MappingProxyType(items)


# Immutable mappings travel as copies of themselves; pickle knows only the usual kinds.
copyreg.pickle(MappingProxyType, lambda mapping: (_mapping, (dict(mapping),)))


class Unreadable(DeskError):
    """Reading the item took more time or memory than any honest one needs; its bytes are kept."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What reading one item may cost: processor time, time by the clock, address space.

    Of the last, about a third of a gigabyte is there to begin with.
    """

    cpu_s: int = 10
    patience_s: float = 30.0
    memory_bytes: int = 1536 * 1024**2


@dataclass(frozen=True, kw_only=True)
class _Task:
    """What a parser is told."""

    channel: str
    account: AccountView
    raw: RawItem


@dataclass(frozen=True, kw_only=True)
class _Done:
    """What a parser answers: what the item means, or the plugin's fault.

    ``is_tired`` says that it has grown and should not be kept.
    """

    parsed: list[Inbound]
    fault: Fault | None = None
    is_tired: bool = False


class Parsers:
    """The parsers of one worker. Make it before any thread, lock or connection of the worker."""

    def __init__(self, loaded: Loaded, limits: Limits | None = None) -> None:
        self._loaded = loaded
        self._limits = limits or Limits()
        self._nursery, theirs = socket.socketpair()
        self._idle: deque[_Parser] = deque()
        gc.collect()
        gc.freeze()  # what is alive now stays shared: collecting would write to every page
        if os.fork() == 0:
            self._nursery.close()
            _end_after(partial(_nurse, theirs, loaded, self._limits))
        theirs.close()

    def parse(self, channel: str, account: AccountView, raw: RawItem) -> list[Inbound]:
        """Say what an item means; called by any number of threads.

        Raises Unreadable when the parser died of it or did not come back, and PluginFailed, with
        the fault recorded, when the plugin raised.
        """
        task = _Task(channel=channel, account=account, raw=raw)
        done = self._ask_kept(task) or self._ask(self._fresh(), task)
        if done is None:
            raise Unreadable(
                "This could not be read: it took too much time or memory. The original is kept."
            )
        if done.fault is not None:
            self._loaded.guard.sink.record(done.fault)
            raise PluginFailed(done.fault)
        return done.parsed

    def close(self) -> None:
        """End every process; a worker that dies does the same by hanging up."""
        self._nursery.close()
        while self._idle:
            self._idle.pop().end()

    def _ask_kept(self, task: _Task) -> _Done | None:
        """Ask a parser that is there already; it may have died since, so None proves nothing."""
        try:
            return self._ask(self._idle.pop(), task)
        except IndexError:
            return None

    def _fresh(self) -> _Parser:
        return _Parser(_ask_for_one(self._nursery), self._limits.patience_s)

    def _ask(self, parser: _Parser, task: _Task) -> _Done | None:
        try:
            done = parser.ask(task)
        except (OSError, EOFError):
            parser.end()
            return None
        if done.is_tired or len(self._idle) >= _KEPT:
            parser.end()
        else:
            self._idle.append(parser)
        return done


class _Parser:
    """The worker's end of one parser."""

    def __init__(self, connection: socket.socket, patience_s: float) -> None:
        self._connection = connection
        self._connection.settimeout(patience_s)
        self._pid = int.from_bytes(_receive(connection), "big")

    def ask(self, task: _Task) -> _Done:
        _send(self._connection, pickle.dumps(task))
        # A parser that a hostile mail took over could lie here; it is no sandbox, it only dies.
        done: _Done = pickle.loads(_receive(self._connection))  # noqa: S301  from our own child
        return done

    def end(self) -> None:
        self._connection.close()
        with suppress(ProcessLookupError):
            os.kill(self._pid, signal.SIGKILL)


def _ask_for_one(nursery: socket.socket) -> socket.socket:
    nursery.sendall(b"?")
    _, descriptors, _, _ = socket.recv_fds(nursery, 1, 1)
    if not descriptors:
        raise Unreadable("Nothing can be read just now: the worker is ending.")
    return socket.socket(fileno=descriptors[0])


def _nurse(worker: socket.socket, loaded: Loaded, limits: Limits) -> None:
    """Be the nursery: make a parser whenever the worker asks, until it is gone."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # parsers are not waited for
    while worker.recv(1):
        ours, theirs = socket.socketpair()
        if os.fork() == 0:
            worker.close()
            ours.close()
            _end_after(partial(_be_parser, theirs, loaded, limits))
        theirs.close()
        socket.send_fds(worker, [b"!"], [ours.fileno()])
        ours.close()


def _be_parser(worker: socket.socket, loaded: Loaded, limits: Limits) -> None:
    """Parse what comes until the worker hangs up, or a limit ends this process."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _send(worker, os.getpid().to_bytes(8, "big"))
    born_with_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while True:
        task: _Task = pickle.loads(_receive(worker))  # noqa: S301  from our own parent
        used = resource.getrusage(resource.RUSAGE_SELF)
        seconds = int(used.ru_utime + used.ru_stime) + limits.cpu_s
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
        _send(worker, pickle.dumps(_parse(task, loaded, born_with_kb)))


def _parse(task: _Task, loaded: Loaded, born_with_kb: int) -> _Done:
    try:
        parsed = loaded.open_channel(task.channel, task.account).parse(task.raw)
    except PluginFailed as failed:
        return _Done(parsed=[], fault=failed.fault)
    grown_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - born_with_kb
    return _Done(parsed=parsed, is_tired=grown_kb > _TIRED_KB)


def _end_after(life: Callable[[], None]) -> None:
    """Live, then end this process at once: nothing of its parent may be tidied up twice."""
    try:
        life()
    except (EOFError, OSError, MemoryError):
        pass  # the other side is gone, or the limit was met: that is the end either way
    finally:
        os._exit(0)


def _send(connection: socket.socket, content: bytes) -> None:
    connection.sendall(_LENGTH.pack(len(content)))
    connection.sendall(content)


def _receive(connection: socket.socket) -> bytes:
    (length,) = _LENGTH.unpack(_exactly(connection, _LENGTH.size))
    return _exactly(connection, length)


def _exactly(connection: socket.socket, length: int) -> bytes:
    content = bytearray(length)
    view = memoryview(content)
    while view:
        count = connection.recv_into(view)
        if not count:
            raise EOFError("the other side is gone")
        view = view[count:]
    return bytes(content)
