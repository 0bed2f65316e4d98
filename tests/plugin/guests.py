"""The desk of a house with a guest book: its plugin on a desk with pages, and entries of guests."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore import clock
from deskcore.config import Config
from deskcore.domain.people import SYSTEM, Actor
from deskcore.domain.writing import Queued, ReplyForm
from deskcore.extensions import db
from deskcore.models import ChannelAccount, Mailbox, Ticket
from deskcore.plugin.channel import RawItem
from deskcore.plugin.discovery import NAMESPACE, discover
from deskcore.plugin.migrations import of_plugin, upgrade
from deskcore.services import inbound, kind_rows, replies, tickets
from deskcore.services.ticket_page import read
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.databases import opened

SLUG = "guest_book"
ENTRY = f"{SLUG}.entry"
HERE = Path(__file__).parent / SLUG


def install(instance: Path) -> None:
    """Drop the plugin into a desk's folder."""
    for name in [name for name in sys.modules if name.startswith(f"{NAMESPACE}.{SLUG}")]:
        del sys.modules[name]  # an earlier test's folder had it too
    shutil.copytree(HERE, instance / "plugins" / SLUG)


@pytest.fixture
def config(config: Config) -> Config:
    """Give the configuration of a desk with the plugin; import this and ``desk`` where it is wanted."""
    install(config.instance)
    return config.model_copy(update={"plugins": ("email", "spam", SLUG)})


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give that desk, which nobody has set up, with what activating the plugin makes."""
    with opened(config, has_pages=True) as app:
        (found,) = [found for found in discover(config.instance / "plugins") if found.slug == SLUG]
        component = of_plugin(found)
        assert component is not None
        upgrade(db.engine, component)
        with unit_of_work() as unit:
            kind_rows.keep(
                unit, SLUG, [app.extensions["desk_plugins"].registry.ticket_kinds.get(ENTRY).item]
            )
        yield app


def a_book() -> int:
    """Connect the book at the door to a mailbox of its own; returns the account's id."""
    mailbox_id = factories.a_mailbox("Guests")
    with unit_of_work() as unit:
        unit.session.execute(update(Mailbox).values(undo_seconds=0))
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.channel, account.address = SLUG, "door"
        return account.id


def write(account_id: int, text: str, *, entry: str = "1", item: str = "1", **said: str) -> int:
    """Have a guest write in the book; returns the number of the newest ticket."""
    content = json.dumps({"guest": "Olga", "text": text, "entry": entry, **said}).encode()
    raw = RawItem(external_id=item, cursor=item, received_at=clock.now(), content=content, meta={})
    inbound.file_items(inbound.store(account_id, [raw]).new_ids)
    with reading() as session:
        return session.scalars(select(Ticket.number).order_by(Ticket.id.desc())).first() or 0


def status(number: int) -> str:
    """Return the last word of the key of a ticket's status."""
    return read(SYSTEM, number).status.rpartition(".")[2]


def move(number: int, *steps: tuple[Actor, str]) -> None:
    """Have people take steps of the flow."""
    for actor, name in steps:
        tickets.change_status(actor, number, f"{ENTRY}.{name}")


def answer(actor: Actor, number: int, text: str, **form: object) -> Queued:
    """Have somebody press send."""
    return replies.queue_reply(actor, number, ReplyForm(body=text, to=("olga",), **form))  # type: ignore[arg-type]  # fields of the form


def propose(actor: Actor, number: int, words: str) -> None:
    """Have somebody put words before another person."""
    with reading() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.number == number)).one()
    with unit_of_work(actor) as unit:
        import_module(f"{NAMESPACE}.{SLUG}.answers").propose(unit, ticket_id, words)
