"""What asking plugins costs: one hook of a page, twenty plugins that answer it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from types import ModuleType

from benchmarks.results import Result
from deskcore.domain.kinds import Category, MailboxId, TicketId
from deskcore.domain.people import UserRef
from deskcore.plugin.guard import Guard
from deskcore.plugin.hooks import Hooks
from deskcore.plugin.manager import DeskPluginManager
from deskcore.plugin.markers import hookimpl
from deskcore.plugin.marks import Marks
from deskcore.plugin.page_parts import Panel
from deskcore.plugin.parts import TicketRef

NAMES = ("hook",)
PLUGINS = 20
CALLS = 500
MAX_US = 200.0
_TICKET = TicketRef(
    id=TicketId(1), number=7, subject="Tea", category=Category.OPEN, mailbox_id=MailboxId(1)
)
_USER = UserRef(id=1, name="Eva", role="agent")


def measure(*, runs: int) -> Iterator[Result]:
    """Measure one call of ``desk_ticket_panels``, marks and guard included, and one of nobody's."""
    with TemporaryDirectory() as folder:
        marks = Marks(Path(folder))
        asked, alone = _hooks(PLUGINS, marks), _hooks(0, marks)
        took = [_microseconds(asked) for _ in range(runs)]
        yield Result(
            name="hook",
            unit="µs of the processor, 20 plugins",
            figure=median(took),
            most=MAX_US,
            spread=(min(took), max(took)),
            more={"no plugin": _microseconds(alone)},
        )
        marks.close()


def _hooks(plugins: int, marks: Marks) -> Hooks:
    manager = DeskPluginManager(Guard(marks=marks))
    for number in range(plugins):
        slug = f"plugin_{number}"
        assert manager.register(slug, _plugin(slug)) == []
    return Hooks(manager)


def _plugin(slug: str) -> ModuleType:
    module = ModuleType(slug)

    @hookimpl
    def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
        return [Panel(title=ticket.subject, body=user.name)]

    vars(module)["desk_ticket_panels"] = desk_ticket_panels
    return module


def _microseconds(hooks: Hooks) -> float:
    began = process_time()
    for _ in range(CALLS):
        hooks.ticket_panels(_TICKET, _USER)
    return (process_time() - began) / CALLS * 1_000_000
