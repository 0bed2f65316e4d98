"""The parent of a running desk: it listens, starts children, and starts them again.

It loads no plugin and opens no database, so nothing a plugin does can end it. A child that dies
of a plugin is started again without that plugin.
"""

from __future__ import annotations

import atexit
import gc
import os
import selectors
import signal
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Thread
from time import monotonic, sleep
from typing import Literal, NoReturn

from sqlalchemy.orm import configure_mappers

from deskcore import signals
from deskcore.app import create_app
from deskcore.config import Config, load_config
from deskcore.errors import ConfigError, Unavailable
from deskcore.logs import get_logger
from deskcore.plugin.recovery import Blame, explain_death, sweep
from deskcore.prepare import prepare
from deskcore.webserver import WebServer
from deskcore.worker import Worker

log = get_logger(__name__)

Kind = Literal["web", "worker"]

BACK_OFF_S = (0.2, 1.0, 2.0, 5.0, 15.0, 30.0)
GOOD_LIFE_S = 60.0  # a child that lived this long begins with a clean record
FRUITLESS_STARTS = 5  # in a row without ever being ready: then it is no use to go on
HEEDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
KILL_AFTER_S = 30.0  # longer than web and worker take to finish what they began
# A child ends with one of these when starting it again cannot help.
FATAL = frozenset({os.EX_CONFIG, os.EX_DATAERR, os.EX_UNAVAILABLE})


@dataclass(kw_only=True)
class Child:
    """One process, from its fork until it is reaped."""

    pid: int
    ready_fd: int
    born: float = field(default_factory=monotonic)
    is_ready: bool = False


@dataclass(kw_only=True)
class Place:
    """A place for one child; ``leaving`` is its predecessor until it is ready."""

    kind: Kind
    child: Child | None = None
    leaving: Child | None = None
    deaths: int = 0
    start_at: float = 0.0


