"""Figures of offers: each agrees with a recount by SQL of its own, and opens the list it counts."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import text

from deskcore import clock
from deskcore.domain.messages import Address, OutboundMessage
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import Invalid, NotAllowed
from deskcore.extensions import db
from deskcore.plugin.active import plugins
from deskcore.plugin.parts import CustomerRef
from deskcore.services import plugin_settings, privacy_erase
from deskcore.services.plugin_reads import read_ticket
from plugins.cross_sell import chances, links, marking, offers, privacy, results, suggesting
from plugins.cross_sell.places import SLUG
from tests.cross_sell.shop import DESCALER, FILTER, KETTLE, settings
from tests.factories import a_customer, a_ticket, a_user

DESK = "https://desk.shop.example"
# What each figure says, told a second time in plain SQL that shares nothing with the pages.
RECOUNT = {
    "shown": "shown_at IS NOT NULL AND NOT is_control",
    "inserted": "shown_at IS NOT NULL AND NOT is_control AND inserted_at IS NOT NULL",
    "sent": "shown_at IS NOT NULL AND NOT is_control AND sent_at IS NOT NULL",
    "clicked": "shown_at IS NOT NULL AND NOT is_control AND clicked_at IS NOT NULL",
    "taken": "shown_at IS NOT NULL AND NOT is_control AND taken_at IS NOT NULL",
    "dismissed": "shown_at IS NOT NULL AND NOT is_control AND dismissed_at IS NOT NULL",
    "dismissed_not_now": "shown_at IS NOT NULL AND NOT is_control AND dismissed_for = 'not_now'",
    "control": "shown_at IS NOT NULL AND is_control",
    "control_taken": "shown_at IS NOT NULL AND is_control AND taken_at IS NOT NULL",
    "unasked": "shown_at IS NULL AND taken_at IS NOT NULL",
}
EXPECTED = {
    "inserted": 12, "sent": 9, "clicked": 6, "taken": 4, "dismissed": 2, "dismissed_not_now": 2,
    "control_taken": 1, "unasked": 1,
}  # fmt: skip


def recount(where: str) -> int:
    with db.engine.connect() as connection:
        found: int = connection.execute(
            text(f"SELECT count(*) FROM plg_cross_sell_chance WHERE {where}")  # noqa: S608  as above
        ).scalar_one()
    return found


def sent(body: str, number: int) -> None:
    """Let a text leave the desk as an answer does."""
    ticket = read_ticket(SYSTEM, number)
    message = OutboundMessage(
        external_id="x@shop.example", token="t", sender=Address(value="help@shop.example"),
        to=(Address(value="olga@cz.example"),), text=body, sent_at=clock.now(),
    )  # fmt: skip
    assert plugins().hooks.outbound_prepare(message, ticket) == message


def live(admin: Actor, mailbox: int, offer_id: int) -> None:
    """Let sixty customers ask about the kettle, a fifth of them in the control share."""
    owner = a_user("owner")
    plugin_settings.change_settings(owner, SLUG, settings(control_percent=20))
    seen = 0
    for _each in range(60):
        customer = a_customer()
        number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
        found = suggesting.fitting(admin, number)
        chances.show(admin, map(found.chance, found.matches))
        if found.is_control:
            continue
        seen += 1
        if seen <= 12:
            text_of = suggesting.suggestions(admin, found, DESK)[0].filled.text
            marking.put_in(admin, number, offer_id, DESK, puts_in=False)
            if seen <= 9:
                sent(text_of, number)
            if seen <= 6:
                chances.click(links.tokens_in(text_of)[0])
                chances.click(links.tokens_in(text_of)[0])
            if seen <= 4:
                marking.take(admin, number, offer_id, "" if seen % 2 else "clean10")
        elif seen <= 14:
            marking.dismiss(admin, number, offer_id, "not_now")
    control = first_control()
    marking.take(admin, control, offer_id, "")
    stranger = a_ticket(mailbox, subject="Hours", text="When are you open?")
    marking.take(admin, stranger, offer_id, "")


def first_control() -> int:
    with db.engine.connect() as connection:
        found: int = connection.execute(
            text("SELECT min(ticket_number) FROM plg_cross_sell_chance WHERE is_control")
        ).scalar_one()
    return found


def test_every_figure_agrees_with_a_recount_and_with_its_list(admin: Actor, mailbox: int) -> None:
    offer_id = offers.create(admin, DESCALER)
    other = offers.create(admin, FILTER)
    offers.switch(admin, other, is_on=False)
    live(admin, mailbox, offer_id)
    marking.hand_in(admin, "CLEAN10", 3)
    marking.hand_in(admin, "clean10", 4)
    total, *each = results.figures(admin, days=90)
    assert [one.name for one in each] == ["Descaler with a kettle", "Filter"]
    for figure, where in RECOUNT.items():
        counted = recount(where)
        assert total.counts[figure] == counted == sum(one.counts[figure] for one in each), figure
        listed = results.behind(admin, figure, days=90)
        assert len(listed) == min(counted, results.LISTED + 1), figure
        assert len(results.behind(admin, figure, days=90, offer_id=other)) == 0
    for figure, count in EXPECTED.items():
        assert total.counts[figure] == count, figure
    assert total.counts["shown"] + total.counts["control"] == 60
    assert (total.handed_in, len(results.handed_in(admin, days=90))) == (7, 2)
    compared = total.comparison
    assert (compared.shown.all, compared.shown.some) == (total.counts["shown"], 4)
    assert (compared.control.all, compared.control.some) == (total.counts["control"], 1)
    assert compared.verdict == "too_little"
    with pytest.raises(NotAllowed):
        results.figures(a_user("agent"), days=90)


def test_who_was_in_both_shares_tells_nothing(admin: Actor, mailbox: int) -> None:
    offers.create(admin, DESCALER)
    customer, owner = a_customer(), a_user("owner")
    while not links.is_control(links.key(), customer[0], 50):
        customer = a_customer()
    for percent, counted in ((0, 1), (50, 0)):
        plugin_settings.change_settings(owner, SLUG, settings(control_percent=percent))
        number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
        found = suggesting.fitting(admin, number)
        chances.show(admin, map(found.chance, found.matches))
        total, _one = results.figures(admin, days=0)
        compared = total.comparison
        assert compared.shown.all + compared.control.all == counted
    assert (total.counts["shown"], total.counts["control"]) == (1, 1)


def test_codes_are_known_or_refused_in_words(admin: Actor) -> None:
    offers.create(admin, DESCALER)
    for code, amount, field in (("NONE", 1, "code"), ("CLEAN10", 0, "amount")):
        with pytest.raises(Invalid) as refused:
            marking.hand_in(admin, code, amount)
        assert [problem.field for problem in refused.value.problems] == [field]


def test_what_is_kept_of_a_customer_is_told_and_forgotten(admin: Actor, mailbox: int) -> None:
    offer_id, customer = offers.create(admin, DESCALER), a_customer("Olga Malá")
    number = a_ticket(mailbox, subject="Klara", text=KETTLE, customer=customer)
    other = a_ticket(mailbox, subject="Klara", text=KETTLE)
    for each in (number, other):
        marking.put_in(admin, each, offer_id, DESK, puts_in=False)
    marking.set_wish(admin, customer[0], is_wanted=False)
    ref = CustomerRef(id=customer[0], name="Olga Malá")  # type: ignore[arg-type]  # a number will do
    told = privacy.tell(ref)
    assert told is not None
    assert re.search(r"'offer': 'Descaler with a kettle'.*'ticket': \d+", str(told.data))
    assert "wants_no_offers_since" in str(told.data)
    privacy_erase.erase(a_user("owner"), customer[0])
    assert recount(f"customer_id = {customer[0]}") == 0
    assert chances.past_of(customer[0]).opted_out_at is None
    assert recount("id > 0") == 1
    assert privacy.tell(ref) is None
