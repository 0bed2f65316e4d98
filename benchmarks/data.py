"""The desks that are measured: made once, kept in a folder, copied for each measurement.

Three of the five mailboxes are open to the agent who asks; a ticket with exactly ten messages is
remembered.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.stories import ONE_PERCENT, RARE, furnished_stories
from deskcore import clock
from deskcore.app import create_app
from deskcore.cli.demo_bulk import MAILBOXES
from deskcore.config import Config, load_config
from deskcore.domain.kinds import Category
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.models import Mailbox, Ticket
from deskcore.prepare import upgrade_database, without_plugins
from deskcore.samples import filling
from deskcore.services import counters, invitations, setup, teams
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading, unit_of_work

EDITION = 2  # another number makes every desk anew
COLLEAGUES = 20
SEEN_MAILBOXES = 3
LONG = 10
AGENT = "agent@bench.example"
PASSWORD = "seven wet umbrellas"  # noqa: S105  of made-up people
_FACTS = "facts.json"


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What a measurement wants to know of its data."""

    tickets: int
    messages: int
    ten_messages: int
    rare: str = RARE
    one_percent: str = ONE_PERCENT
    agent: str = AGENT
    password: str = PASSWORD


@dataclass(frozen=True, kw_only=True)
class DeskData:
    """A filled desk: its folder, the URL of its database, and facts about it."""

    instance: Path
    database_url: str
    facts: Facts


def desk_of(tickets: int, folder: Path, *, database_url: str = "") -> DeskData:
    """Return the kept desk of this size, made now when there is none.

    With *database_url* its rows are in that (empty) database, which is filled every time.
    """
    name = f"{EDITION}-{tickets}"
    if not database_url:
        kept = folder / name
        if not (kept / _FACTS).exists():
            shutil.rmtree(kept, ignore_errors=True)
            _fill(load_config(instance=kept), tickets)
        return _opened(kept, "")
    kept = folder / f"{name}-other"
    shutil.rmtree(kept, ignore_errors=True)
    _fill(load_config(instance=kept, database_url=database_url), tickets)
    return _opened(kept, database_url)


@contextmanager
def copy_of(data: DeskData, name: str = "copy") -> Iterator[DeskData]:
    """Give a copy that may be changed; a database that is no file is given itself."""
    copy = data.instance.with_name(f"{data.instance.name}-{name}")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data.instance, copy)
    try:
        yield DeskData(instance=copy, database_url=data.database_url, facts=data.facts)
    finally:
        shutil.rmtree(copy, ignore_errors=True)


def _opened(kept: Path, database_url: str) -> DeskData:
    facts = Facts(**json.loads((kept / _FACTS).read_text()))
    return DeskData(instance=kept, database_url=database_url, facts=facts)


def _fill(config: Config, tickets: int) -> None:
    upgrade_database(config)
    with create_app(without_plugins(config)).app_context():
        _hire()
        shown = _Progress(tickets)
        stories = furnished_stories(tickets, clock.now())
        filling.fill(SYSTEM, stories, mailboxes=MAILBOXES, on_progress=shown.add)
        counters.fold()  # as the worker does every few minutes
        _open_mailboxes()
        facts = _facts(tickets)
        _settle()
        db.engine.dispose()
    (config.instance / _FACTS).write_text(json.dumps(asdict(facts), indent=1))


def _hire() -> None:
    code = setup.ensure_setup_code()
    setup.create_owner(
        setup.check_setup_code(str(code)),
        setup.FirstOwner(name="Olga Owner", email="owner@bench.example", password=PASSWORD),
        DeskSettings(name="Bench", time_zone="Europe/Prague", language="en"),
    )
    team = teams.create_team(SYSTEM, "Bench")
    for number in range(COLLEAGUES):
        email = AGENT if number == 0 else f"colleague{number}@bench.example"
        invited = Invited(email=email, name=f"Agent {number}", role="agent", team_ids=(team,))
        link = invitations.invite(SYSTEM, invited)
        invitations.accept_invitation(link.token, name=f"Agent {number}", password=PASSWORD)


def _open_mailboxes() -> None:
    """Open the first mailboxes to the agents' team, and the others to nobody of it."""
    team_id = next(team.id for team in teams.team_refs() if team.name == "Bench")
    with unit_of_work(SYSTEM) as unit:
        ids = list(unit.session.scalars(select(Mailbox.id).order_by(Mailbox.id)))
        for place, mailbox_id in enumerate(ids):
            opened = [team_id] if place < SEEN_MAILBOXES else []
            teams.open_mailbox_to(unit, mailbox_id, opened)


def _facts(tickets: int) -> Facts:
    """Choose an open ticket of the agent's with ten messages (in a tiny desk: about), and count."""
    with reading() as session:
        first = session.scalars(select(Mailbox.id).order_by(Mailbox.id)).first()
        long = session.scalars(
            select(Ticket.number)
            .where(
                Ticket.category == Category.OPEN,
                Ticket.mailbox_id == first,
                Ticket.spam_at.is_(None),
            )
            .order_by(func.abs(Ticket.message_count - LONG), Ticket.number)
        ).first()
        total = sum(session.scalars(select(Ticket.message_count)))
    return Facts(tickets=tickets, messages=total, ten_messages=long or 0)


def _settle() -> None:
    """Leave the database as a server does in time: PostgreSQL gathers statistics, SQLite none."""
    with db.engine.connect() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("ANALYZE")
            connection.commit()


class _Progress:
    """A line on the terminal that says how far the making is."""

    def __init__(self, total: int) -> None:
        self._total, self._done = total, 0

    def add(self, count: int) -> None:
        self._done += count
        end = "\n" if self._done >= self._total else ""
        sys.stderr.write(f"\rmaking the data: {self._done:,} of {self._total:,} tickets{end}")
        sys.stderr.flush()
