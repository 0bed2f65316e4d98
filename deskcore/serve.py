"""The parent of a running desk: it listens, starts children, and starts them again.

It loads no plugin and opens no database, so nothing a plugin does can end it. A child that dies
of a plugin is started again without that plugin. While all is quiet it rests (``resting``).
"""

from __future__ import annotations

import gc
import os
import selectors
import signal
import socket
from collections.abc import Callable, Sequence
from importlib import import_module
from threading import Thread
from time import monotonic

from sqlalchemy import make_url
from sqlalchemy.orm import configure_mappers

from deskcore import heap, renewal, resting, signals
from deskcore.app import create_app
from deskcore.children import (
    KILL_AFTER_S,
    Child,
    Kind,
    Place,
    end_with,
    hear_ready,
    is_readable,
    leave,
    say_ready,
    tell,
)
from deskcore.config import Config, load_config
from deskcore.errors import ConfigError
from deskcore.listening import as_listening, listen
from deskcore.logs import get_logger
from deskcore.plugin.recovery import Blame, explain_death, sweep
from deskcore.prepare import prepare
from deskcore.warden import Warden
from deskcore.webserver import WebServer
from deskcore.worker import Worker

log = get_logger(__name__)

GOOD_LIFE_S = 60.0  # a child that lived this long begins with a clean record
FRUITLESS_STARTS = 5  # in a row without ever being ready: then it is no use to go on
HEEDED = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD)
START_WITHIN_S = 120.0  # a successor that needs longer hangs, in whatever its mark says
# A desk that never served ends with one of these: starting it again cannot help.
FATAL = frozenset({os.EX_CONFIG, os.EX_DATAERR, os.EX_UNAVAILABLE})
# What nearly every plugin imports, of the desk's own and of the libraries for mail: 1.4 MB that
# children share when the parent has it already.
NEEDED_BY_PLUGINS = ("deskcore.api.web", "email.generator", "imap_tools", "smtplib")


