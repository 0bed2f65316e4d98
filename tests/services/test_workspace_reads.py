"""Customers, outbox, attention, numbers and news: what is read, by whom, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.events import MessageReceived
from deskcore.domain.kinds import AccountState, DeliveryState, Direction, InboundState
from deskcore.errors import NotAllowed, NotFound
from deskcore.models import ChannelAccount, InboundItem, Ticket
from deskcore.services import (
    attention_list,
    customer_page,
    customers,
    nav_counts,
    news,
    outbox,
    tickets,
)
from deskcore.services.unit import unit_of_work
from tests.factories import a_customer, a_mailbox, a_message, a_team, a_ticket, a_user
from tests.statements import statements


def test_a_customer_is_shown_with_the_tickets_one_may_see(app: Flask) -> None:
    ours, theirs, jana = a_mailbox(), a_mailbox(), a_customer("Jana", "jana@example.cz")
    agent, outsider = a_user(teams=(a_team(ours),)), a_user(teams=(a_team(a_mailbox()),))
    number = a_ticket(ours, customer=jana)
    a_ticket(theirs, customer=jana)
    page = customer_page.read(agent, jana[0])
    assert [row.number for row in page.tickets] == [number]
    assert [address.value for address in page.addresses] == ["jana@example.cz"]
    with pytest.raises(NotFound):
        customer_page.read(outsider, jana[0])
    assert customer_page.suggest(outsider, "jana") == ()
    assert customer_page.suggest(agent, "jana" * 20_000) == ()
    assert [person.id for person in customer_page.suggest(agent, "JANA@")] == [jana[0]]


def test_a_company_gathers_its_people(app: Flask) -> None:
    mailbox, admin, jana = a_mailbox(), a_user("admin"), a_customer("Jana")
    number = a_ticket(mailbox, customer=jana)
    customers.update_customer(admin, jana[0], name="Jana", company="Dům", notes="")
    company_id = customer_page.read(admin, jana[0]).company_id
    assert company_id is not None
    company = customer_page.company(admin, company_id)
    assert (company.name, [person.name for person in company.people]) == ("Dům", ["Jana"])
    assert [row.number for row in company.tickets] == [number]
    with pytest.raises(NotFound):
        customer_page.company(a_user(teams=(a_team(a_mailbox()),)), company_id)


def test_unsolved_tickets_of_an_address_are_suggested(app: Flask) -> None:
    mailbox, admin, jana = a_mailbox(), a_user("admin"), a_customer("Jana", "jana@example.cz")
    number = a_ticket(mailbox, customer=jana)
    a_ticket(mailbox, customer=jana, status="solved")
    found = customer_page.unsolved_of(admin, "jana@example.cz")
    assert [line.number for line in found] == [number]


def test_the_outbox_sorts_by_how_far_messages_have_come(app: Flask) -> None:
    ours, admin = a_mailbox(), a_user("admin")
    number = a_ticket(ours)
    for state in (DeliveryState.QUEUED, DeliveryState.UNSURE, DeliveryState.SENT):
        a_message(number, "hello", direction=Direction.OUT, delivery=state)
    found = outbox.read(admin)
    assert {name: [line.state for line in lines] for name, lines in found.items()} == {
        "waiting": ["queued"],
        "failed": ["unsure"],
        "sent": ["sent"],
    }
    assert not any(outbox.read(a_user(teams=(a_team(a_mailbox()),))).values())


def test_all_that_failed_waits_in_one_place_and_is_counted(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    outsider, viewer = a_user(teams=(a_team(a_mailbox()),)), a_user("viewer")
    number = a_ticket(mailbox, assignee=admin)
    a_message(number, "hello", direction=Direction.OUT, delivery=DeliveryState.FAILED)
    _held_item(mailbox)
    waiting = attention_list.read(admin)
    assert (len(waiting.inbound), len(waiting.deliveries), len(waiting.accounts)) == (1, 1, 1)
    with statements() as seen:
        counts = nav_counts.read(admin)
    assert len(seen) == 1
    assert (counts["attention"], counts["open"], counts["mine"], counts["unassigned"]) == (
        3,
        1,
        1,
        0,
    )
    assert attention_list.read(outsider).count == 0
    assert set(nav_counts.read(outsider).values()) == {0}
    with pytest.raises(NotAllowed):
        attention_list.read(viewer)


def test_counts_follow_what_happens_to_tickets(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox)
    tickets.assign(admin, number, admin.id)
    tickets.change_status(admin, number, "waiting_others")
    counts = nav_counts.read(admin)
    assert (counts["open"], counts["waiting"]) == (0, 1)
    tickets.mark_spam(admin, number, is_spam=True)
    counts = nav_counts.read(admin)
    assert (counts["waiting"], counts["spam"]) == (0, 1)


def test_a_mark_changes_when_something_happened_and_tells_where(app: Flask) -> None:
    ours, theirs = a_mailbox(), a_mailbox()
    agent = a_user(teams=(a_team(ours),))
    first, second, hidden = a_ticket(ours), a_ticket(ours), a_ticket(theirs)
    own = _received(first)
    before = news.mark(agent, own)
    assert news.mark(agent, own) == before
    _received(second)
    _received(hidden)
    after = news.mark(agent, own)
    assert after != before
    assert not news.is_about_ticket(before, after)
    assert news.arrived(agent, before) == 1
    _received(first)
    assert news.is_about_ticket(before, news.mark(agent, own))
    assert news.keep_list(before, news.mark(agent, own)).split("-")[:2] == before.split("-")[:2]


def _received(number: int) -> int:
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        unit.record(
            MessageReceived(ticket_id=ticket.id, mailbox_id=ticket.mailbox_id, channel="email")
        )
        return ticket.id


def _held_item(mailbox_id: int) -> None:
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.state = AccountState.SIGN_IN_FAILED
        unit.session.add(
            InboundItem(
                account_id=account.id,
                external_id="1",
                content_hash="1",
                state=InboundState.HELD,
                reason="A rule held it back.",
                received_at=unit.now,
                stored_at=unit.now,
            )
        )
