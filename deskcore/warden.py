"""Looks once a second at what plugins hold in this process that is everybody's."""

from __future__ import annotations

from threading import Event, Thread

from flask import Flask

from deskcore.services import held

LOOK_S = 1.0


class Warden:
    """A thread beside those that work; it asks the database nothing, which may be what is held."""

    def __init__(self, app: Flask) -> None:
        self._app = app
        self._stopping = Event()

    def start(self) -> None:
        """Look every second until the process ends."""
        Thread(target=self._watch, name="warden", daemon=True).start()

    def look(self) -> None:
        """Look once; what is found is named on its plugin's page."""
        if held.is_any_long():
            with self._app.app_context():  # whose end writes the faults down
                held.end_long()

    def _watch(self) -> None:
        while not self._stopping.wait(LOOK_S):
            self.look()
