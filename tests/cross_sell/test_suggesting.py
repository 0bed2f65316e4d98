"""What is offered in a ticket, and when nothing is: in stock only, never on a complaint, never twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine

from deskcore import clock
from deskcore.domain.people import Actor
from deskcore.errors import NotFound
from deskcore.models import Ticket, TicketField, TicketFieldValue
from deskcore.services import plugin_settings, tickets
from deskcore.services.unit import unit_of_work
from plugins.cross_sell import chances, manners, marking, offers, suggesting
from plugins.cross_sell.places import SLUG
from tests.cross_sell.shop import DESCALER, FILTER, KETTLE, settings, shelf, stocked
from tests.factories import a_customer, a_mailbox, a_message, a_team, a_ticket, a_user

DESK = "https://desk.shop.example"


def names(actor: Actor, number: int) -> list[str]:
    return [match.offer.name for match in suggesting.fitting(actor, number).matches]


def why(actor: Actor, number: int) -> str:
    return suggesting.fitting(actor, number).withheld


def change_settings(actor: Actor, **changed: object) -> None:
    plugin_settings.change_settings(actor, SLUG, settings(**changed))


def rate(number: int, stars: float) -> None:
    """Give a ticket stars, as the plugin of reviews does."""
    with unit_of_work() as unit:
        field = TicketField(
            key="reviews.stars", label="Stars", labels={}, kind="number", position=0
        )
        unit.session.add(field)
        unit.session.flush()
        ticket_id = unit.session.query(Ticket.id).filter(Ticket.number == number).scalar()
        unit.session.add(
            TicketFieldValue(ticket_id=ticket_id, field_id=field.id, number_value=stars)
        )


def test_what_fits_is_offered_with_the_reason_in_the_customers_language(
    admin: Actor, mailbox: int
) -> None:
    offers.create(admin, DESCALER)
    offers.create(admin, replace(FILTER, fits=("KET-17",)))
    number = a_ticket(mailbox, subject="Kettle", text=KETTLE)
    found = suggesting.fitting(admin, number)
    assert names(admin, number) == ["Filter", "Descaler with a kettle"]
    assert {match.because_of.name for match in found.matches} == {"Kettle Klara"}
    one, two = suggesting.suggestions(admin, found, DESK)
    assert two.filled.text.startswith("A descaler keeps it clean: Descaler, CZK")
    assert two.terms == "One each."
    assert two.filled.text.endswith(f"\n{two.link}")
    assert two.link.startswith(f"{DESK}/c/cross_sell/")
    assert one.link != two.link
    czech = a_ticket(
        mailbox, subject="Klara", text="Dobrý den, jakou má konvice Klara délku přívodní šňůry?"
    )
    shown = suggesting.suggestions(admin, suggesting.fitting(admin, czech), DESK)
    assert [each.filled.text.split("\n")[0] for each in shown if each.language == "cs"] == [
        "K ní se hodí Descaler."
    ]


def test_links_lead_to_the_shop_while_the_customers_side_is_closed(
    admin: Actor, mailbox: int
) -> None:
    offers.create(admin, DESCALER)
    found = suggesting.fitting(admin, a_ticket(mailbox, subject="Klara", text=KETTLE))
    (one,) = suggesting.suggestions(admin, found, "")
    assert one.link == "https://tools.example/DES-1?a=1&b=2"


def test_only_what_is_in_stock_and_was_counted_is_offered(admin: Actor, mailbox: int) -> None:
    offers.create(admin, replace(DESCALER, stock_needed=3))
    number = a_ticket(mailbox, subject="Klara", text=KETTLE)
    for count, offered in ((3, True), (2, False), (0, False), (-4, False)):
        stocked(DES_1=count)
        assert bool(names(admin, number)) is offered, count
    stocked()
    assert names(admin, number) == []


def test_offers_of_a_category_or_tag_pick_what_fits(admin: Actor, mailbox: int) -> None:
    offers.create(admin, replace(FILTER, name="Cups", what="category", value="CUPS"))
    offers.create(admin, replace(FILTER, name="Eco", what="tag", value="Eco"))
    offers.create(admin, replace(FILTER, name="Pans", what="category", value="pans"))
    found = suggesting.fitting(admin, a_ticket(mailbox, subject="Klara", text=KETTLE))
    assert [(match.offer.name, match.product.key) for match in found.matches] == [
        ("Cups", "CUP-3"),
        ("Eco", "DES-1"),
    ]


def test_what_the_ticket_itself_speaks_of_is_not_offered_and_three_are_the_most(
    admin: Actor, mailbox: int
) -> None:
    for name, value in (("a", "DES-1"), ("b", "FIL-2"), ("c", "CUP-3"), ("d", "PAN-9")):
        offers.create(admin, replace(FILTER, name=name, value=value, fits=("KET-17",)))
    stocked(DES_1=1, FIL_2=1, CUP_3=1, PAN_9=1)
    number = a_ticket(mailbox, subject="Klara", text=f"{KETTLE} And of its filter?")
    assert names(admin, number) == ["a", "c", "d"]  # she asks about the filter herself
    change_settings(a_user("owner"), most=1)
    assert names(admin, number) == ["a"]
    assert names(admin, a_ticket(mailbox, subject="Hours", text="When are you open?")) == []


def test_an_offer_for_a_tag_is_for_customers_with_it(admin: Actor, mailbox: int) -> None:
    offers.create(admin, replace(DESCALER, customer_tag="Wholesale"))
    customer = a_customer()
    number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    assert names(admin, number) == []
    tickets.set_tags(
        admin, a_ticket(mailbox, subject="Klara", text="Hello", customer=customer), ["wholesale"]
    )
    assert names(admin, number) == ["Descaler with a kettle"]


COMPLAINTS = (
    "My kettle Klara is BROKEN.",
    "The kettle Klara I got is damaged",
    "Chci reklamovat konvici Klara",
    "Konvice Klara přišla ROZBITÁ",
    "Чайник Klara сломался",
    "Klara: верните деньги",
    "Klara: vrátit   peníze!",
)


def test_nothing_is_offered_to_whoever_complains(admin: Actor, mailbox: int) -> None:
    offers.create(admin, DESCALER)
    for text in COMPLAINTS:
        told = a_ticket(mailbox, subject="Klara", text=text)
        titled = a_ticket(mailbox, subject=text, text="Klara")
        later = a_ticket(mailbox, subject="Klara", text=KETTLE)
        a_message(later, text)
        for number in (told, titled, later):
            assert why(admin, number) == manners.COMPLAINT, text
    assert names(admin, a_ticket(mailbox, subject="Klara", text="Unbroken joy with Klara")) != []


def test_a_tag_a_kind_and_another_open_complaint_keep_offers_back(
    admin: Actor, mailbox: int
) -> None:
    offers.create(admin, DESCALER)
    customer = a_customer()
    number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    tickets.set_tags(admin, number, ["Reklamace"])
    assert why(admin, number) == manners.COMPLAINT
    tickets.set_tags(admin, number, [])
    hidden = a_team(mailbox)
    other = a_ticket(a_mailbox(), subject="x", text="It is broken", customer=customer)
    reader = a_user("agent", teams=(hidden,))
    assert why(reader, number) == manners.OTHER_COMPLAINT
    tickets.change_status(admin, other, "solved")
    assert names(reader, number) == ["Descaler with a kettle"]
    with unit_of_work() as unit:
        row = unit.session.query(Ticket).filter(Ticket.number == number).one()
        row.kind = "reviews.review"
    assert why(admin, number) == manners.OF_KIND


def test_a_low_rating_keeps_offers_back_for_a_while(admin: Actor, mailbox: int) -> None:
    offers.create(admin, DESCALER)
    customer = a_customer()
    number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    rated = a_ticket(mailbox, subject="Review", text="Fine", customer=customer, status="solved")
    rate(rated, 3)
    assert why(admin, number) == manners.LOW_RATING
    change_settings(a_user("owner"), low_rating=2)
    assert names(admin, number) == ["Descaler with a kettle"]
    change_settings(a_user("owner"), low_rating=3)
    with time_machine.travel(clock.now() + timedelta(days=91)):
        assert names(admin, number) == ["Descaler with a kettle"]


def test_the_same_is_not_offered_twice_to_a_customer_within_the_time(
    admin: Actor, mailbox: int
) -> None:
    offer_id, customer = offers.create(admin, DESCALER), a_customer()
    offers.create(admin, replace(DESCALER, name="The same otherwise"))
    first = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    marking.put_in(admin, first, offer_id, DESK, puts_in=False)
    second = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    assert names(admin, first) == names(admin, second) == []
    assert names(admin, a_ticket(mailbox, subject="Klara", text=KETTLE)) != []
    with time_machine.travel(clock.now() + timedelta(days=61)):
        assert names(admin, second) == ["Descaler with a kettle"]


def test_what_is_put_away_rests_here_and_elsewhere_only_when_they_said_so(
    admin: Actor, mailbox: int
) -> None:
    offer_id, customer = offers.create(admin, DESCALER), a_customer()
    here = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    there = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    marking.dismiss(admin, here, offer_id, "not_now")
    assert names(admin, here) == []
    assert names(admin, there) == ["Descaler with a kettle"]
    marking.dismiss(admin, there, offer_id, "declined")
    assert names(admin, a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)) == []


def test_a_customer_who_wants_none_gets_none(admin: Actor, mailbox: int) -> None:
    offer_id, customer = offers.create(admin, DESCALER), a_customer()
    number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    marking.set_wish(admin, customer[0], is_wanted=False)
    assert why(admin, number) == manners.OPTED_OUT
    with pytest.raises(NotFound):
        marking.put_in(admin, number, offer_id, DESK, puts_in=True)
    assert chances.past_of(customer[0]).opted_out_by == "Petr Dvořák"
    marking.set_wish(admin, customer[0], is_wanted=True)
    assert names(admin, number) == ["Descaler with a kettle"]


def test_a_catalogue_that_fails_leaves_nothing_to_offer_and_no_error(
    admin: Actor, mailbox: int
) -> None:
    offers.create(admin, DESCALER)
    shelf().TROUBLE.append(RuntimeError("The shop burns."))
    assert suggesting.fitting(admin, a_ticket(mailbox, subject="Klara", text=KETTLE)).matches == ()


def test_a_ticket_out_of_reach_is_not_there(admin: Actor, mailbox: int) -> None:
    offer_id = offers.create(admin, DESCALER)
    number = a_ticket(mailbox, subject="Klara", text=KETTLE)
    stranger = a_user("agent", teams=(a_team(),))
    for forbidden in (
        lambda: suggesting.fitting(stranger, number),
        lambda: marking.put_in(stranger, number, offer_id, DESK, puts_in=True),
        lambda: marking.dismiss(stranger, number, offer_id, "other"),
        lambda: marking.take(stranger, number, offer_id, ""),
    ):
        with pytest.raises(NotFound):
            forbidden()
