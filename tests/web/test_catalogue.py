"""The pages of the catalogue in a browser without JavaScript, and the card beside a ticket."""

from __future__ import annotations

import io
import re
from typing import Any

import pytest

from deskcore.config import Config
from deskcore.services import jobs
from plugins.catalogue import products, shops
from tests.catalogue.shelf import a_place, a_product, an_admin, with_catalogue
from tests.factories import a_customer, a_mailbox, a_message, a_ticket
from tests.statements import statements
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL, eva

HOME = "/p/catalogue/"
PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40
FORM = {
    "name": "Enamel kettle",
    "sku": "KET-15",
    "price": "1 299,50",
    "currency": "czk",
    "barcode": "4006381333930",
    "category": "Kettles",
    "tags": "kitchen, enamel",
    "is_sold": "y",
}


@pytest.fixture
def config(config: Config) -> Config:
    return with_catalogue(config)


def path_of(answer: object) -> str:
    return str(getattr(answer, "location", "")).partition("?")[0]


def test_the_first_page_says_what_will_stand_there_and_how_it_gets_there(owner: Visitor) -> None:
    page = owner.get(HOME).text
    assert "There are no products yet" in page
    assert "Add a product" in page


def test_a_product_is_added_shown_found_changed_and_deleted(owner: Visitor) -> None:
    picture = {"picture": (io.BytesIO(PNG), "kettle.svg")}
    made = owner.post(f"{HOME}new", {**FORM, **picture})
    assert made.status_code == 303
    page = owner.get(path_of(made)).text
    assert "CZK" in page or "Kč" in page
    assert "1,299.50" in page
    assert "The last digit of the barcode does not fit the others; it would be 1." in page
    address = re.search(r'src="([^"]*/picture[^"]*)"', page)
    assert address is not None
    with owner.client.get(address[1]) as shown:
        assert (shown.data, shown.mimetype) == (PNG, "image/png")
    assert "Enamel kettle" in owner.get(f"{HOME}?q=enam").text
    assert "Nothing fits" in owner.get(f"{HOME}?q=teapot").text
    edit = f"{path_of(made)}/edit"
    assert 'value="1299.50"' in owner.get(edit).text
    changed = owner.post(edit, {**FORM, "name": "Kettle", "version": "1", "is_sold": ""})
    assert changed.status_code == 303
    assert "Sold no longer" in owner.get(path_of(made)).text
    assert owner.post(f"{path_of(made)}/delete", {}).status_code == 303
    assert owner.get(path_of(made)).status_code == 404


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"price": "-5"}, "less than nothing"),
        ({"price": "1.999"}, "more decimals"),
        ({"currency": "XYZ"}, "no currency"),
        ({"name": ""}, "Give it a name"),
        ({"picture": b"<svg/>"}, "no picture that is shown here"),
    ],
)
def test_a_form_that_is_refused_says_why_and_keeps_what_was_typed(
    owner: Visitor, wrong: dict[str, Any], said: str
) -> None:
    # A file that was sent is closed: each database's test makes its own.
    files = {"picture": (io.BytesIO(wrong["picture"]), "a.png")} if "picture" in wrong else {}
    refused = owner.post(f"{HOME}new", {**FORM, **wrong, **files})
    assert refused.status_code == 422
    assert said in refused.text
    assert "Error:" in refused.text
    assert 'value="KET-15"' in refused.text


def test_stock_is_counted_by_place_and_a_slip_is_said(owner: Visitor) -> None:
    product = a_product(eva(), "KET-15", "Kettle")
    assert "Add your shop or store" in owner.get(f"{HOME}{product}").text
    owner.post(f"{HOME}places", {"name": "Shop in Brno", "note": "Open till 6"})
    assert owner.post(f"{HOME}places", {"name": "shop in brno"}).status_code == 422
    (place,) = shops.names()
    count = f"{HOME}{product}/stock"
    wrong = owner.post(count, {f"place_{place}": "many", f"place_{place}_shown": ""})
    assert wrong.status_code == 422
    assert "Write a whole number" in wrong.text
    assert 'value="many"' in wrong.text
    told = {f"place_{place}": "3", f"place_{place}_back": "", f"place_{place}_shown": ""}
    assert owner.post(count, told).status_code == 303
    assert "Shop in Brno" in owner.get(HOME).text
    meanwhile = owner.post(count, {**told, f"place_{place}": "4"})
    assert "Eva Nová wrote down 3 here meanwhile" in meanwhile.text
    assert owner.post(f"{HOME}places/{place}", {"name": "Brno", "note": ""}).status_code == 303
    assert owner.post(f"{HOME}places/{place}/up", {}).status_code == 303
    assert "stock of 1 product?" in owner.get(f"{HOME}places/{place}").text
    assert owner.post(f"{HOME}places/{place}/delete", {}).status_code == 303
    assert products.one(an_admin(), product).sku == "KET-15"


