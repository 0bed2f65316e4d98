"""The pages and the card in a browser without JavaScript, and what customers see behind a link."""

from __future__ import annotations

import re
from typing import Any

import pytest
from sqlalchemy import select

from deskcore.services import drafts
from deskcore.services.unit import reading
from plugins.cross_sell import offers
from plugins.cross_sell.tables import CHANCES
from tests.cross_sell.shop import DESCALER, KETTLE, stocked
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.statements import statements
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL, answer, eva

FORM = {
    "name": "Descaler", "what": "product", "value": "DES-1", "fits": "", "customer_tag": "",
    "starts_on": "", "ends_on": "2031-12-31", "season_from": "", "season_to": "", "stock_needed": "1",
    "code": "CLEAN10", "url": "", "is_on": "y", "text_en": "A descaler keeps it clean.",
    "terms_en": "One each.", "text_cs": "", "text_ru": "", "version": "",
}  # fmt: skip
NEW = "/p/cross_sell/offers/new"
MOST_ASKED = (
    16  # statements of a card, most of them the page's and the ticket's; 3 ask the plugin's tables
)


@pytest.fixture
def number(owner: Visitor) -> int:
    stocked(DES_1=5)
    customer = a_customer("Olga Malá", "olga@cz.example")
    return a_ticket(a_mailbox(), subject="Klara", text=KETTLE, customer=customer)


def kept() -> int:
    return offers.create(eva(), DESCALER)


def chance() -> Any:
    with reading() as session:
        return session.execute(select(CHANCES)).one()


def link_in(text: str) -> str:
    found = re.search(r"https?://localhost(/c/cross_sell/[\w-]{22})", text)
    assert found, text
    return found[1]


def test_an_offer_is_written_tried_changed_switched_and_deleted(
    owner: Visitor, number: int
) -> None:
    assert "There are no offers yet" in owner.get("/p/cross_sell/").text
    owner.get(NEW)
    tried = owner.get(owner.post(NEW, FORM).location).text
    for told in ("Saved.", f"#{number} Klara", "Olga Malá", "Descaler fits Kettle Klara"):
        assert told in tried
    listed = owner.get("/p/cross_sell/").text
    for told in ("until Dec 31, 2031", "by Eva Nová", "Switch off Descaler"):
        assert told in listed
    path = "/p/cross_sell/offers/1/edit"
    assert 'value="2031-12-31"' in owner.get(path).text
    assert owner.post(path, {**FORM, "name": "Lime", "version": "1"}).status_code == 303
    late = owner.post(path, {**FORM, "name": "Mine", "version": "1"})
    assert late.status_code == 422
    assert "Somebody changed this offer meanwhile" in late.text
    owner.post("/p/cross_sell/offers/1/switch", {"on": "0"})
    assert "Switch on Lime" in owner.get("/p/cross_sell/").text
    owner.post("/p/cross_sell/offers/1/delete")
    assert "There are no offers yet" in owner.get("/p/cross_sell/").text
    audit = owner.get("/admin/audit").text
    for said in ("wrote an offer", "changed an offer", "switched an offer off", "deleted an offer"):
        assert said in audit


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_lost(owner: Visitor) -> None:
    owner.get(NEW)
    wrong = {"name": "", "season_from": "13-40", "ends_on": "soon", "url": "javascript:1"}
    for field, typed in wrong.items():
        refused = owner.post(NEW, {**FORM, field: typed})
        assert refused.status_code == 422, field
        assert f'aria-describedby="{field}' in refused.text or f"{field}-error" in refused.text
        assert "A descaler keeps it clean." in refused.text
    assert offers.every() == []


def test_the_card_is_beside_the_ticket_below_the_answer_and_a_page(
    owner: Visitor, number: int
) -> None:
    kept()
    address = f"/p/cross_sell/for/{number}"
    ticket = owner.get(f"/t/{number}").text
    assert f'hx-get="{address}"' in ticket
    assert f'hx-get="{address}?at=tool"' in ticket
    with statements() as seen:
        part = owner.get(address, headers=PARTIAL).text
    assert len(seen) <= MOST_ASKED
    assert "Fits what the ticket speaks of: Kettle Klara" in part
    assert "CZK" in part
    assert "<h1" not in part
    page = owner.get(address).text
    assert "<h1" in page
    assert f'action="{address}/1/insert"' in page
    with reading() as session:
        assert session.execute(select(CHANCES)).all() == []  # looking counts nothing
    assert owner.post(f"{address}/seen").status_code == 204
    row = chance()
    assert (row.shown_at is not None, row.inserted_at, row.is_control) == (True, None, False)