class Supervisor:
    """Keeps the children of one desk alive until it is told to stop."""

    def __init__(self, config: Config, kinds: Sequence[Kind]) -> None:
        counts = {"web": config.web_children, "worker": config.worker_children}
        self._places = [Place(kind=kind) for kind in kinds for _ in range(counts[kind])]
        self._socket = listen(config) if "web" in kinds else None
        self._config = _as_listening(config, self._socket)
        self._selector = selectors.DefaultSelector()
        self._exit_code = os.EX_OK
        self._stop_by: float | None = None
        # Children end when the other end of this closes, whatever became of the parent.
        self._lifeline = os.pipe()
        self._boot = config.instance / "boot"

    def run(self) -> int:
        """Prepare, serve until SIGTERM or SIGINT, and return the exit code."""
        heard = signals.as_bytes(*HEEDED)
        self._selector.register(heard, selectors.EVENT_READ, None)
        for blame in sweep(self._boot):
            log.error("plugin left out", plugin=blame.slug, reason=blame.reason)
        configure_mappers()  # before the forks, so that its results are shared
        preparing = self._fork(lambda: prepare(self._config, self._address()))
        gc.collect()
        gc.freeze()  # what is alive now stays shared with the children
        code = self._prepared(preparing, heard)
        if code != os.EX_OK:
            return code
        while not self._is_finished():
            for key, _ in self._selector.select(self._next_look_s()):
                if key.data is None:
                    self._heed(os.read(heard, 64))
                else:
                    self._note_ready(key.data)
            self._reap()
            self._start_what_is_due()
        return self._exit_code

    def _prepared(self, pid: int, heard: int) -> int:
        """Wait for the process that prepares; it ends at once when the desk is to stop."""
        while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
            self._selector.select()
            self._heed(os.read(heard, 64))
            if self._stop_by is not None:
                os.kill(pid, signal.SIGTERM)
        code = os.waitstatus_to_exitcode(ended[1])
        if code == -signal.SIGTERM:  # whoever told all processes to stop was heard there first
            self._stop(os.EX_OK)
        return code if self._stop_by is None else os.EX_OK

    def _address(self) -> str:
        return "" if self._socket is None else f"{self._config.address}/"

    def _start_what_is_due(self) -> None:
        if self._stop_by is not None:
            return
        for place in self._places:
            if place.child is None and place.start_at <= monotonic():
                place.child = self._begin(place)

    def _begin(self, place: Place) -> Child:
        reading, writing = os.pipe()

        def live() -> None:
            os.close(reading)
            self._live(place.kind, lambda: _say_ready(writing))

        pid = self._fork(live)
        os.close(writing)
        child = Child(pid=pid, ready_fd=reading)
        self._selector.register(reading, selectors.EVENT_READ, place)
        return child

    def _fork(self, life: Callable[[], None]) -> int:
        """Make a child that lives this life; returns its process id.

        Signals wait meanwhile: the parent's handlers, which a child is born with, would swallow
        what it is told, or tell it to the parent.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)
        pid = os.fork()
        if pid == 0:
            self._become_child()
            life()
            _leave()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
        return pid

    def _become_child(self) -> None:
        """Leave everything of the parent's behind, in the child."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        # Ctrl-C reaches the whole terminal; the parent tells each child in its turn.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
        self._selector.close()
        os.close(self._lifeline[1])
        Thread(target=end_with, args=(self._lifeline[0],), name="lifeline", daemon=True).start()

    def _live(self, kind: Kind, on_ready: Callable[[], None]) -> None:
        """Be a child: build the app with its plugins, serve until told to stop."""
        app = create_app(self._config, is_marked=True, has_pages=kind == "web")
        if kind == "web" and self._socket is not None:
            WebServer(app, self._socket, self._config).run(on_ready)
        else:
            if self._socket is not None:
                self._socket.close()
            Worker(app, self._config).run(on_ready)

    def _note_ready(self, place: Place) -> None:
        """Read from a child's pipe that it is ready; when it is dead, reaping will tell."""
        for child in (place.child, place.leaving):
            if child is not None and child.ready_fd >= 0 and _is_readable(child.ready_fd):
                child.is_ready = bool(os.read(child.ready_fd, 1))
                self._forget_pipe(child)
        if place.leaving is not None and place.child is not None and place.child.is_ready:
            _tell(place.leaving, signal.SIGTERM)

    def _forget_pipe(self, child: Child) -> None:
        if child.ready_fd >= 0:
            self._selector.unregister(child.ready_fd)
            os.close(child.ready_fd)
            child.ready_fd = -1

    def _heed(self, numbers: bytes) -> None:
        for number in numbers:
            if number in {signal.SIGTERM, signal.SIGINT}:
                self._stop(os.EX_OK)
            elif number == signal.SIGHUP and self._stop_by is None:
                self._hand_over()

    def _hand_over(self) -> None:
        """Start every child anew; the old ones serve until the new ones are ready."""
        try:
            self._config = _as_listening(load_config(), self._socket)
        except ConfigError as error:
            log.warning("the old configuration stays", reason=str(error))
            return
        for place in self._places:
            if place.leaving is None and place.child is not None:
                place.leaving, place.child = place.child, None
                place.start_at = 0.0

    def _stop(self, code: int) -> None:
        if self._stop_by is not None:
            return
        self._exit_code = code
        self._stop_by = monotonic() + KILL_AFTER_S
        for child in self._children():
            _tell(child, signal.SIGTERM)

    def _reap(self) -> None:
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                break
            if pid == 0:
                break
            self._bury(pid, status)
        if self._stop_by is not None and monotonic() > self._stop_by:
            for child in self._children():
                _tell(child, signal.SIGKILL)

    def _bury(self, pid: int, status: int) -> None:
        # Always, so that no mark of a child told to stop is left to be blamed at the next start.
        blame = explain_death(self._boot, pid, status)
        for place in self._places:
            if place.leaving is not None and place.leaving.pid == pid:
                self._forget_pipe(place.leaving)
                place.leaving = None
            elif place.child is not None and place.child.pid == pid:
                child, place.child = place.child, None
                self._forget_pipe(child)
                if self._stop_by is None:
                    self._judge(place, child, status, blame)

    def _judge(self, place: Place, child: Child, status: int, blame: Blame | None) -> None:
        """Decide what a death nobody asked for leads to."""
        code = os.waitstatus_to_exitcode(status)
        log.error("child died", kind=place.kind, pid=child.pid, code=code)
        if blame is not None:
            log.error("plugin blamed", plugin=blame.slug, reason=blame.reason)
        elif code in FATAL:
            self._stop(code)
            return
        if place.leaving is not None:  # the new one failed: the old one stays
            place.child, place.leaving = place.leaving, None
            return
        if child.is_ready and monotonic() - child.born > GOOD_LIFE_S:
            place.deaths = 0
        place.deaths += 1
        if not child.is_ready and blame is None and place.deaths >= FRUITLESS_STARTS:
            log.critical("giving up: a child never became ready", kind=place.kind, code=code)
            self._stop(os.EX_SOFTWARE)
        place.start_at = monotonic() + BACK_OFF_S[min(place.deaths, len(BACK_OFF_S)) - 1]

    def _children(self) -> list[Child]:
        return [
            child
            for place in self._places
            for child in (place.child, place.leaving)
            if child is not None
        ]

    def _is_finished(self) -> bool:
        return self._stop_by is not None and not self._children()

    def _next_look_s(self) -> float | None:
        moments = [place.start_at for place in self._places if place.child is None]
        if self._stop_by is not None:
            moments = [self._stop_by]
        return max(0.0, min(moments) - monotonic()) if moments else None


def listen(config: Config) -> socket.socket:
    """Open the desk's port; raises Unavailable with a sentence when that cannot be."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(1024)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unavailable(
            f"The desk cannot listen on {config.host}, port {config.port}: {reason}. "
            "Is another one running? Choose another with DESK_PORT."
        ) from error
    return listening


def _as_listening(config: Config, listening: socket.socket | None) -> Config:
    """Return *config* with the port that was really taken, for the links in mails."""
    if listening is None:
        return config
    return config.model_copy(update={"port": listening.getsockname()[1]})


def end_with(lifeline: int) -> None:
    """Stop this process in order when the parent is gone; kill it when it does not stop."""
    os.read(lifeline, 1)
    os.kill(os.getpid(), signal.SIGTERM)
    sleep(KILL_AFTER_S)
    os.kill(os.getpid(), signal.SIGKILL)


def _leave() -> NoReturn:
    """End this process, whose work is done, without waiting for threads that plugins left."""
    atexit._run_exitfuncs()  # noqa: SLF001  the rest of Python's way out waits for every thread
    with suppress(OSError):
        sys.stdout.flush()
    os._exit(os.EX_OK)


def _tell(child: Child, number: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child.pid, number)


def _say_ready(pipe: int) -> None:
    os.write(pipe, b"!")
    os.close(pipe)


def _is_readable(pipe: int) -> bool:
    poller = selectors.PollSelector()
    poller.register(pipe, selectors.EVENT_READ)
    return bool(poller.select(0))
