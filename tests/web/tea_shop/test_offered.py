"""What plugins offer around a ticket and on the administration's page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import insert

from deskcore.config import Config
from deskcore.domain.kinds import Direction
from deskcore.extensions import db
from deskcore.services import ticket_page
from tests.factories import a_customer, a_mailbox, a_message, a_team, a_ticket
from tests.plugin.authoring import write_plugin
from tests.plugin.tea import part
from tests.statements import statements
from tests.web.conftest import Visitor
from tests.web.test_tickets import PARTIAL, eva

BROKEN = """
from deskcore.plugin import Action, Column, ComposerTool, MessageNote, Widget, hookimpl

class Sulking(str):
    def __html__(self):
        raise RuntimeError("no")

@hookimpl
def desk_ticket_actions():
    return [
        Action(label="Sulk", url="/p/broken/", permission="ticket.read", icon=Sulking("zap")),
        Action(label="Leave", url="/p/broken/", permission="ticket.read"),
        Action(label="Not yours", url="/p/broken/", permission="owner.of.nothing"),
    ]

@hookimpl
def desk_message_notes(messages):
    notes = [MessageNote(message_id=each.id, text=f"{each.kind}: <b>hm</b>") for each in messages]
    return [*notes, MessageNote(message_id=messages[0].id, text="Sulky", tone=Sulking("bad"))]

@hookimpl
def desk_list_columns(tickets):
    fine = Column(label="Long", values={tickets[0].id: "x" * 90})
    return [fine, Column(label="Broken", values={"first": "of all"})]

@hookimpl
def desk_composer_tools():
    return [ComposerTool(label="Away", url="https://elsewhere.example/", permission="ticket.read")]

@hookimpl
def desk_dashboard_widgets():
    raise RuntimeError("no")
"""


@pytest.fixture
def config(config: Config) -> Config:
    write_plugin(config.instance / "plugins", "broken", BROKEN)
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "broken")})


@pytest.fixture
def number(owner: Visitor) -> int:
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    with db.engine.begin() as connection:
        shelves = [{"tea": "Assam", "count": 3}, {"tea": "Sencha", "count": 0}]
        connection.execute(insert(part("tables").SHELVES), shelves)
    return number


def test_desk_ticket_actions_are_done_at_one_press(owner: Visitor, number: int) -> None:
    page = owner.get(f"/t/{number}").text
    (form,) = re.findall(r'<form[^>]*action="/p/tea_shop/wish.*?</form>', page, re.DOTALL)
    assert 'data-confirm="They are told as soon as it is back."' in form
    assert "Wants Sencha" in form
    assert owner.post(f"/p/tea_shop/wish/{number}").location == f"/t/{number}"
    assert "Olga waits for Sencha." in owner.get(f"/t/{number}").text


def test_desk_ticket_actions_that_break_leave_the_others(owner: Visitor, number: int) -> None:
    page = owner.get(f"/t/{number}").text
    assert "Leave" in page
    assert "Sulk" not in page
    assert "Not yours" not in page
    assert "desk_ticket_actions failed" in owner.get("/admin/plugins/broken").text


def test_desk_ticket_actions_are_offered_to_those_who_only_read(
    owner: Visitor, number: int, colleague: Callable[[str], Visitor]
) -> None:
    a_team(ticket_page.read(eva(), number).mailbox_id)
    viewer = colleague("viewer")
    page = viewer.get(f"/t/{number}").text
    assert "Leave" in page
    assert "Wants Sencha" not in page  # the right of the shop is not theirs
    assert viewer.post(f"/p/tea_shop/wish/{number}").status_code == 403


def test_desk_composer_tools_open_what_they_offer(owner: Visitor, number: int) -> None:
    address = f"/p/tea_shop/offer/{number}"
    page = owner.get(f"/t/{number}").text
    assert f'href="{address}"' in page
    assert "elsewhere.example" not in page
    offered = owner.get(address, headers={**PARTIAL, "HX-Target": "dialog#dialog"}).text
    assert '<h2 id="dialog-title">Offer a tea</h2>' in offered
    assert "We have Assam again." in offered
    assert "<h1" in owner.get(address).text


def test_desk_dashboard_widgets_are_filled_when_they_are_seen(owner: Visitor) -> None:
    page = owner.get("/admin").text
    assert 'hx-get="/p/tea_shop/shelves"' in page
    assert "On the shelves" in page
    assert "desk_dashboard_widgets failed" in owner.get("/admin/plugins/broken").text


def test_desk_message_notes_stand_on_the_messages_they_are_about(
    owner: Visitor, number: int
) -> None:
    about = a_message(number, "Is there any Sencha?")
    a_message(number, "Sencha?", direction=Direction.NOTE)
    page = owner.get(f"/t/{number}").text
    first, second = page[page.index(f'id="message-{about}"') :].split(f'id="message-{about + 1}"')
    assert "Sencha is sold out." in first
    assert "customer: &lt;b&gt;hm" in first
    assert "note: &lt;b&gt;hm" in second
    assert "sold out" not in second
    assert "Sulky" not in page
    assert "desk_message_notes failed" in owner.get("/admin/plugins/broken").text


def test_desk_message_notes_are_asked_for_all_messages_at_once(owner: Visitor, number: int) -> None:
    def cost() -> int:
        with statements() as seen:
            owner.get(f"/t/{number}")
        return len(seen)

    a_message(number, "Sencha?")
    for _ in range(5):
        cost()  # until the broken plugin is left alone: each fault of it is written down
    before = cost()
    for _ in range(5):
        a_message(number, "Sencha?")
    assert cost() == before


def test_desk_list_columns_say_a_word_in_each_row(owner: Visitor, number: int) -> None:
    a_ticket(a_mailbox(), subject="Assam please")
    page = owner.get("/v/open").text
    assert '<span class="vh">On the shelves: </span><span class="clip">Assam: 3</span>' in page
    assert "x" * 40 in page
    assert "x" * 41 not in page
    assert "of all" not in page
    assert "desk_list_columns failed" in owner.get("/admin/plugins/broken").text
