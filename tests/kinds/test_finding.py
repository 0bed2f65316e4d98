"""Tickets of a kind are found, and lists narrowed to them."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.extensions import db
from deskcore.models import Ticket
from deskcore.services import lists, search_query
from deskcore.services.unit import reading
from tests import factories
from tests.databases import opened
from tests.kinds.conftest import House
from tests.plugin.guests import ENTRY, write
from tests.statements import statements
from tests.web.conftest import Visitor


@pytest.fixture
def question(house: House) -> int:
    return factories.a_ticket(factories.a_mailbox(), text="Lovely tea, but where is my parcel?")


def found(typed: str) -> list[int]:
    return [row.number for row in search_query.find(SYSTEM, typed).rows]


@pytest.mark.parametrize("named", ["entry", ENTRY, '"guest book"', "ENTRY"])
def test_tickets_are_found_by_their_kind(house: House, question: int, named: str) -> None:
    assert found(f"kind:{named}") == [house.number]
    assert found(f"kind:{named} lovely") == [house.number]


def test_questions_are_a_kind_too(house: House, question: int) -> None:
    assert found("kind:question") == [question]
    assert sorted(found("lovely")) == [house.number, question]
    assert found("kind:review") == []
    assert found("kind:%") == []


def test_a_kind_whose_plugin_is_off_is_found_by_its_name(
    house: House, question: int, config: Config
) -> None:
    with opened(config.model_copy(update={"plugins": ("email", "spam")}), has_pages=True):
        assert found("kind:entry") == [house.number]


def test_a_list_holds_one_kind_only_when_it_is_asked_to(
    owner: Visitor, house: House, question: int
) -> None:
    def shown(query: str) -> list[int]:
        page = owner.get(f"/v/open{query}").text
        return sorted(int(number) for number in re.findall(r'href="/t/(\d+)[?]', page))

    assert shown("") == shown("?kind=nothing") == [house.number, question]
    assert shown(f"?kind={ENTRY}") == [house.number]
    assert shown("?kind=question") == [question]
    narrowed = owner.get(f"/v/open?kind={ENTRY}").text
    assert f"/t/{house.number}?v=open&amp;kind={ENTRY}" in narrowed
    assert "Nothing of this kind here" in owner.get(f"/v/solved?kind={ENTRY}").text


def test_a_list_offers_the_kinds_that_are_brought(owner: Visitor, house: House) -> None:
    page = owner.get(f"/v/open?sort=newest&kind={ENTRY}").text
    links = re.findall(r'id="kind-[^"]*" class="menu-item" href="([^"]*)"', page)
    assert links == [
        "/v/open?sort=newest",
        "/v/open?kind=question&amp;sort=newest",
        f"/v/open?kind={ENTRY}&amp;sort=newest",
    ]
    assert f'href="/v/open?kind={ENTRY}"' in page  # back to longest waiting


def test_a_list_offers_no_kinds_where_none_is_brought(
    owner: Visitor, house: House, config: Config
) -> None:
    without = config.model_copy(update={"plugins": ("email", "spam")})
    with opened(without, has_pages=True) as desk:
        browser = Visitor(desk.test_client())
        browser.sign_in()
        page = browser.get(f"/v/open?kind={ENTRY}").text
        assert 'id="list-kind"' not in page
        assert 'id="ticket-' in page


def test_the_next_ticket_is_of_the_same_kind(owner: Visitor, house: House, question: int) -> None:
    second = write(house.account, "More of it", entry="2", item="2")
    page = owner.get(f"/t/{house.number}?v=open&kind={ENTRY}").text
    assert f'id="ticket-next" class="btn btn-quiet btn-icon" href="/t/{second}' in page or (
        f"/t/{second}?v=open&amp;kind={ENTRY}" in page
    )
    assert "1 of 2" in page


def test_pages_of_a_narrowed_list_follow_one_another(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    for item in range(2, 6):
        write(house.account, "More", entry=str(item), item=str(item))
        factories.a_ticket(factories.a_mailbox())
    monkeypatch.setattr(lists, "PAGE", 2)
    seen: list[int] = []
    cursor, more = "", True
    while more:
        listed = lists.page(SYSTEM, "open", cursor=cursor, kind=ENTRY)
        seen += [row.number for row in listed.rows]
        cursor, more = listed.after, bool(listed.after)
    with reading() as session:
        entries = select(Ticket.number).where(Ticket.kind == ENTRY).order_by(Ticket.list_at)
        assert seen == list(session.scalars(entries))


def test_a_narrowed_list_is_read_from_its_index(house: House) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # a table of a few rows is read whole there
    with statements() as asked:
        lists.page(SYSTEM, "open", kind=ENTRY)
    statement = next(each for each in asked if "FROM ticket" in each)
    with reading() as session:
        raw = session.connection().connection
        plan = raw.cursor().execute(
            f"EXPLAIN QUERY PLAN {statement}", [None] * statement.count("?")
        )
        assert "ix_ticket_kind_list" in str(plan.fetchall())
