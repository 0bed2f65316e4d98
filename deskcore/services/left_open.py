"""What a plugin leaves open: a transaction whose end it forgot is ended when its call is over.

One that writes would keep everybody else from writing, and this thread from ever opening another;
one that reads keeps a connection, of which there are few.
"""

from __future__ import annotations

from types import TracebackType

from deskcore.plugin.active import plugins
from deskcore.plugin.faults import told_fault
from deskcore.services import unit
from deskcore.services.lending import Call, end
from deskcore.services.unit import Unit

_WRITING = (
    "It left a transaction open (a unit_of_work() that was entered and never left). The desk ended "
    "it; what was written in it is undone."
)
_READING = (
    "It left a session open (a reading() that was entered and never left). The desk closed it: its "
    "connection is one of few. Read what is needed and leave it before anything else is done."
)


class LeftOpen(RuntimeError):
    """A plugin's call is over, and a transaction that was begun in it is not."""


class Fence(Call):
    """A call of a plugin's code that ends what is left open in it."""

    __slots__ = ("_unit",)

    def __enter__(self) -> None:
        super().__enter__()
        self._unit = unit.current()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        left = unit.current()
        if left is not None and left is not self._unit:
            unit.abandon(left, within=self._unit)
        self._close_others()
        super().__exit__(kind, error, trace)
        if left is not self._unit and kind is None:
            raise LeftOpen(_WRITING)

    def _close_others(self) -> None:
        for session in self.opened:
            if session.in_transaction():
                end(session)
                if session.slug:
                    told = told_fault(session.slug, "session", _READING)
                    plugins().guard.sink.record(told)


def end_left(slug: str, place: str, left: Unit) -> None:
    """End what was left open where no call of a plugin is watched, and name the plugin."""
    unit.abandon(left)
    if slug:
        plugins().guard.blame(slug, place, _WRITING)
