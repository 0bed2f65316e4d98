"""Sample data: believable, in the right lists, found by search, and gone without a trace."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from deskcore import clock
from deskcore.cli.demo_bulk import MAILBOXES, bulk_stories
from deskcore.db import Base
from deskcore.domain.people import SYSTEM
from deskcore.errors import NotAllowed
from deskcore.extensions import db
from deskcore.models import ChannelAccount, Customer, Event, Mailbox, Message, Ticket
from deskcore.samples import filling
from deskcore.samples.shop import shop_stories
from deskcore.services import channel_accounts, events, nav_counts
from deskcore.services.unit import reading
from tests import factories


def sizes() -> Mapping[str, int]:
    """Count the rows of every table that people's work is in."""
    kept = {"audit_entry", "blob", "ticket_sequence"}
    with db.engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in Base.metadata.sorted_tables
            if table.name not in kept
        }


def test_the_shop_has_tickets_in_three_languages_and_all_states(app: Flask) -> None:
    factories.a_user("owner")
    assert filling.fill(SYSTEM) == 60
    with reading() as session:
        found = session.execute(
            select(Customer.locale, func.count(Ticket.id).label("tickets"))
            .join(Ticket, Ticket.customer_id == Customer.id)
            .group_by(Customer.locale)
        )
        languages = {row.locale: row.tickets for row in found}
        categories = set(session.scalars(select(Ticket.category)))
        directions = set(session.scalars(select(Message.direction)))
        html = session.scalar(select(func.count()).where(Message.html.is_not(None)))
        files = session.scalar(select(func.count()).where(Ticket.has_files))
    assert languages == {"en": 20, "cs": 20, "ru": 20}
    assert categories == {"open", "waiting_customer", "waiting_others", "solved"}
    assert directions == {"in", "out", "note"}
    assert html
    assert files


def test_nobody_wrote_before_becoming_a_customer(app: Flask) -> None:
    factories.a_user("owner")
    filling.fill(SYSTEM)
    with reading() as session:
        early = session.scalars(
            select(Customer.name)
            .join(Ticket, Ticket.customer_id == Customer.id)
            .where(Ticket.created_at < Customer.created_at)
        )
        assert list(early) == []


def test_the_counters_agree_with_the_tickets(app: Flask) -> None:
    owner = factories.a_user("owner")
    filling.fill(SYSTEM)
    with reading() as session:
        tickets = list(session.scalars(select(Ticket)))
    counted = nav_counts.read(owner)
    listed = [ticket for ticket in tickets if ticket.spam_at is None]
    assert counted["open"] == sum(ticket.category == "open" for ticket in listed)
    assert counted["waiting"] == sum("waiting" in ticket.category for ticket in listed)
    assert counted["spam"] == len(tickets) - len(listed)
    assert counted["unassigned"] == sum(
        ticket.category == "open" and ticket.assignee_id is None for ticket in listed
    )


def test_nobody_is_told_of_samples_and_new_events_follow_them(app: Flask) -> None:
    filling.fill(SYSTEM)
    assert not events.has_unplaced()
    mailbox_id = factories.a_mailbox()
    factories.a_ticket(mailbox_id)
    with reading() as session:
        positions = list(session.scalars(select(Event.position).order_by(Event.id)))
    placed = [position for position in positions if position is not None]
    assert placed == list(range(1, len(placed) + 1))


def test_sample_mailboxes_are_never_fetched(app: Flask) -> None:
    filling.fill(SYSTEM)
    assert channel_accounts.wanted() == []
    with reading() as session:
        addresses = list(session.scalars(select(ChannelAccount.address)))
    assert all(address.endswith(".invalid") for address in addresses)


def test_removing_leaves_the_desk_as_it_was(app: Flask) -> None:
    mailbox_id = factories.a_mailbox()
    factories.a_ticket(mailbox_id)
    before = sizes()
    filling.fill(SYSTEM)
    assert filling.has_samples()
    assert filling.remove(SYSTEM) == 60
    assert sizes() == before
    assert not filling.has_samples()


def test_samples_can_be_added_twice(app: Flask) -> None:
    filling.fill(SYSTEM)
    filling.fill(SYSTEM)
    with reading() as session:
        assert session.scalar(select(func.count(Ticket.id))) == 120
        assert session.scalar(select(func.count(Mailbox.id))) == 2


def test_an_agent_may_not_fill_the_desk(app: Flask) -> None:
    agent = factories.a_user("agent")
    with pytest.raises(NotAllowed):
        filling.fill(agent)
    with pytest.raises(NotAllowed):
        filling.remove(agent)


def test_the_stories_are_the_same_every_time(app: Flask) -> None:
    now = clock.now()
    assert list(shop_stories(60, now)) == list(shop_stories(60, now))
    assert list(bulk_stories(200, now)) == list(bulk_stories(200, now))


def test_nothing_is_told_to_happen_in_the_future(app: Flask) -> None:
    now = clock.now()
    for story in [*shop_stories(300, now), *bulk_stories(300, now)]:
        times = [said.at for said in story.said]
        assert times == sorted(times)
        assert times[-1] <= now


def test_planted_words_are_found_as_often_as_they_were_planted(app: Flask) -> None:
    filling.fill(SYSTEM, bulk_stories(300, clock.now()), mailboxes=MAILBOXES)
    with db.engine.connect() as connection:
        if db.engine.dialect.name == "sqlite":
            found = "SELECT count(*) FROM search_index WHERE search_index MATCH 'thermocouple'"
        else:
            found = (
                "SELECT count(*) FROM search_document "
                "WHERE terms @@ CAST('thermocouple' AS tsquery)"
            )
        assert connection.scalar(text(found)) == 3


def test_rows_added_later_do_not_collide(app: Flask) -> None:
    filling.fill(SYSTEM)
    number = factories.a_ticket(factories.a_mailbox())
    with reading() as session:
        assert session.scalar(select(func.max(Ticket.number))) == number