def test_the_card_of_a_ticket_shows_what_it_speaks_of_and_asks_as_much_for_one_as_for_five(
    owner: Visitor,
) -> None:
    mailbox = a_mailbox()
    number = a_ticket(mailbox, subject="Kettle", customer=a_customer("Olga", "olga@cz.example"))
    assert f'href="{HOME}for/{number}"' in owner.get(f"/t/{number}").text
    empty = owner.get(f"{HOME}for/{number}").text
    assert "This ticket names no product" in empty
    place = a_place(eva(), "Brno")
    first = a_product(eva(), "KET-0", "Red kettle")
    owner.post(f"{HOME}{first}/stock", {f"place_{place}": "3"})
    a_message(number, "Is KET-0 in?")
    one = _asked(owner, number)
    for at in range(1, 5):
        a_product(eva(), f"KET-{at}", f"Kettle of {at} l")
    a_message(number, "Or KET-1, KET-2, KET-3, KET-4?")
    assert len(_asked(owner, number)) == len(one)
    card = owner.get(f"{HOME}for/{number}", headers=PARTIAL).text
    assert all(f"KET-{at}" in card for at in range(5))
    assert "Brno" in card
    assert "<html" not in card


def _asked(owner: Visitor, number: int) -> list[str]:
    owner.get(f"{HOME}for/{number}", headers=PARTIAL)
    with statements() as asked:
        owner.get(f"{HOME}for/{number}", headers=PARTIAL)
    return [statement for statement in asked if "plg_catalogue" in statement]


CSV = "SKU;Name;Price;Stock Brno\nKET-15;Kettle;12,50;3\nTRI-1;Trivet;much;1\n"


def all_work() -> None:
    while jobs.run_next("worker"):
        pass


def test_a_file_is_brought_looked_through_taken_and_its_bad_row_reported(owner: Visitor) -> None:
    a_place(eva(), "Brno")
    assert owner.post(f"{HOME}imports", {}).status_code == 422
    sent = {"file": (io.BytesIO(CSV.encode("utf-16")), "shop.csv")}
    at = path_of(owner.post(f"{HOME}imports", sent))
    page = owner.get(at).text
    assert "much” is no price" in page
    assert "€12.50" in page
    form = {"encoding": "utf-16-le", "delimiter": ";", "decimal_sign": ",", "currency": "EUR"}
    means = {f"column_{at}": one for at, one in enumerate(("sku", "name", "price", "stock:1"))}
    refused = owner.post(f"{at}/columns", {**form, **means, "column_0": "", "currency": "EURO"})
    assert refused.status_code == 422
    assert "Say which column is the SKU" in refused.text
    assert owner.post(f"{at}/columns", {**form, **means}).status_code == 303
    assert "being looked through" in owner.get(at, headers=PARTIAL).text
    all_work()
    looked = owner.get(at).text
    assert "Take it into the catalogue" in looked
    assert owner.post(f"{at}/start", {}).status_code == 303
    assert "<progress" in owner.get(at).text
    owner.post(f"{at}/stop", {})
    assert "stopped" in owner.get(at).text
    owner.post(f"{at}/go-on", {})
    all_work()
    assert "Kettle" in owner.get(HOME).text
    report = owner.get(f"{at}/report")
    assert report.mimetype == "text/csv"
    assert "“much” is no price" in report.text
    assert "KET-15,Kettle,12.50,EUR" in owner.get(f"{HOME}export").text
    assert "shop.csv" in owner.get(f"{HOME}imports").text
    assert owner.post(f"{at}/forget", {}).status_code == 303
    assert owner.get(at).status_code == 404
