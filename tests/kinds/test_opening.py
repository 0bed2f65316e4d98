"""Tickets of a kind are opened by its own plugin only: by what it calls, and by its channel."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from deskcore.domain.kinds import Category, MailboxId
from deskcore.domain.messages import Address
from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotAllowed
from deskcore.models import Mailbox, PluginFault, Ticket, TicketLeg
from deskcore.plugin.active import plugins
from deskcore.plugin.running import NotItsOwn, as_plugin
from deskcore.services import search_query, ticket_kinds
from deskcore.services.plugin_tickets import NewTicket, change_status, open_ticket
from deskcore.services.ticket_page import read
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.kinds.conftest import House
from tests.plugin.guests import ENTRY, SLUG, write

OTHERS = "tea_shop.order"


@pytest.fixture
def others(house: House) -> str:
    """Have another plugin bring a kind, too."""
    kind = ticket_kinds.of(ENTRY)
    assert kind is not None
    plugins().registry.ticket_kinds.add("tea_shop", [replace(kind, name=OTHERS)])
    return OTHERS


@pytest.fixture
def new(house: House) -> NewTicket:
    with reading() as session:
        mailbox = session.scalars(select(Mailbox.id)).one()
    return NewTicket(
        kind=ENTRY,
        mailbox_id=MailboxId(mailbox),
        subject="At the  counter",
        text="The scones were divine.",
        sender=Address(value="ivo@example.com", name="Ivo"),
    )


def test_a_plugin_opens_a_ticket_that_is_listed_found_and_told(
    house: House, new: NewTicket
) -> None:
    with unit_of_work(house.ann) as unit:
        made = as_plugin(SLUG, lambda: open_ticket(unit, new))
    assert (made.kind, made.status, made.category) == (ENTRY, f"{ENTRY}.new", Category.OPEN)
    page = read(SYSTEM, made.number)
    assert (page.subject, page.customer and page.customer.name) == ("At the counter", "Ivo")
    assert [message.visible for message in page.messages] == ["The scones were divine."]
    assert [row.number for row in search_query.find(SYSTEM, "divine scones").rows] == [made.number]


def test_whoever_is_known_by_mail_is_the_same_customer(house: House, new: NewTicket) -> None:
    known = factories.a_customer("Ivo", "ivo@example.com")
    with unit_of_work(house.ann) as unit:
        assert open_ticket(unit, new).customer_id == known[0]
        stranger = replace(new, sender=Address(value="ivo", name="Ivo"))
        assert open_ticket(unit, stranger).customer_id != known[0]


def test_a_ticket_of_another_plugins_kind_is_not_its_to_open(
    house: House, new: NewTicket, others: str
) -> None:
    for kind, error in ((others, NotItsOwn), ("nobody.knows", LookupError)):
        with pytest.raises(error), unit_of_work(SYSTEM) as unit:
            as_plugin(SLUG, lambda: open_ticket(unit, replace(new, kind=kind)))  # noqa: B023  called at once


def test_only_mailboxes_of_ones_own_are_opened_into(house: House, new: NewTicket) -> None:
    stranger = factories.a_user("agent", name="Sam", teams=(factories.a_team(),))
    viewer = factories.a_user("viewer", name="Vera")
    with pytest.raises(Invalid), unit_of_work(stranger) as unit:
        open_ticket(unit, new)
    with pytest.raises(NotAllowed), unit_of_work(viewer) as unit:
        open_ticket(unit, new)


def test_a_step_and_the_plugins_own_rows_are_stored_together_or_not_at_all(house: House) -> None:
    with reading() as session:
        ticket_id = session.scalars(select(Ticket.id)).one()

    def fail_halfway() -> None:
        with unit_of_work(house.ann) as unit:
            assert change_status(unit, ticket_id, f"{ENTRY}.draft")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_halfway()
    assert read(SYSTEM, house.number).status == f"{ENTRY}.new"
    with unit_of_work(house.ann) as unit:
        assert change_status(unit, ticket_id, f"{ENTRY}.draft")
        assert not change_status(unit, ticket_id, f"{ENTRY}.draft")


@pytest.mark.parametrize("kind", [OTHERS, "nobody.knows"])
def test_a_channel_opens_questions_instead_of_another_plugins_kind(
    house: House, others: str, kind: str
) -> None:
    number = write(house.account, "Hello", entry="9", item="9", kind=kind)
    assert read(SYSTEM, number).kind == "question"
    plugins().guard.sink.flush()  # type: ignore[attr-defined]  # the sink of a desk with a database
    with reading() as session:
        (told,) = session.scalars(select(PluginFault.message)).all()
    assert told == f"It opens tickets of the kind {kind!r}, which is none of its own."


def test_the_way_back_to_a_public_place_is_marked_as_public(house: House) -> None:
    with reading() as session:
        assert session.scalars(select(TicketLeg.is_public)).all() == [True]
