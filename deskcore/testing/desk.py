"""A real desk on a throw-away SQLite database, with one channel and one account of it.

Nothing of the core is replaced: items go through the inbound service into tickets. Only ports of
the web are open beyond the usual, since far sides of tests listen where there is room.
"""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from flask import Flask
from sqlalchemy import create_engine, select

from deskcore.app import create_app
from deskcore.clock import now
from deskcore.config import load_config
from deskcore.db import prepare_engine
from deskcore.domain.kinds import Direction, InboundState
from deskcore.extensions import db
from deskcore.models import ChannelAccount, Customer, InboundItem, Mailbox, Message, Ticket
from deskcore.plugin import stored
from deskcore.plugin.brought import Brought
from deskcore.plugin.channel import AccountView, RawItem
from deskcore.plugin.faults import Fault
from deskcore.plugin.guard import Guard
from deskcore.plugin.guarded import GuardedChannel
from deskcore.plugin.loaded import Loaded
from deskcore.plugin.migrations import core, upgrade
from deskcore.plugin.net import ANY_PORT, Net
from deskcore.plugin.settings import PluginSettings
from deskcore.services import counters, inbound, secrets, tickets
from deskcore.services.unit import reading, unit_of_work
from deskcore.testing.contract import Contract


class Faults:
    """Keeps what the guard records."""

    def __init__(self) -> None:
        self.seen: list[Fault] = []

    def record(self, fault: Fault) -> None:
        """Keep a fault."""
        self.seen.append(fault)

    def paused(self, slug: str, place: str, reason: str) -> None:
        """Keep nothing: a fault has been recorded before."""


class _Loaded(Loaded):
    def net(self, plugin: str, settings: PluginSettings) -> Net:
        net = super().net(plugin, settings)
        net.web_ports = ANY_PORT
        return net


@dataclass(frozen=True, kw_only=True)
class Said:
    """One message as agents see it."""

    ticket: int
    text: str
    external_id: str


class KitDesk:
    """The desk; make it with ``a_desk``."""

    def __init__(self, app: Flask, contract: Contract, settings: PluginSettings) -> None:
        self.faults = Faults()
        found = app.extensions["desk_plugins"]
        self.loaded = _Loaded(**{each.name: getattr(found, each.name) for each in fields(found)})
        object.__setattr__(self.loaded, "guard", Guard(sink=self.faults))
        app.extensions["desk_plugins"] = self.loaded
        slug = contract.manifest.slug
        self.loaded.registry.enter(slug, Brought(channels=[contract.kind]))
        self.loaded.manifests[slug] = contract.manifest
        self._contract = contract
        self.account_id = self.an_account(settings)

    def an_account(self, settings: PluginSettings) -> int:
        """Make a mailbox with an account of the channel; returns the account's id."""
        plain, hidden = stored.split_secrets(settings)
        with unit_of_work() as unit:
            mailbox = Mailbox(name="Support", created_at=unit.now)
            unit.session.add(mailbox)
            unit.session.flush()
            account = ChannelAccount(
                mailbox_id=mailbox.id,
                channel=self._contract.kind.slug,
                name="Shop",
                address=self._contract.address,
                settings=plain,
                secrets=secrets.encrypt(hidden),
                connected_at=unit.now,
                created_at=unit.now,
            )
            unit.session.add(account)
            unit.session.flush()
            return account.id

    def channel(self, settings: PluginSettings) -> GuardedChannel:
        """Open the channel as the desk does."""
        return self.loaded.open_channel(
            self._contract.kind.slug, an_account_view(self._contract, settings)
        )

    def file(self, items: Sequence[RawItem]) -> None:
        """Store a batch and file what is new in it."""
        taken = inbound.store(self.account_id, items)
        inbound.file_items(taken.new_ids)

    def said(self) -> list[Said]:
        """List what customers said, oldest first."""
        with reading() as session:
            rows = session.scalars(
                select(Message).where(Message.direction == Direction.IN).order_by(Message.id)
            )
            return [
                Said(ticket=row.ticket_id, text=row.visible, external_id=row.external_id)
                for row in rows
            ]

    def customers(self) -> int:
        """Count the customers."""
        with reading() as session:
            return len(session.scalars(select(Customer.id)).all())

    def unfiled(self) -> list[str]:
        """Say why items wait for a person."""
        with reading() as session:
            return list(
                session.scalars(
                    select(InboundItem.reason).where(InboundItem.state == InboundState.FAILED)
                )
            )

    def solve_all(self) -> None:
        """Solve every ticket."""
        with unit_of_work() as unit:
            solved = tickets.status_of(unit.session, "solved")
            for ticket in unit.session.scalars(select(Ticket)).all():
                with counters.changing(unit, ticket):
                    tickets.set_status(unit, ticket, solved)


@contextmanager
def a_desk(folder: Path, contract: Contract, settings: PluginSettings) -> Iterator[KitDesk]:
    """Run a desk in *folder* until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(_template(), folder / "desk.db")
    config = load_config(
        instance=folder / "instance", database_url=f"sqlite:///{folder / 'desk.db'}", plugins=()
    )
    app = create_app(config, has_pages=False)
    with app.app_context():
        engine = db.engine
        yield KitDesk(app, contract, settings)
    engine.dispose()


def an_account_view(contract: Contract, settings: PluginSettings) -> AccountView:
    """Describe the account that the checks use."""
    return AccountView(
        id=1,
        name="Shop",
        address=contract.address,
        settings=settings,
        own_addresses=frozenset({contract.address}),
        connected_at=now(),
        desk_id="desk-1",
    )


@cache
def _template() -> Path:
    """Migrate a database once; each desk gets a copy."""
    folder = Path(tempfile.mkdtemp(prefix="desk-kit-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    path = folder / "template.db"
    engine = create_engine(f"sqlite:///{path}")
    prepare_engine(engine)
    upgrade(engine, core())
    engine.dispose()
    return path