def test_without_scripts_insert_puts_the_text_into_the_draft_and_sends_nothing(
    owner: Visitor, number: int
) -> None:
    kept()
    owner.get(f"/p/cross_sell/for/{number}")
    gone = owner.post(f"/p/cross_sell/for/{number}/1/insert")
    assert gone.location == f"/t/{number}?mode=reply"
    draft = drafts.get(eva(), number, "reply").body
    assert draft.startswith("A descaler keeps it clean: Descaler")
    link_in(draft)
    row = chance()
    assert (row.inserted_by, row.sent_at) == ("Eva Nová", None)
    assert "in the answer" in owner.get(f"/p/cross_sell/for/{number}").text
    told = owner.post(f"/p/cross_sell/for/{number}/1/insert", {"inserted": "1"})
    assert (told.status_code, told.mimetype) == (200, "text/plain")
    assert "not made in this ticket any more" in told.text


def test_put_away_taken_taken_back_and_wishes_are_kept(owner: Visitor, number: int) -> None:
    kept()
    address = f"/p/cross_sell/for/{number}"
    owner.get(address)
    assert owner.post(f"{address}/1/dismiss", {"reason": "because"}).status_code == 422
    again = owner.post(f"{address}/1/dismiss", {"reason": "not_now", "part": "1"})
    assert "Nothing to offer here" in again.text
    assert owner.post(f"{address}/taken", {"code": "clean10"}).location == f"/t/{number}"
    row = chance()
    assert (row.dismissed_for, row.taken_how, row.taken_by) == ("not_now", "code", "Eva Nová")
    assert "Take back" in owner.get(address).text
    owner.post(f"{address}/taken/{row.id}/back")
    assert chance().taken_at is None
    assert owner.post(f"{address}/taken", {"code": "NONE"}).status_code == 422
    card = f"/p/cross_sell/customers/{row.customer_id}"
    assert "Offers are fine." in owner.get(card).text
    owner.post(f"{card}/wishes", {"wants": "0", "ticket": "0"})
    assert "as Eva Nová noted on" in owner.get(card).text
    assert "This customer wants no offers." in owner.get(address).text


def test_looking_at_a_link_counts_nothing_and_a_press_counts_once_and_leads_to_the_shop(
    owner: Visitor, visitor: Visitor, number: int
) -> None:
    kept()
    owner.get(f"/p/cross_sell/for/{number}")
    owner.post(f"/p/cross_sell/for/{number}/1/insert")
    path = link_in(drafts.get(eva(), number, "reply").body)
    for _scan in range(3):
        page = visitor.get(path)
        visitor.client.head(path)
    for told in ("Descaler", "One each.", "CLEAN10", "To the shop: tools.example"):
        assert told in page.text
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert chance().clicked_at is None
    gone = visitor.post(path)
    assert 'content="0;url=https://tools.example/DES-1?a=1&amp;b=2"' in gone.text
    first = chance().clicked_at
    assert first is not None
    visitor.post(path)
    assert chance().clicked_at == first
    for bad in (f"{path}x", path[:-1], "/c/cross_sell/https://evil.example"):
        assert visitor.post(bad).status_code == 404
    led = visitor.post(f"{path}?url=https://evil.example").text
    assert re.findall(r'content="0;url=([^"]*)"', led) == [
        "https://tools.example/DES-1?a=1&amp;b=2"
    ]
    assert visitor.get(path[:-1]).status_code == 404


def test_a_link_outlives_its_offer_and_a_customer_can_say_no_more(
    owner: Visitor, visitor: Visitor, number: int
) -> None:
    offer_id = kept()
    owner.get(f"/p/cross_sell/for/{number}")
    owner.post(f"/p/cross_sell/for/{number}/1/insert")
    path = link_in(drafts.get(eva(), number, "reply").body)
    offers.switch(eva(), offer_id, is_on=False)
    page = visitor.get(path)
    assert page.status_code == 200
    assert "This offer is over." in page.text
    assert "CLEAN10" not in page.text
    refused = owner.post(f"/p/cross_sell/offers/{offer_id}/delete")
    assert refused.location.endswith("/edit")
    assert visitor.get(path).status_code == 200
    assert "We have noted it" in visitor.post(f"{path}/no-more").text
    told = owner.get(f"/p/cross_sell/for/{number}").text
    assert "as they told us on" in told


def test_what_leaves_the_desk_with_its_link_is_noted(owner: Visitor, number: int) -> None:
    kept()
    owner.get(f"/p/cross_sell/for/{number}")
    owner.post(f"/p/cross_sell/for/{number}/1/insert")
    body = drafts.get(eva(), number, "reply").body
    assert owner.post(f"/t/{number}/reply", answer(owner, number, body=body)).status_code == 303
