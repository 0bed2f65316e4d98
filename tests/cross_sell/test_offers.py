"""Offers as a service: who may write them, what can be kept, and when they are made."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from plugins.cross_sell import offers
from plugins.cross_sell.offer import Offer, Words, Written
from tests.cross_sell.shop import DESCALER
from tests.factories import a_user

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def wrong(actor: Actor, written: Written) -> list[str]:
    with pytest.raises(Invalid) as refused:
        offers.create(actor, written)
    return [problem.field for problem in refused.value.problems]


def test_an_offer_is_kept_changed_switched_and_deleted(admin: Actor) -> None:
    written = replace(
        DESCALER, fits=("KET-17", "KET-17", " "), ends_on=date(2030, 1, 31), season_from=1115,
        season_to=131, customer_tag="wholesale", url="https://tools.example/x",
    )  # fmt: skip
    offer_id = offers.create(admin, written)
    kept = offers.one(offer_id)
    assert (kept.fits, kept.ends_on, kept.made_by) == (
        ("KET-17",),
        date(2030, 1, 31),
        "Petr Dvořák",
    )
    assert kept.texts["en"] == DESCALER.texts["en"]
    offers.change(admin, offer_id, replace(written, name="Other"), version=1)
    with pytest.raises(Invalid, match="Nothing was saved"):
        offers.change(admin, offer_id, written, version=1)
    assert offers.one(offer_id).name == "Other"
    offers.switch(admin, offer_id, is_on=False)
    assert not offers.one(offer_id).is_on
    assert offers.one(offer_id).state(date(2029, 12, 24)) == "off"
    assert offers.remove(admin, offer_id) == "Other"
    with pytest.raises(NotFound):
        offers.one(offer_id)


def test_writing_needs_the_right(admin: Actor) -> None:
    agent, offer_id = a_user("agent"), offers.create(admin, DESCALER)
    for forbidden in (
        lambda: offers.create(agent, DESCALER),
        lambda: offers.change(agent, offer_id, DESCALER, version=1),
        lambda: offers.switch(agent, offer_id, is_on=False),
        lambda: offers.remove(agent, offer_id),
    ):
        with pytest.raises(NotAllowed):
            forbidden()


def test_what_cannot_be_kept_is_named_by_its_field(admin: Actor) -> None:
    assert wrong(admin, Written(name=" ", value="", texts={})) == ["name", "value", "text_en"]
    assert wrong(admin, replace(DESCALER, season_from=1115)) == ["season_to"]
    odd = replace(DESCALER, starts_on=date(2030, 2, 1), ends_on=date(2030, 1, 1), stock_needed=0)
    assert wrong(admin, odd) == ["ends_on", "stock_needed"]
    for url in (
        "javascript:alert(1)",
        "//evil.example",
        "https://",
        "ftp://x.example",
        "http://[x",
    ):
        assert wrong(admin, replace(DESCALER, url=url)) == ["url"], url
    assert wrong(admin, replace(DESCALER, texts={"en": Words(body="{{offer.prize}}")})) == [
        "text_en"
    ]
    assert wrong(
        admin, replace(DESCALER, texts={"en": Words(body="x"), "cs": Words(body="", terms="y")})
    ) == ["text_cs"]
    assert offers.every() == []


@pytest.mark.parametrize(
    ("changed", "day", "state"),
    [
        ({}, date(2026, 7, 1), "on"),
        ({"is_on": False}, date(2026, 7, 1), "off"),
        ({"ends_on": date(2026, 6, 30)}, date(2026, 6, 30), "on"),
        ({"ends_on": date(2026, 6, 30)}, date(2026, 7, 1), "ended"),
        ({"starts_on": date(2026, 7, 2)}, date(2026, 7, 1), "later"),
        ({"season_from": 1115, "season_to": 131}, date(2026, 12, 24), "on"),
        ({"season_from": 1115, "season_to": 131}, date(2027, 1, 31), "on"),
        ({"season_from": 1115, "season_to": 131}, date(2027, 2, 1), "out_of_season"),
        ({"season_from": 601, "season_to": 831}, date(2026, 7, 1), "on"),
        ({"season_from": 601, "season_to": 831}, date(2026, 9, 1), "out_of_season"),
    ],
)
def test_an_offer_is_made_in_its_time(changed: dict[str, object], day: date, state: str) -> None:
    kept = {"made_at": NOW, "made_by": "", "changed_at": NOW, "changed_by": "", "version": 1}
    offer = Offer(id=1, **{**vars(DESCALER), **kept, **changed})
    assert offer.state(day) == state
