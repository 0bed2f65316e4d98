"""Looks once a second at what plugins hold in this process that is everybody's."""

from __future__ import annotations

import logging
import sys
import traceback
from threading import Event, Thread, active_count

from flask import Flask

from deskcore.logs import get_logger
from deskcore.plugin.faults import told_fault
from deskcore.plugin.loaded import Loaded
from deskcore.plugin.log_budget import LogBudget
from deskcore.plugin.rooms import LOST_S, Stay
from deskcore.services import held

log = get_logger(__name__)

LOOK_S = 1.0
MANY_THREADS = 50
_STUCK = (
    "It hangs: it has all the threads that the desk gives one plugin, and lets go of none. What is "
    "for it waits, all else goes on. Pausing and resuming it gives the desk fresh processes."
)
_LOST = (
    f"It has not come back for {LOST_S:g} seconds. Whoever waited is gone by now; its thread is "
    "the desk's again when it comes back, or when the plugin is paused and resumed."
)
_TOO_LOUD = "It wrote more than 1 MB of log within a minute. What was over is left out of the log."
_TOO_MANY = (
    "It runs {count} threads of its own. They end with the process: the desk replaces its processes "
    "now, unless its configuration names the plugins; then it has to be restarted."
)


class Warden:
    """A thread beside those that work; it asks the database nothing, which may be what is held."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._plugins: Loaded = app.extensions["desk_plugins"]
        self._log_budget = LogBudget(self._plugins.culprits)
        self._told_stuck: set[str] = set()
        self._told_lost: set[Stay] = set()
        self._stopping = Event()

    def start(self) -> None:
        """Look every second until the process ends."""
        for handler in logging.getLogger().handlers:
            handler.addFilter(self._log_budget)
        Thread(target=self._watch, name="warden", daemon=True).start()

    def look(self) -> None:
        """Look once; what is found is named on its plugin's page."""
        if held.is_any_long():
            with self._app.app_context():  # whose end writes the faults down
                held.end_long()
        if active_count() > MANY_THREADS:
            self._count_threads()
        self._read_log_budget()
        self._look_for_stuck()
        self._look_for_lost()
        if changed := self._plugins.guard.commons.look():
            log.warning("what everybody shares was changed and put back", changed=changed)

    def _look_for_stuck(self) -> None:
        guard = self._plugins.guard
        stuck = guard.rooms.stuck() + guard.deadlines.hanging()
        for slug in set(stuck) - self._told_stuck:
            with self._app.app_context():
                guard.sink.record(told_fault(slug, "threads", _STUCK))
        self._told_stuck = set(stuck)

    def _look_for_lost(self) -> None:
        lost = set(self._plugins.guard.rooms.lost())
        for stay in lost - self._told_lost:
            frame = sys._current_frames().get(stay.thread)  # noqa: SLF001  documented, for cases like this
            where = "".join(traceback.format_stack(frame)) if frame else ""
            with self._app.app_context():
                told = told_fault(stay.slug, stay.place, _LOST, where)
                self._plugins.guard.sink.record(told)
        self._told_lost = lost

    def _count_threads(self) -> None:
        guard = self._plugins.guard
        for slug, count in self._plugins.culprits.of_threads().items():
            if count > MANY_THREADS and not guard.is_paused(slug):
                with self._app.app_context():
                    guard.stop(slug, "threads", _TOO_MANY.format(count=count))

    def _read_log_budget(self) -> None:
        for slug in self._log_budget.overdrawn():
            with self._app.app_context():
                self._plugins.guard.blame(slug, "log", _TOO_LOUD)
        for slug, lines in self._log_budget.end_minute().items():
            log.warning("lines of a plugin were left out of the log", plugin=slug, lines=lines)

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_S):
            self.look()
