"""The card beside a ticket: is it in, where, when back; notes; and the waiting list at one press."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import text

from deskcore.config import Config
from deskcore.extensions import db
from plugins.stock_notes import waits
from tests.databases import opened
from tests.factories import a_customer, a_mailbox, a_ticket, a_user
from tests.statements import statements
from tests.stock_notes.counter import offer
from tests.web.conftest import Visitor

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def rows(sql: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def test_a_ticket_shows_the_card_at_no_cost_and_fills_it_when_looked_at(
    owner: Visitor, number: int
) -> None:
    page = owner.get(f"/t/{number}").text
    assert f"/p/stock_notes/card/{number}" in page
    assert offer().asked == []
    card = plain(owner.get(f"/p/stock_notes/card/{number}", headers=PARTIAL).text)
    assert "Assam 3 in" in card or "Assam 3 left" in card
    assert "High Street" in card
    assert "Harbour seen" in card
    assert "Sencha none" in card
    assert "back on May 17, 2030" in card
    assert "In stock and similar: Gyokuro (40)" in card
    # Each sort of thing is asked once, however many products the ticket names.
    asked = offer().asked
    assert [asked.count(what) for what in ("recognise", "places", "similar")] == [1, 1, 1]
    assert asked.count("levels") == 2  # of what is named, and of what may stand in for it


def test_a_card_of_many_products_asks_the_database_no_more_often(
    owner: Visitor, number: int
) -> None:
    one = a_ticket(a_mailbox(), subject="Assam?", text="Assam")
    with statements() as few:
        owner.get(f"/p/stock_notes/card/{one}", headers=PARTIAL)
    with statements() as many:
        owner.get(f"/p/stock_notes/card/{number}", headers=PARTIAL)
    assert len(many) <= len(few) + 1


def test_one_press_puts_the_customer_on_the_list_once(owner: Visitor, number: int) -> None:
    owner.get(f"/p/stock_notes/card/{number}")
    form = {"product": "T-2", "amount": "2", "place": "Harbour", "until": "2030-12-24"}
    gone = owner.post(f"/p/stock_notes/card/{number}/wait", form)
    assert gone.status_code == 303
    card = plain(owner.get(gone.location).text)
    assert "On the list since" in card
    assert "by Eva Nová · 2 pieces · Harbour · until Dec 24, 2030" in card
    owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-2"})
    found = rows("SELECT product, amount, place, state, by_name FROM plg_stock_notes_wait")
    assert found == [("T-2", 2, "Harbour", "waiting", "Eva Nová")]
    assert rows("SELECT product, lane FROM plg_stock_notes_card") == [("T-2", "watching")]


def test_what_nobody_sells_is_waited_for_by_its_words(owner: Visitor, number: int) -> None:
    owner.get(f"/p/stock_notes/card/{number}")
    owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "", "words": " Blue  teapot "})
    assert rows("SELECT product FROM plg_stock_notes_wait") == [("?Blue teapot",)]
    assert "Blue teapot not sold" in plain(owner.get(f"/p/stock_notes/card/{number}").text)
    demand = plain(owner.get("/p/stock_notes/demand").text)
    assert "Blue teapot not sold 1 0 0 on the board" in demand
    empty = owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "", "words": " "})
    assert empty.status_code == 422
    assert "Write what they ask for." in empty.text


def test_who_wants_no_news_is_on_no_list_and_cannot_be_put_on_one(
    owner: Visitor, number: int
) -> None:
    owner.get(f"/p/stock_notes/card/{number}")
    owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-2"})
    owner.post(f"/p/stock_notes/card/{number}/refuse", {"wants_none": "1"})
    assert rows("SELECT state FROM plg_stock_notes_wait") == [("refused",)]
    refused = owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-1"})
    assert refused.status_code == 422
    assert "They asked not to be told of goods." in plain(refused.text)
    customer = rows("SELECT customer_id FROM plg_stock_notes_refusal")[0][0]
    panel = plain(owner.get(f"/p/stock_notes/customers/{customer}", headers=PARTIAL).text)
    assert "They asked not to be told of goods. Sencha" in panel
    owner.post(f"/p/stock_notes/card/{number}/refuse", {"wants_none": ""})
    owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-1"})
    assert rows("SELECT state FROM plg_stock_notes_wait ORDER BY id") == [
        ("refused",),
        ("waiting",),
    ]


def test_notes_have_a_day_a_place_and_a_name_and_are_taken_away(
    owner: Visitor, number: int
) -> None:
    owner.get(f"/p/stock_notes/card/{number}")
    noted = {"product": "T-2", "body": "Two under\nthe <b>counter</b>", "place": "Harbour"}
    answer = owner.post(f"/p/stock_notes/card/{number}/note", noted)
    card = owner.get(answer.location).text
    assert "Two under\nthe &lt;b&gt;counter&lt;/b&gt;" in card
    assert "Eva Nová, Harbour" in plain(card)
    (note_id,) = rows("SELECT id FROM plg_stock_notes_note")[0]
    owner.post(f"/p/stock_notes/notes/{note_id}/remove", {"number": number})
    assert rows("SELECT id FROM plg_stock_notes_note") == []
    assert owner.post(f"/p/stock_notes/card/{number}/note", {"product": "T-2"}).status_code == 422


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("levels", "does not answer now: this may be incomplete"),
        ("recognise", "does not answer now: this may be incomplete"),
        ("similar", "Sencha none"),
    ],
)
def test_an_offering_plugin_that_fails_is_said_and_costs_only_its_part(
    owner: Visitor, number: int, broken: str, said: str
) -> None:
    offer().broken.add(broken)
    answer = owner.get(f"/p/stock_notes/card/{number}", headers=PARTIAL)
    assert answer.status_code == 200
    assert said in plain(answer.text)


def test_words_are_looked_for_and_an_unknown_product_is_said(owner: Visitor, number: int) -> None:
    found = plain(owner.get(f"/p/stock_notes/card/{number}?q=gyo", headers=PARTIAL).text)
    assert "Gyokuro 40 in" in found
    nothing = plain(owner.get(f"/p/stock_notes/card/{number}?q=coffee", headers=PARTIAL).text)
    assert "Nothing that is sold fits “coffee”." in nothing


def test_without_anybody_who_offers_the_card_says_so(config: Config, owner: Visitor) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer())
    alone = config.model_copy(update={"plugins": ("email", "spam", "stock_notes")})
    with opened(alone, has_pages=True) as desk:
        browser = Visitor(desk.test_client())
        browser.come_in()
        card = plain(browser.get(f"/p/stock_notes/card/{number}", headers=PARTIAL).text)
        assert "No active plugin knows what is sold." in card
        assert browser.get("/p/stock_notes/restock").status_code == 200
        assert browser.get("/p/stock_notes/demand").status_code == 200


def test_whoever_may_not_see_the_ticket_sees_no_card(
    owner: Visitor, number: int, sign_in_as: Callable[[str], Visitor]
) -> None:
    stranger = sign_in_as("agent")
    assert stranger.get(f"/p/stock_notes/card/{number}").status_code == 404
    assert (
        stranger.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-2"}).status_code == 404
    )
    owner.get(f"/p/stock_notes/card/{number}")
    owner.post(f"/p/stock_notes/card/{number}/wait", {"product": "T-2"})
    (customer,) = rows("SELECT customer_id FROM plg_stock_notes_wait")[0]
    assert [wait.product for wait in waits.standing(a_user("admin"), int(str(customer)))[0]] == [
        "T-2"
    ]
    assert waits.standing(a_user("agent"), int(str(customer))) == ([], False)
