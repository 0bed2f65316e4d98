"""My requests: nobody learns who wrote to the shop, and only who reads the mail sees a list."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import delete, func, select, update

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotFound
from deskcore.models import (
    Customer,
    Delivery,
    Identity,
    Job,
    Notice,
    PublicLink,
    Ticket,
    TicketParticipant,
)
from deskcore.services import follow_up, privacy_erase, public_links, request_links, secrets
from deskcore.services.throttle import FREE_TRIES, TooManyTries
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.statements import statements

JANA = "jana@customer.example"


@pytest.fixture(autouse=True)
def mailbox(app: Flask) -> int:
    return factories.a_mailbox(address="help@shop.example")


@pytest.fixture(autouse=True)
def jana(mailbox: int) -> tuple[int, int]:
    found = factories.a_customer("Jana Nováková", JANA)
    factories.a_ticket(mailbox, customer=found, subject="Broken kettle")
    return found


def work() -> None:
    """Do the jobs of asking; the mails they queue are left."""
    with unit_of_work() as unit:
        jobs = unit.session.scalars(select(Job).where(Job.name == "requests.link")).all()
        asked = [(str(job.args["email"]), str(job.args["language"])) for job in jobs]
        unit.session.execute(delete(Job).where(Job.name == "requests.link"))
    for email, language in asked:
        request_links.send_link(email, language)


def ask(email: str, language: str = "en") -> None:
    request_links.ask(email, language=language, address="192.0.2.1")
    work()


def letters() -> list[tuple[str, str]]:
    """Return (address, text) of what was mailed."""
    with reading() as session:
        rows = session.scalars(select(Notice).order_by(Notice.id))
        return [(row.address, secrets.decrypt(row.words)["text"]) for row in rows]


def mailed_key() -> str:
    return letters()[-1][1].partition("/requests/")[2].split()[0]


def test_a_link_is_mailed_to_who_wrote_and_shows_their_requests(mailbox: int) -> None:
    factories.a_ticket(mailbox, subject="Of somebody else")
    ask(f" {JANA.upper()} ")
    assert [address for address, _ in letters()] == [JANA]
    found = request_links.own_requests(request_links.arrive(mailed_key()))
    assert found
    assert [one.subject for one in found.requests] == ["Broken kettle"]
    assert follow_up.open_request(found.requests[0].key).subject == "Broken kettle"


def test_the_mail_is_an_automatic_one_of_the_desk_s_own() -> None:
    ask(JANA)
    with reading() as session:
        delivery = session.scalars(select(Delivery)).one()
    assert (delivery.is_automatic, delivery.ticket_id) == (True, None)


def test_nobody_else_is_mailed_and_asking_does_the_same_work_for_all(jana: tuple[int, int]) -> None:
    _, stranger = factories.a_customer("No tickets", "idle@customer.example")
    costs = []
    for email in (JANA, "nobody@customer.example", "idle@customer.example", "help@shop.example"):
        with statements() as counted:
            request_links.ask(email, language="en", address=email)
        costs.append(len(counted))
    work()
    assert len(set(costs)) == 1
    assert [address for address, _ in letters()] == [JANA]
    with unit_of_work() as unit:
        unit.session.execute(delete(Notice))
        unit.session.execute(update(Identity).values(is_bouncing=True))
    ask(JANA)
    assert letters() == []
    assert stranger


def test_the_mail_speaks_the_language_it_was_asked_in() -> None:
    ask(JANA, "cs")
    assert "vaše dotazy v obchodě" in letters()[0][1]


def test_a_link_is_good_once_and_for_an_hour_and_a_visit_for_an_hour() -> None:
    ask(JANA)
    key = mailed_key()
    visit = request_links.arrive(key)
    with pytest.raises(NotFound):
        request_links.arrive(key)
    assert request_links.own_requests(key) is None
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert request_links.own_requests(visit) is None
    ask(JANA)
    later = mailed_key()
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        assert not request_links.is_good(later)
        with pytest.raises(NotFound):
            request_links.arrive(later)


def test_a_new_link_ends_the_one_before() -> None:
    ask(JANA)
    first = mailed_key()
    ask(JANA)
    assert not request_links.is_good(first)
    assert request_links.is_good(mailed_key())


def test_nobody_s_mailbox_is_filled_and_asking_is_slowed_down() -> None:
    for _time in range(6):
        ask(JANA)
    assert len(letters()) == request_links.PER_HOUR
    for _time in range(FREE_TRIES - 6):
        ask(JANA)
    with pytest.raises(TooManyTries):
        ask(JANA)


@pytest.mark.parametrize("typed", ["", "jana", "a@b, c@d", "jana@"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        ask(typed)


def test_the_list_leaves_out_what_was_put_away_and_what_one_was_copied_on(
    mailbox: int, jana: tuple[int, int]
) -> None:
    for column in ("spam_at", "deleted_at"):
        number = factories.a_ticket(mailbox, customer=jana, subject=column)
        with unit_of_work() as unit:
            unit.session.execute(
                update(Ticket).where(Ticket.number == number).values({column: unit.now})
            )
    copied = factories.a_ticket(mailbox, subject="Copied")
    with unit_of_work() as unit:
        ticket_id = unit.session.scalars(select(Ticket.id).where(Ticket.number == copied)).one()
        row = TicketParticipant(ticket_id=ticket_id, identity_id=jana[1], role="cc")
        unit.session.add(row)
    ask(JANA)
    found = request_links.own_requests(request_links.arrive(mailed_key()))
    assert found
    assert [one.subject for one in found.requests] == ["Broken kettle"]


def test_a_key_of_one_kind_is_none_of_another() -> None:
    ask(JANA)
    key = mailed_key()
    visit = request_links.arrive(key)
    found = request_links.own_requests(visit)
    assert found
    ticket_key = found.requests[0].key
    for wrong in (key, visit):
        with pytest.raises(NotFound):
            follow_up.open_request(wrong)
    assert request_links.own_requests(ticket_key) is None
    assert not request_links.is_good(ticket_key)
    assert not request_links.is_good(visit)


def test_erasing_a_customer_ends_their_keys_and_forgets_what_they_were_mailed(
    jana: tuple[int, int],
) -> None:
    ask(JANA)
    request_links.arrive(mailed_key())
    privacy_erase.erase(factories.a_user("owner"), jana[0])
    with reading() as session:
        for table in (PublicLink, Notice, Delivery):
            assert session.scalar(select(func.count()).select_from(table)) == 0
        assert session.get(Customer, jana[0]) is None
    assert SYSTEM
    assert public_links
