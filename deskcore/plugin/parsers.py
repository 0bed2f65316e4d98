"""Foreign bytes are parsed in processes that may die of them; the worker may not.

A parser is a small interpreter of its own (``reader``), started when there is something to read and
kept from mail to mail; each mail raises its limit of processor time a little. One that has nothing
to read for a while ends by itself.
"""

from __future__ import annotations

import os
import pickle
import socket
import subprocess
import sys
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Semaphore
from time import monotonic

from deskcore.domain.messages import Inbound
from deskcore.errors import DeskError
from deskcore.logs import get_logger
from deskcore.plugin import dialogue
from deskcore.plugin.channel import AccountView, RawItem
from deskcore.plugin.dialogue import Answer, BadAnswer, Life, Question
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.loaded import Loaded

log = get_logger(__name__)

_PROGRAM = "deskcore.plugin.reader"
# For each plugin, or what one cannot read would keep others' messages waiting. Each weighs 40 MB;
# a mail takes milliseconds, so that threads hardly wait.
_AT_ONCE = 2
_BIRTH_S = 60.0  # starting an interpreter on a machine that has other things to do
# What texts of a message may weigh: four of two million characters. Files are in the item.
_MOST_TEXT = 64 * 1024**2
# A parser sees nothing else of the desk's environment, where passwords may be.
_ENVIRONMENT = frozenset({"PATH", "LANG", "LC_ALL", "TZ", "LD_LIBRARY_PATH"})


class Unreadable(DeskError):
    """Reading the item took more time or memory than any honest one needs; its bytes are kept."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """What reading one item may cost: processor time, time by the clock, address space.

    ``idle_s`` is how long a parser waits for another item before it ends.
    """

    cpu_s: int = 10
    patience_s: float = 30.0
    memory_bytes: int = 1536 * 1024**2
    idle_s: float = 5.0


class Parsers:
    """The parsers of one worker, which may have threads by then: nothing is forked."""

    def __init__(self, loaded: Loaded, limits: Limits | None = None) -> None:
        self._loaded = loaded
        self._limits = limits or Limits()
        self._idle: deque[_Parser] = deque()
        self._rooms: dict[str, Semaphore] = {}

    def parse(self, channel: str, account: AccountView, raw: RawItem) -> list[Inbound]:
        """Say what an item means; called by any number of threads.

        Raises Unreadable when the parser died of it, did not come back or answered nonsense, and
        PluginFailed, with the fault recorded, when the plugin raised.
        """
        plain = replace(raw, meta=dict(raw.meta))
        question = pickle.dumps(Question(channel=channel, account=account, raw=plain))
        most = 2 * len(raw.content) + _MOST_TEXT
        plugin = self._loaded.channel_kind(channel).slug
        with self._rooms.setdefault(plugin, Semaphore(_AT_ONCE)):
            answer = self._ask(question, most)
        if answer is None:
            raise Unreadable(
                "This could not be read: it took too much time or memory. The original is kept."
            )
        if answer.fault is not None:
            fault = replace(answer.fault, slug=plugin)
            self._loaded.guard.sink.record(fault)
            raise PluginFailed(fault)
        return answer.parsed

    def look(self) -> None:
        """Let go of what has ended by itself, or it would stay in the table of processes."""
        with suppress(IndexError):
            for _ in range(len(self._idle)):
                parser = self._idle.popleft()
                if parser.is_alive():
                    self._idle.append(parser)
                else:
                    parser.end()

    def close(self) -> None:
        """End every parser; one whose worker died notices by itself."""
        while self._idle:
            self._idle.pop().end()

    def _ask(self, question: bytes, most: int) -> Answer | None:
        """Ask a parser; None when it was lost over this item."""
        parser, is_kept = self._taken()
        try:
            answer = parser.ask(question, most)
        except (OSError, EOFError, BadAnswer) as error:
            code = parser.end()
            if is_kept and code == os.EX_OK:  # it had waited long enough just then
                return self._ask(question, most)
            log.warning("a parser was lost", reason=str(error), code=code)
            return None
        if answer.is_tired:
            parser.end()
        else:
            self._idle.append(parser)
        return answer

    def _taken(self) -> tuple[_Parser, bool]:
        """Take a parser that is there already, or else a fresh one; says whether it was there."""
        with suppress(IndexError):
            while True:
                kept = self._idle.pop()
                if kept.is_alive():
                    return kept, True
                kept.end()
        return self._fresh(), False

    def _fresh(self) -> _Parser:
        life = Life(
            instance=self._loaded.boot.parent,
            plugins=self._loaded.channel_plugins(),
            cpu_s=self._limits.cpu_s,
            memory_bytes=self._limits.memory_bytes,
            idle_s=self._limits.idle_s,
        )
        return _Parser(pickle.dumps(life), self._limits.patience_s)


class _Parser:
    """The worker's end of one parser."""

    def __init__(self, life: bytes, patience_s: float) -> None:
        self._life = life
        self._patience_s = patience_s
        self._is_born = False
        self._connection, theirs = socket.socketpair()
        kept = {name: value for name, value in os.environ.items() if name in _ENVIRONMENT}
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", _PROGRAM, str(theirs.fileno())],
                env={**kept, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,  # an error there may quote the mail
            )

    def ask(self, question: bytes, most: int) -> Answer:
        """Have one item read; raises OSError, EOFError or BadAnswer when nothing good comes."""
        if not self._is_born:
            self._hear(self._life, most, _BIRTH_S)
            self._is_born = True
        return dialogue.unpack(self._hear(question, most, self._patience_s))

    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def end(self) -> int:
        """End the process, whatever it is doing; returns its exit code, as ``subprocess`` does."""
        self._connection.close()
        self._process.kill()
        return self._process.wait()

    def _hear(self, said: bytes, most: int, patience_s: float) -> bytes:
        deadline = monotonic() + patience_s
        self._connection.settimeout(patience_s)
        dialogue.send(self._connection, said)
        return dialogue.receive(self._connection, most=most, deadline=deadline)