class Supervisor:
    """Keeps the children of one desk alive until it is told to stop."""

    def __init__(
        self,
        config: Config,
        places: list[Place],
        listening: socket.socket | None,
        lifeline: tuple[int, int],
    ) -> None:
        self._config = as_listening(config, listening)
        self._places = places
        self._socket = listening
        # Children end when the other end of this closes, whatever became of the parent.
        self._lifeline = lifeline
        self._selector = selectors.DefaultSelector()
        self._heard = signals.as_bytes(*HEEDED)
        self._selector.register(self._heard, selectors.EVENT_READ, None)
        self._exit_code = os.EX_OK
        self._stop_by: float | None = None
        self._may_rest = True
        self._has_served = False
        self._boot = config.instance / "boot"

    @classmethod
    def of_new(cls, config: Config, kinds: Sequence[Kind]) -> Supervisor:
        """Begin a desk: open its port, with places for children of these kinds."""
        counts = {"web": config.web_children, "worker": config.worker_children}
        places = [Place(kind=kind) for kind in kinds for _ in range(counts[kind])]
        return cls(config, places, listen(config) if "web" in kinds else None, os.pipe())

    @classmethod
    def of_resting(cls, rest: resting.Rest) -> Supervisor:
        """Be what the parent was before it rested; signals were blocked and may wait."""
        listening = None if rest.listening is None else socket.socket(fileno=rest.listening)
        supervisor = cls(rest.config, rest.places, listening, rest.lifeline)
        supervisor._has_served = True
        _share_from_here(rest.config)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
        return supervisor

    def run(self) -> int:
        """Prepare, serve until SIGTERM or SIGINT, and return the exit code."""
        for blame in sweep(self._boot):
            log.error("plugin left out", plugin=blame.slug, reason=blame.reason)
        _share_from_here(self._config)
        preparing = self._fork(lambda: prepare(self._config, self._address()))
        code = self._prepared(preparing)
        return code if code != os.EX_OK or self._stop_by is not None else self.go_on()

    def go_on(self) -> int:
        """Serve until SIGTERM or SIGINT, and return the exit code; from a rest, too."""
        while not self._is_finished():
            for key, _ in self._selector.select(self._next_look_s()):
                if key.data is None:
                    self._heed(os.read(self._heard, 64))
                else:
                    self._note_ready(key.data)
            self._reap()
            self._end_what_hangs()
            self._start_what_is_due()
            if self._quiet_s() == 0:
                self._rest()
        return self._exit_code

    def _prepared(self, pid: int) -> int:
        """Wait for the process that prepares; it ends at once when the desk is to stop."""
        while not (ended := os.waitpid(pid, os.WNOHANG))[0]:
            self._selector.select()
            self._heed(os.read(self._heard, 64))
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

    def _end_what_hangs(self) -> None:
        """End successors that never became ready; their marks say in what they were."""
        for child in self._successors():
            if monotonic() > child.born + START_WITHIN_S:
                tell(child, signal.SIGABRT)

    def _begin(self, place: Place) -> Child:
        reading, writing = os.pipe()

        def live() -> None:
            os.close(reading)
            self._live(place.kind, writing)

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
            leave()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
        return pid

    def _become_child(self) -> None:
        """Leave everything of the parent's behind, in the child."""
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1, signal.SIGCHLD):
            signal.signal(number, signal.SIG_DFL)
        # Ctrl-C reaches the whole terminal; the parent tells each child in its turn.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)
        self._selector.close()
        os.close(self._lifeline[1])
        Thread(target=end_with, args=(self._lifeline[0],), name="lifeline", daemon=True).start()

    def _live(self, kind: Kind, pipe: int) -> None:
        """Be a child: build the app with its plugins, serve until told to stop."""
        app = create_app(self._config, is_marked=True, has_pages=kind == "web")
        renewing = renewal.Renewal(app, self._boot)
        renewing.start()
        Warden(app).start()

        def on_ready() -> None:
            say_ready(pipe, renewing.generation)

        if kind == "web" and self._socket is not None:
            WebServer(app, self._socket, self._config).run(on_ready)
        else:
            if self._socket is not None:
                self._socket.close()
            Worker(app, self._config).run(on_ready)

    def _note_ready(self, place: Place) -> None:
        """Read from a child's pipe that it is ready; when it is dead, reaping will tell."""
        for child in (place.child, place.leaving):
            if child is not None and child.ready_fd >= 0 and is_readable(child.ready_fd):
                hear_ready(child)
                self._forget_pipe(child)
        if place.child is not None and place.child.is_ready:
            self._has_served = True
            place.refused = None
            place.relieve()
            if place.kind == "web":
                renewal.note_serving(self._boot, self._serving())

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
            elif number == signal.SIGUSR1:
                self._renew()

    def _hand_over(self) -> None:
        """Start every child anew; the old ones serve until the new ones are ready."""
        try:
            self._config = as_listening(load_config(), self._socket)
        except ConfigError as error:
            log.warning("the old configuration stays", reason=str(error))
            return
        for place in self._places:
            if place.leaving is None and place.child is not None:
                place.replace()

    def _renew(self) -> None:
        """Replace the children that were made with another set of plugins."""
        wanted = renewal.wanted(self._boot)
        for place in self._places:
            if wanted is not None and self._stop_by is None and place.is_outdated(wanted):
                place.wanted = wanted
                place.replace()

    def _stop(self, code: int) -> None:
        if self._stop_by is not None:
            return
        self._exit_code = code
        self._stop_by = monotonic() + KILL_AFTER_S
        for child in self._children():
            tell(child, signal.SIGTERM)

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
                tell(child, signal.SIGKILL)

    def _bury(self, pid: int, status: int) -> None:
        # Always, so that no mark of a child told to stop is left to be blamed at the next start.
        blame = explain_death(self._boot, pid, status)
        for place in self._places:
            place.draining = [child for child in place.draining if child.pid != pid]
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
        elif code in FATAL and not self._has_served:
            self._stop(code)
            return
        if place.leaving is not None:  # the new one failed: the old one stays
            # Without whoever is to blame it may live; another of the same kind would die again.
            place.refused = None if blame is not None else place.wanted
            place.child, place.leaving = place.leaving, None
            return
        if child.is_ready and monotonic() - child.born > GOOD_LIFE_S:
            place.deaths = 0
        place.deaths += 1
        # What is away comes back, and the others serve or say so meanwhile.
        is_hopeless = not child.is_ready and blame is None and code != os.EX_UNAVAILABLE
        if is_hopeless and place.deaths >= FRUITLESS_STARTS:
            log.critical("giving up: a child never became ready", kind=place.kind, code=code)
            self._stop(code if code in FATAL else os.EX_SOFTWARE)
        place.put_off()

    def _children(self) -> list[Child]:
        return [
            child
            for place in self._places
            for child in (place.child, place.leaving, *place.draining)
            if child is not None
        ]

    def _serving(self) -> list[int | None]:
        """Return the sets of plugins that pages come from: one for each web child."""
        serving = [each.leaving or each.child for each in self._places if each.kind == "web"]
        return [child.generation for child in serving if child is not None and child.is_ready]

    def _successors(self) -> list[Child]:
        """Return the children for whose being ready an older one waits."""
        waited_for = [place.child for place in self._places if place.leaving is not None]
        return [child for child in waited_for if child is not None and not child.is_ready]

    def _is_finished(self) -> bool:
        return self._stop_by is not None and not self._children()

    def _next_look_s(self) -> float | None:
        if self._stop_by is not None:
            return max(0.0, self._stop_by - monotonic())
        moments = [place.start_at for place in self._places if place.child is None]
        moments += [child.born + START_WITHIN_S for child in self._successors()]
        return max(0.0, min(moments) - monotonic()) if moments else self._quiet_s()

    def _quiet_s(self) -> float | None:
        """Return in how many seconds there is nothing to do but to watch; None while there is."""
        children = [
            place.child for place in self._places if place.leaving is None and not place.draining
        ]
        settled = [child for child in children if child is not None and child.is_ready]
        if not self._may_rest or len(settled) < len(self._places):
            return None
        return max(0.0, max(child.born for child in settled) + GOOD_LIFE_S - monotonic())

    def _rest(self) -> None:
        """Become small until something happens; returns only when something just has.

        Whoever lived this long has a clean record, so none need be remembered.
        """
        signal.pthread_sigmask(signal.SIG_BLOCK, HEEDED)
        rest = resting.Rest(
            config=self._config,
            places=[Place(kind=each.kind, child=each.child) for each in self._places],
            listening=None if self._socket is None else self._socket.fileno(),
            lifeline=self._lifeline,
        )
        if not is_readable(self._heard):
            try:
                resting.begin(rest)
            except OSError as error:
                log.warning("the parent stays as it is", reason=str(error))
                self._may_rest = False
        signal.pthread_sigmask(signal.SIG_UNBLOCK, HEEDED)


def _share_from_here(config: Config) -> None:
    """Make what is alive now stay shared with the children to come."""
    make_url(config.database).get_dialect()  # loads what SQLAlchemy knows of this one database
    heap.share()
    configure_mappers()  # before the forks, so that its results are shared
    for name in NEEDED_BY_PLUGINS:
        import_module(name)
    gc.collect()
    gc.freeze()
