"""Products, places and stock as a service: who may do what, and what comes of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.models import AuditEntry
from deskcore.plugin import Money
from deskcore.services.unit import reading
from plugins.catalogue import finding, products, shops, stock
from plugins.catalogue.finding import Wish
from plugins.catalogue.offer import OwnCatalogue, OwnStock
from plugins.catalogue.recognising import recognise
from plugins.catalogue.stock import Counted
from plugins.catalogue.values import Written
from tests.catalogue.shelf import a_place, a_product, an_admin
from tests.factories import a_user
from tests.statements import statements

KETTLE = Written(
    sku="KET-15",
    name="Enamel kettle 1.5 l",
    category="Kettles",
    tags=("kitchen", "enamel"),
    barcode="4006381333931",
    price=Money(amount=129900, currency="CZK"),
    url="https://shop.example/kettle",
    fits=("TRI-1", "gone-1"),
)


@pytest.fixture
def admin(app: Flask) -> Actor:
    return an_admin()


def names(words: str, **more: object) -> list[str]:
    wish = Wish(words=words, **more)  # type: ignore[arg-type]  # fields of it
    return [product.name for product in finding.look(a_user("viewer"), wish).products]


def test_what_was_written_is_kept_as_it_was_with_when_and_by_whom(admin: Actor) -> None:
    kept = products.one(admin, products.create(admin, KETTLE))
    assert (kept.sku, kept.name, kept.price) == (KETTLE.sku, KETTLE.name, KETTLE.price)
    assert (kept.tags, kept.barcode, kept.changed_by) == (KETTLE.tags, KETTLE.barcode, admin.name)
    products.change(admin, kept.id, replace(KETTLE, name="Kettle"), version=kept.version)
    with pytest.raises(Invalid):
        products.change(admin, kept.id, KETTLE, version=kept.version)
    assert products.one(admin, kept.id).name == "Kettle"
    with reading() as session:
        told = list(session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)))
    assert told == ["added a product", "changed a product"]


def test_reading_counting_changing_are_rights_of_their_own(admin: Actor) -> None:
    product_id, place_id = products.create(admin, KETTLE), a_place(admin, "Brno")
    agent, viewer = a_user("agent"), a_user("viewer")
    assert products.one(viewer, product_id).sku == "KET-15"
    assert stock.count(agent, product_id, {place_id: Counted(pieces=3)}) == 1
    for refused in (
        lambda: stock.count(viewer, product_id, {place_id: Counted(pieces=4, shown=3)}),
        lambda: products.create(agent, KETTLE),
        lambda: products.change(agent, product_id, KETTLE, version=1),
        lambda: products.remove(agent, product_id),
        lambda: shops.create(agent, "Praha", ""),
        lambda: shops.remove(agent, place_id),
    ):
        with pytest.raises(NotAllowed):
            refused()


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"sku": " "}, "sku"),
        ({"name": "x" * 201}, "name"),
        ({"group": "KET-15"}, "group"),
        ({"url": "javascript:alert(1)"}, "url"),
        ({"url": "//shop.example"}, "url"),
        ({"tags": ("x",) * 21}, "tags"),
        ({"fits": ("y" * 65,)}, "fits"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    admin: Actor, wrong: dict[str, object], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        products.create(admin, replace(KETTLE, **wrong))  # type: ignore[arg-type]  # fields of it
    assert [problem.field for problem in refused.value.problems] == [field]


def test_a_sku_is_of_one_product_and_what_was_said_by_it_follows_it(admin: Actor) -> None:
    kettle = products.create(admin, KETTLE)
    small = a_product(admin, "KET-10", "Enamel kettle 1 l", group="KET-15", fits=("KET-15",))
    with pytest.raises(Invalid):
        a_product(admin, "KET-15", "Another")
    with pytest.raises(Invalid):
        products.change(admin, small, Written(sku="KET-15", name="x"), version=1)
    products.change(admin, kettle, replace(KETTLE, sku="KET-16"), version=1)
    assert products.one(admin, small).group == "KET-16"
    assert [each.key for each in OwnCatalogue().fitting("KET-16")] == ["KET-10"]


def test_products_are_found_by_beginnings_without_accents_and_exact_numbers_first(
    admin: Actor,
) -> None:
    products.create(admin, KETTLE)
    a_product(admin, "X-4006381333931", "A thing with a long number")
    a_product(admin, "KON-1", "Konvice smaltovaná", category="Konvice")
    old = a_product(admin, "OLD-1", "Old kettle", is_sold=False)
    assert names("enam ket") == ["Enamel kettle 1.5 l"]
    assert names("smaltovana") == ["Konvice smaltovaná"]
    assert names("4006381333931")[0] == "Enamel kettle 1.5 l"
    assert names("kettle", gone=True) == ["Old kettle"]
    assert names("", category="Konvice") == ["Konvice smaltovaná"]
    assert names("%") == names("")
    products.remove(admin, old)
    with pytest.raises(NotFound):
        products.one(admin, old)


def test_stock_says_where_how_many_and_since_when_and_refuses_what_was_counted_meanwhile(
    admin: Actor,
) -> None:
    kettle, shop, store = (
        products.create(admin, KETTLE),
        a_place(admin, "Shop"),
        a_place(admin, "B"),
    )
    back = date(2027, 1, 15)
    told = {shop: Counted(pieces=0, back_on=back), store: Counted(pieces=12)}
    assert stock.count(admin, kettle, told) == 2
    with pytest.raises(Invalid) as refused:
        stock.count(admin, kettle, {store: Counted(pieces=11)})
    assert refused.value.problems[0].field == f"place_{store}"
    assert stock.count(admin, kettle, {store: Counted(pieces=12, shown=12)}) == 0
    levels = {each.place: each for each in OwnStock().levels(["KET-15", "none"])}
    assert (levels["Shop"].count, levels["Shop"].back_on, levels["B"].count) == (0, back, 12)
    assert levels["B"].seen_at is not None
    assert names("", stock="in") == ["Enamel kettle 1.5 l"]
    shops.move_up(admin, store)
    assert OwnStock().places() == ["B", "Shop"]
    assert stock.count(admin, kettle, {store: Counted(pieces=None, shown=12)}) == 1
    shops.remove(admin, shop)
    assert OwnStock().levels(["KET-15"]) == []
    assert names("", stock="unknown") == ["Enamel kettle 1.5 l"]


def test_what_fits_and_what_may_stand_in_is_told_both_ways_and_only_of_what_is_sold(
    admin: Actor,
) -> None:
    products.create(admin, KETTLE)
    a_product(admin, "TRI-1", "Trivet")
    a_product(admin, "KET-10", "Enamel kettle 1 l", group="KET-15", category="Kettles")
    a_product(admin, "KET-S", "Steel kettle", category="Kettles")
    a_product(admin, "KET-O", "Old kettle", category="Kettles", is_sold=False)
    ours = OwnCatalogue()
    assert [each.key for each in ours.fitting("KET-15")] == ["TRI-1"]
    assert [each.key for each in ours.fitting("TRI-1")] == ["KET-15"]
    assert [each.key for each in ours.similar("KET-15")] == ["KET-10", "KET-S"]
    assert [each.key for each in ours.similar("KET-10", 1)] == ["KET-15"]
    assert (ours.fitting("none"), ours.similar("none"), ours.get("none")) == ([], [], None)
    told = ours.get("KET-15")
    assert told is not None
    assert (told.price, told.page.startswith("/p/catalogue/")) == (KETTLE.price, True)


@pytest.mark.parametrize(
    ("text", "skus"),
    [
        ("Is KET-15 in?", ["KET-15"]),
        ("order 4006381333931.", ["KET-15"]),
        ("Máte ještě smaltovanou konvici?", ["KON-1"]),
        ("Есть ли чайники эмалированные?", ["CHA-1"]),
        ("Do you have the enamel kettle?", ["KET-15", "KET-10"]),
        ("The enamel kettle of 10, please: KET-10", ["KET-10", "KET-15"]),
        ("Thank you for the tea!", []),
        ("My order 1042 of 2026 has not come", []),
        ("", []),
    ],
)
def test_products_are_known_again_in_what_customers_write(
    admin: Actor, text: str, skus: list[str]
) -> None:
    products.create(admin, KETTLE)
    a_product(admin, "KET-10", "Enamel kettle 10 l")
    a_product(admin, "KON-1", "Konvice smaltovaná")
    a_product(admin, "CHA-1", "Чайник эмалированный")
    a_product(admin, "1042", "Order form")
    found = [product.sku for product in recognise(text)]
    assert sorted(found) == sorted(skus)
    assert found[:1] == skus[:1] or text.startswith("Do you")


def test_knowing_products_again_asks_three_questions_however_much_is_said(admin: Actor) -> None:
    for at in range(20):
        a_product(admin, f"KET-{at}", f"Kettle number {at}")
    with statements() as few:
        recognise("KET-1 kettle")
    with statements() as many:
        recognise(" ".join(f"KET-{at} kettle number word{at}" for at in range(200)))
    assert max(len(few), len(many)) <= 3
