"""The fence around every call of a plugin's code: marked, timed, caught, recorded."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager, nullcontext
from contextvars import ContextVar
from functools import partial
from time import monotonic
from typing import Literal, TypeVar

from deskcore.plugin.commons import Commons
from deskcore.plugin.deadlines import Deadlines
from deskcore.plugin.faults import (
    Fault,
    FaultSink,
    LoggedFaults,
    PluginFailed,
    fault_of,
    slow_call,
    told_fault,
)
from deskcore.plugin.marks import Doing, Marks
from deskcore.plugin.rooms import Inside, NoRoom, Rooms
from deskcore.plugin.running import as_plugin
from deskcore.plugin.strikes import FAULTS_ALLOWED, SLOW_ALLOWED, SLOW_S, Strikes
from deskcore.plugin.tracing import Trace

T = TypeVar("T")

# What repeated failure leads to: a page hook pauses its plugin, and so does a page of its own, which
# may take its time, though: slow ones are only told. A hook on a message's way rests alone for a
# while; in the worker the message waits for it only a moment ("brief"), and no other message does
# while it has not come back. Where core has its own answer (channels, start) nothing more happens.
Patience = Literal["pause", "page", "rest", "brief", "endless"]

REST_S = 600.0
BRIEF_S = 0.8
_SHARED = "which everybody in the process shares. The desk put it back."


# Whether the page that is being made is to hold core's own parts alone (``?safe=1``).
parts_left_out: ContextVar[bool] = ContextVar("parts_left_out", default=False)


class Resting(Exception):
    """The call was not made: the plugin failed too often, or is left out of this page."""


class Crowded(Resting):
    """The call was not made: the plugin has all the threads that it may have."""


class Guard:
    """Calls plugins' code. Nothing but ``KeyboardInterrupt`` and core's own errors gets out.

    *scope* encloses each call: the database opens its SAVEPOINT there,
    lazily, so that a plugin's failed statement cannot spoil the transaction around it.
    """

    def __init__(
        self,
        *,
        sink: FaultSink | None = None,
        marks: Marks | None = None,
        strikes: Strikes | None = None,
        trace: Trace | None = None,
        scope: Callable[[], AbstractContextManager[object]] = nullcontext,
        stopwatch: Callable[[], float] = monotonic,
        rooms: Rooms | None = None,
    ) -> None:
        self.sink = sink or LoggedFaults()
        self._marks = marks
        self._strikes = strikes or Strikes()
        self._trace = trace
        self._scope = scope
        self._stopwatch = stopwatch
        self.commons = Commons()
        self.deadlines = Deadlines()
        self.rooms = rooms or Rooms()
        self._last_faults: dict[str, Fault] = {}
        self._pauses: dict[str, str] = {}

    def call(
        self,
        slug: str,
        place: str,
        work: Callable[[], T],
        *,
        patience: Patience = "endless",
        doing: Doing = "hook",
        through: tuple[type[Exception], ...] = (),
    ) -> T:
        """Do a piece of a plugin's work.

        Raises ``PluginFailed`` when it fails, with the fault recorded, and ``Resting`` when it
        was not tried. Exceptions of the types in *through* are answers, not failures.
        """
        if self._trace is None or not self._trace.is_asked(slug, self._stopwatch()):
            return self._call(slug, place, work, patience, doing, through)
        with self._trace.telling(slug, place, doing):
            return self._call(slug, place, work, patience, doing, through)

    def blame(self, slug: str, place: str, message: str, details: str = "") -> None:
        """Hold something against a plugin that no call of it raised; it counts as a fault."""
        self._hold_against(told_fault(slug, place, message, details), slug, "pause")

    def last_fault(self, slug: str) -> Fault | None:
        """Return what a plugin failed at last in this process."""
        return self._last_faults.get(slug)

    def pause(self, slug: str) -> None:
        """Leave a plugin's page hooks alone until this process ends."""
        self._strikes.rest(slug)

    def stop(self, slug: str, place: str, message: str) -> None:
        """Pause a plugin at once, for what only another process is free of."""
        self.blame(slug, place, message)
        self._pause(slug, message)

    def is_paused(self, slug: str) -> bool:
        """Whether the plugin's page hooks are left alone."""
        return self._strikes.is_resting(slug)

    def why_paused(self, slug: str) -> str:
        """Say why they are; empty when nobody knows."""
        return self._pauses.get(slug, "")

    def _call(
        self,
        slug: str,
        place: str,
        work: Callable[[], T],
        patience: Patience,
        doing: Doing,
        through: tuple[type[Exception], ...],
    ) -> T:
        key: Hashable = slug if patience in {"pause", "page"} else (slug, place)
        if patience != "endless" and self._strikes.is_resting(key):
            raise Resting(slug)
        if patience == "pause" and parts_left_out.get():
            raise Resting(slug)
        before = self._take_room(slug, place) if patience != "endless" else None
        slot = self._marks.enter(slug, place, doing) if self._marks else -1
        started = self._stopwatch()
        try:
            done = partial(self._done, slug, place, work)
            if patience != "brief":
                return done()
            return self.deadlines.within(slug, done, errand=place, most_hung=1, seconds=BRIEF_S)
        except through:
            raise
        except (Exception, SystemExit) as error:
            fault = fault_of(slug, place, error)
            self._hold_against(fault, key, patience)
            raise PluginFailed(fault) from error
        finally:
            if self._marks:
                self._marks.leave(slot)
            if patience != "endless":
                self.rooms.leave(slug, before)
                self._note_slow(slug, place, key, patience, self._stopwatch() - started)

    def _done(self, slug: str, place: str, work: Callable[[], T]) -> T:
        """Do it in this thread; what it changed of what everybody shares is put back."""
        try:
            with self._scope():
                return as_plugin(slug, work)
        finally:
            if changed := self.commons.restore():
                self.blame(slug, place, f"It changed {', '.join(changed)}, {_SHARED}")

    def _take_room(self, slug: str, place: str) -> Inside | None:
        try:
            return self.rooms.enter(slug, place)
        except NoRoom:
            raise Crowded(slug) from None

    def _note_slow(
        self, slug: str, place: str, key: Hashable, patience: Patience, seconds: float
    ) -> None:
        if seconds <= SLOW_S:
            return
        self.sink.record(slow_call(slug, place, seconds, allowed=SLOW_S))
        if patience != "page" and self._strikes.slow(key, seconds):
            reason = f"{SLOW_ALLOWED} calls of it took over {SLOW_S:g} seconds"
            self._leave_alone(key, slug, place, patience, reason)

    def _hold_against(self, fault: Fault, key: Hashable, patience: Patience) -> None:
        self._last_faults[fault.slug] = fault
        self.sink.record(fault)
        if patience != "endless" and self._strikes.fault(key):
            reason = f"{FAULTS_ALLOWED} faults in it"
            self._leave_alone(key, fault.slug, fault.place, patience, reason)

    def _leave_alone(
        self, key: Hashable, slug: str, place: str, patience: Patience, reason: str
    ) -> None:
        if patience in {"pause", "page"}:
            self._pause(slug, f"Paused after {reason} ({place}) within ten minutes.")
        else:
            self._strikes.rest(key, REST_S)
            self.sink.paused(slug, place, f"{place} rests: {reason} within ten minutes.")

    def _pause(self, slug: str, words: str) -> None:
        self._strikes.rest(slug)
        self._pauses[slug] = words
        self.sink.paused(slug, "", words)
