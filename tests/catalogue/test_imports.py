"""Imports from files: read in any letters, taken batch by batch, the same however often."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed
from deskcore.plugin import Money
from deskcore.services import jobs
from deskcore.services.unit import reading, unit_of_work
from plugins.catalogue import (
    batches,
    csv_files,
    desk_deactivate,
    importing,
    imports,
    products,
    shops,
)
from plugins.catalogue.exporting import product_rows, report_rows
from plugins.catalogue.imports import Chosen, Import
from plugins.catalogue.offer import OwnCatalogue, OwnStock
from plugins.catalogue.tables import FITS, PRODUCTS, STOCK, WORDS
from tests.catalogue.shelf import a_place, a_product, an_admin
from tests.factories import a_user

FILE = """SKU;Název;Cena;EAN;Sklad Brno;Hodí se k
KET-15;Smaltovaná konvice;1 299,50 Kč;4006381333931;3;TRI-1
TRI-1;"Podložka
pod konvici";89,-;;0;
;Bez čísla;1;;;
KET-15;Podruhé;1;;;
KET-16;;1;;;
KET-17;Konvička;moc;;;
"""


@pytest.fixture
def admin(app: Flask) -> Actor:
    return an_admin()


def brought(admin: Actor, text: str = FILE, encoding: str = "utf-8") -> Import:
    return imports.one(admin, imports.begin(admin, "zboží.csv", text.encode(encoding)))


def chosen(this: Import, **other: object) -> Chosen:
    told = {
        "encoding": this.encoding,
        "delimiter": this.delimiter,
        "decimal_sign": this.decimal_sign,
        "currency": "CZK",
        "columns": this.columns,
    }
    return Chosen(**{**told, **other})  # type: ignore[arg-type]  # fields of it


def all_work() -> None:
    while jobs.run_next("worker"):
        pass


def taken(admin: Actor, this: Import) -> Import:
    assert imports.choose(admin, this.id, chosen(this))
    all_work()
    imports.start(admin, this.id)
    all_work()
    return imports.one(admin, this.id)


def everything() -> list[object]:
    """Return all that is kept of products, but when it was looked at."""
    with reading() as session:
        kept = session.execute(select(PRODUCTS).order_by(PRODUCTS.c.sku)).all()
        stock = session.execute(select(STOCK.c.product_id, STOCK.c.place_id, STOCK.c.pieces))
        return [kept, sorted(stock.all()), *(sorted(session.execute(select(each)).all()) for each in (WORDS, FITS))]  # fmt: skip


def counts(this: Import) -> tuple[int, int, int, int]:
    return this.added, this.changed, this.same, this.bad


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8", FILE),
        ("utf-8-sig", FILE),
        ("utf-16", FILE),
        ("utf-16-le", FILE),
        ("cp1250", FILE),
        ("cp1251", FILE.replace("Smaltovaná konvice", "Чайник эмалированный").replace("Název", "Название").replace("Cena", "Цена").replace("Podložka\npod konvici", "Подставка для чайника").replace("Hodí se k", "Подходит к").replace("Kč", "CZK").replace("Bez čísla", "Без номера").replace("Podruhé", "Снова").replace("Konvička", "Чайничек")),
    ],
)  # fmt: skip
def test_a_file_is_understood_in_the_letters_that_programs_save(
    admin: Actor, encoding: str, text: str
) -> None:
    a_place(admin, "Brno")
    (place,) = shops.names()
    this = brought(admin, text, encoding)
    assert this.delimiter == ";"
    assert list(this.columns) == ["sku", "name", "price", "barcode", f"stock:{place}", "fits"]
    assert this.decimal_sign in {"", ","}
    assert counts(taken(admin, this)) == (2, 0, 0, 4)
    kettle = OwnCatalogue().get("KET-15")
    assert kettle is not None
    assert kettle.name in {"Smaltovaná konvice", "Чайник эмалированный"}
    assert kettle.price == Money(amount=129950, currency="CZK")
    assert [each.key for each in OwnCatalogue().fitting("KET-15")] == ["TRI-1"]
    assert {each.key: each.count for each in OwnStock().levels(["KET-15", "TRI-1"])} == {"KET-15": 3, "TRI-1": 0}  # fmt: skip


@pytest.mark.parametrize("sign", [";", ",", "\t"])
def test_the_sign_between_cells_is_found_and_can_be_told(
    admin: Actor, sign: str, tmp_path: Path
) -> None:
    told = io.StringIO()
    csv.writer(told, delimiter=sign).writerows([["SKU", "Name"], ["A-1", "Tea; black, loose"]])
    this = brought(admin, told.getvalue())
    assert (this.delimiter, list(this.columns)) == (sign, ["sku", "name"])
    said = tmp_path / "said.csv"
    said.write_text(f"sep={sign}\nSKU{sign}Name\n")
    assert csv_files.guess_delimiter(said, "utf-8") == sign
    assert [row.cells for row in csv_files.first_rows(said, "utf-8", sign, 5)] == [["SKU", "Name"]]
    other = ";" if sign != ";" else ","
    assert not imports.choose(admin, this.id, chosen(this, delimiter=other))
    assert imports.one(admin, this.id).headers != this.headers


def test_every_bad_row_is_reported_with_its_reason_and_the_others_are_taken(admin: Actor) -> None:
    a_place(admin, "Brno")
    this = taken(admin, brought(admin))
    report = list(report_rows(this))
    assert [row[0] for row in report] == ["Row", "4", "5", "6", "7"]
    reasons = " ".join(row[1] for row in report)
    for said in ("no SKU", "in row 2 already", "has no name", "“moc” is no price"):
        assert said in reasons
    assert report[1][2:4] == ["", "Bez čísla"]


def test_the_same_file_twice_gives_the_same(admin: Actor) -> None:
    a_place(admin, "Brno")
    first = taken(admin, brought(admin))
    kept = everything()
    again = taken(admin, brought(admin))
    assert counts(first) == (2, 0, 0, 4)
    assert counts(again) == (0, 0, 2, 4)
    assert everything() == kept


def test_looking_through_tells_what_would_become_of_it_and_changes_nothing(admin: Actor) -> None:
    a_place(admin, "Brno")
    a_product(admin, "TRI-1", "Trivet", summary="Cast iron")
    before = everything()
    this = brought(admin)
    imports.choose(admin, this.id, chosen(this))
    all_work()
    told = imports.one(admin, this.id)
    assert (told.state, counts(told), told.total) == ("checked", (1, 1, 0, 4), 6)
    assert everything() == before
    imports.start(admin, this.id)
    all_work()
    trivet = OwnCatalogue().get("TRI-1")
    assert trivet is not None
    assert (trivet.name, trivet.summary) == ("Podložka pod konvici", "Cast iron")


def test_an_import_is_stopped_goes_on_and_survives_its_worker(
    admin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "SIZE", 10)
    rows = "".join(f"S-{at},Thing {at},{at}.50\n" for at in range(95))
    this = brought(admin, f"SKU,Name,Price\n{rows}")
    imports.choose(admin, this.id, chosen(this))
    all_work()
    imports.start(admin, this.id)
    real = batches.write
    calls = iter(range(1000))

    def dies(*args: object, **more: object) -> None:
        real(*args, **more)  # type: ignore[arg-type]  # handed on
        if next(calls) in {2, 5}:
            raise KeyboardInterrupt  # as if the worker was killed before the commit

    monkeypatch.setattr(batches, "write", dies)
    for _death in range(2):
        with pytest.raises(KeyboardInterrupt):
            importing.work(this.id)
    assert imports.one(admin, this.id).position == 40
    imports.stop(admin, this.id)
    importing.work(this.id)
    assert counts(imports.one(admin, this.id)) == (40, 0, 0, 0)
    imports.go_on(admin, this.id)
    monkeypatch.setattr(importing, "A_TURN_S", -1.0)
    all_work()
    done = imports.one(admin, this.id)
    assert (done.state, counts(done), done.total) == ("done", (95, 0, 0, 0), 95)


def test_a_file_that_is_broken_somewhere_is_read_on_behind_it(admin: Actor) -> None:
    text = f'SKU,Name\nA-1,Tea\nA-2,"{"x" * 140_000}\nA-3,Cup\nA-4,Pot,Lid\n\nA-5,"Jug"\n'
    this = taken(admin, brought(admin, text))
    assert this.added >= 1
    assert OwnCatalogue().get("A-1") is not None
    problems = {row[1] for row in report_rows(this)}
    assert any("quotation mark" in said for said in problems)
    latin = brought(admin, "SKU,Name\nA-9,Caf\xe9 \x81\n", "latin-1")
    assert imports.choose(admin, latin.id, chosen(latin, encoding="utf-8")) is False
    assert counts(taken(admin, imports.one(admin, latin.id))) == (0, 0, 0, 1)


def test_what_was_said_of_columns_is_kept_for_the_next_file(admin: Actor) -> None:
    text = "Nummer,Was,Kostet\nA-1,Tea,5\n"
    this = brought(admin, text)
    assert list(this.columns) == ["", "", ""]
    with pytest.raises(Invalid):
        imports.choose(admin, this.id, chosen(this))
    told = chosen(this, columns=["sku", "name", "price"], currency="JPY")
    assert imports.choose(admin, this.id, told)
    all_work()
    imports.start(admin, this.id)
    all_work()
    assert list(brought(admin, text).columns) == ["sku", "name", "price"]
    tea = OwnCatalogue().get("A-1")
    assert tea is not None
    assert tea.price == Money(amount=5, currency="JPY")


def test_what_is_handed_out_runs_nowhere_and_is_taken_back_as_it_was(admin: Actor) -> None:
    a_place(admin, "Brno")
    a_product(admin, "=1+1", "@SUM(A1)", summary="-5", tags=("a", "b"), fits=("X-1",),
              price=Money(amount=1234, currency="KWD"))  # fmt: skip
    a_product(admin, "OLD", "Old", is_sold=False)
    rows = list(product_rows(admin))
    assert rows[1][:2] == ["'=1+1", "'@SUM(A1)"]
    assert not any(cell.startswith(("=", "+", "@", "\t")) for row in rows for cell in row)
    told = io.StringIO()
    csv.writer(told).writerows(rows)
    kept = everything()
    assert counts(taken(admin, brought(admin, told.getvalue()))) == (0, 0, 2, 0)
    assert everything() == kept


def test_importing_is_a_right_of_its_own_and_a_file_has_to_be_one(admin: Actor) -> None:
    agent = a_user("agent")
    with pytest.raises(NotAllowed):
        imports.begin(agent, "a.csv", b"SKU\nA")
    with pytest.raises(NotAllowed):
        imports.listed(agent)
    for content in (b"", b"  \n", b";" * 300):
        with pytest.raises(Invalid):
            imports.begin(admin, "a.csv", content)
    this = brought(admin)
    with pytest.raises(Invalid):
        imports.start(admin, this.id)
    imports.choose(admin, this.id, chosen(this))
    with pytest.raises(Invalid):
        imports.forget(admin, this.id)
    imports.stop(admin, this.id)
    assert imports.forget(admin, this.id) == "zboží.csv"
    assert products.usual_currency() == ""


def test_desk_deactivate_stops_what_is_under_way(admin: Actor) -> None:
    this = brought(admin, "SKU,Name\nK-1,Kettle\n")
    imports.choose(admin, this.id, chosen(this))
    with unit_of_work(admin) as unit:
        desk_deactivate(unit.session)
    all_work()
    assert imports.one(admin, this.id).state == "columns"
    imports.choose(admin, this.id, chosen(this))
    all_work()
    imports.start(admin, this.id)
    with unit_of_work(admin) as unit:
        desk_deactivate(unit.session)
    all_work()
    assert imports.one(admin, this.id).state == "stopped"
    imports.go_on(admin, this.id)
    all_work()
    assert imports.one(admin, this.id).state == "done"
