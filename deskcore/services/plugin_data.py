"""What a plugin has stored in the desk: shown before it is uninstalled, and removed then.

Mailboxes that were connected through it stay, with their tickets: they are the owner's. How they were
connected goes: addresses of servers, tokens and passwords; they are off then. Tickets of its kinds stay, too, in the built-in statuses of the same categories; their kind keeps its name.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import (
    ColumnElement,
    Engine,
    MetaData,
    and_,
    delete,
    func,
    inspect,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy import table as named_table
from sqlalchemy.orm import Session

from deskcore.db import WRITING, Base
from deskcore.domain.kinds import AccountState
from deskcore.domain.people import Actor
from deskcore.extensions import db
from deskcore.models import (
    ChannelAccount,
    ConnectionTest,
    DeskSetting,
    Job,
    OnceDone,
    PluginFault,
    PluginFile,
    PluginSetting,
    RoleGrant,
    Status,
    TicketField,
)
from deskcore.services import access, kind_rows, ticks
from deskcore.services.unit import Unit, reading


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What uninstalling a plugin would remove: rows of its own tables by table, and of the desk's."""

    tables: tuple[tuple[str, int], ...]
    settings: int
    connections: int
    grants: int
    fields: int
    statuses: int
    files: int
    jobs: int
    faults: int


def stored(actor: Actor, slug: str, slugs: Iterable[str]) -> Stored:
    """Count what a plugin has stored; *slugs* are all that are known."""
    access.require(actor, "plugins.manage")
    slugs = tuple(slugs)
    tables = own_tables(db.engine, slug, slugs)
    with reading() as session:
        counted = tuple(
            (name, session.scalars(select(func.count()).select_from(named_table(name))).one())
            for name in tables
        )
        return Stored(
            tables=counted,
            connections=_count(session, ChannelAccount, _connected(slug, slugs)),
            **{name: _count(session, *rows) for name, rows in _rows(slug).items()},
        )


def own_tables(engine: Engine, slug: str, slugs: Iterable[str]) -> list[str]:
    """Return the tables of one plugin; those of a plugin with a longer slug are not among them."""
    longer = tuple(f"plg_{other}_" for other in slugs if other.startswith(f"{slug}_"))
    return sorted(
        name
        for name in inspect(engine).get_table_names()
        if name.startswith(f"plg_{slug}_") and not name.startswith(longer or "\0")
    )


def drop_leftovers(engine: Engine, slug: str, slugs: Iterable[str]) -> None:
    """Drop what a plugin's own migrations did not, or could not because they are gone."""
    names = own_tables(engine, slug, slugs)
    version = f"alembic_version_{slug}"
    if inspect(engine).has_table(version):
        names.append(version)
    reflected = MetaData()
    with engine.execution_options(**{WRITING: True}).begin() as connection:
        reflected.reflect(connection, only=names, resolve_fks=False)
        for table in reversed(reflected.sorted_tables):
            table.drop(connection)


def remove_rows(unit: Unit, slug: str, slugs: Iterable[str] = ()) -> dict[str, object]:
    """Remove its rows from the desk's own tables; returns how many of which sort."""
    removed: dict[str, object] = {"statuses": _count(unit.session, *_rows(slug)["statuses"])}
    kind_rows.forget(unit, slug)
    for name, (model, condition) in _rows(slug).items():
        removed[name] = removed.get(name) or _count(unit.session, model, condition)
        unit.session.execute(delete(model).where(condition))
    done = OnceDone.subscription.startswith(f"{slug}.", autoescape=True)
    unit.session.execute(delete(OnceDone).where(done))
    turns = DeskSetting.key.startswith(f"{ticks.KEY}{slug}.", autoescape=True)
    unit.session.execute(delete(DeskSetting).where(turns))
    connected = _connected(slug, slugs)
    removed["connections"] = _count(unit.session, ChannelAccount, connected)
    networks = select(ChannelAccount.id).where(connected)
    unit.session.execute(delete(ConnectionTest).where(ConnectionTest.account_id.in_(networks)))
    unit.session.execute(
        update(ChannelAccount)
        .where(connected)
        .values(
            settings={},
            secrets=b"",
            state=AccountState.OFF,
            generation=ChannelAccount.generation + 1,
        )
    )
    return removed


def _connected(slug: str, slugs: Iterable[str]) -> ColumnElement[bool]:
    """Which accounts are of its networks, but not of those of a plugin with a longer slug."""
    longer = (other for other in slugs if other.startswith(f"{slug}_"))
    return and_(_of_network(slug), *(not_(_of_network(other)) for other in longer))


def _of_network(slug: str) -> ColumnElement[bool]:
    named = ChannelAccount.channel.startswith(f"{slug}_", autoescape=True)
    return or_(ChannelAccount.channel == slug, named)


def _rows(slug: str) -> dict[str, tuple[type[Base], ColumnElement[bool]]]:
    """Say where the desk itself keeps something of a plugin; names begin with its slug."""
    queued = Job.name.startswith(f"{slug}.", autoescape=True)
    told = Job.order_key.startswith(f"event:{slug}.", autoescape=True)
    granted = RoleGrant.permission.startswith(f"{slug}.", autoescape=True)
    return {
        "settings": (PluginSetting, PluginSetting.slug == slug),
        "grants": (RoleGrant, granted),
        "fields": (TicketField, TicketField.key.startswith(f"{slug}.", autoescape=True)),
        "statuses": (Status, Status.kind.startswith(f"{slug}.", autoescape=True)),
        "files": (PluginFile, PluginFile.slug == slug),
        "jobs": (Job, queued | told),
        "faults": (PluginFault, PluginFault.slug == slug),
    }


def _count(session: Session, model: type[Base], condition: ColumnElement[bool]) -> int:
    return session.scalars(select(func.count()).select_from(model).where(condition)).one()
