"""Looks once a second at what plugins hold in this process that is everybody's."""

from __future__ import annotations

from threading import Event, Thread, active_count

from flask import Flask

from deskcore.plugin.loaded import Loaded
from deskcore.services import held

LOOK_S = 1.0
MANY_THREADS = 50
_TOO_MANY = (
    "It runs {count} threads of its own. They end with the process: the desk replaces its processes "
    "now, unless its configuration names the plugins; then it has to be restarted."
)


class Warden:
    """A thread beside those that work; it asks the database nothing, which may be what is held."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._plugins: Loaded = app.extensions["desk_plugins"]
        self._stopping = Event()

    def start(self) -> None:
        """Look every second until the process ends."""
        Thread(target=self._watch, name="warden", daemon=True).start()

    def look(self) -> None:
        """Look once; what is found is named on its plugin's page."""
        if held.is_any_long():
            with self._app.app_context():  # whose end writes the faults down
                held.end_long()
        if active_count() > MANY_THREADS:
            self._count_threads()

    def _count_threads(self) -> None:
        guard = self._plugins.guard
        for slug, count in self._plugins.culprits.of_threads().items():
            if count > MANY_THREADS and not guard.is_paused(slug):
                with self._app.app_context():
                    guard.stop(slug, "threads", _TOO_MANY.format(count=count))

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_S):
            self.look()
