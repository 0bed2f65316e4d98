"""The ready views: what stands in each, for whom, in what order and at what price."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier

import pytest
from flask import Flask

from deskcore.domain.kinds import Direction
from deskcore.domain.views import TicketRow
from deskcore.errors import NotFound
from deskcore.services import lists, tickets
from deskcore.services.unit import reading
from tests.factories import a_mailbox, a_message, a_team, a_ticket, a_user
from tests.statements import statements

MORNING = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)


def test_each_view_holds_its_own_tickets(app: Flask) -> None:
    mailbox = a_mailbox()
    petr = a_user("admin")
    free, mine = a_ticket(mailbox), a_ticket(mailbox, assignee=petr)
    waiting, other = (
        a_ticket(mailbox, status="waiting_customer"),
        a_ticket(mailbox, status="waiting_others"),
    )
    solved, spam = a_ticket(mailbox, status="solved"), a_ticket(mailbox, is_spam=True)
    found = {view: {row.number for row in lists.page(petr, view).rows} for view in lists.VIEWS}
    assert found == {
        "unassigned": {free},
        "mine": {mine},
        "open": {free, mine},
        "waiting": {waiting, other},
        "solved": {solved},
        "spam": {spam},
    }


def test_a_view_that_does_not_exist_is_not_found(app: Flask) -> None:
    with pytest.raises(NotFound):
        lists.page(a_user("admin"), "everything")


def test_agents_see_the_mailboxes_of_their_teams_only(app: Flask) -> None:
    ours, theirs = a_mailbox(), a_mailbox()
    agent = a_user(teams=(a_team(ours),))
    number = a_ticket(ours)
    a_ticket(theirs)
    assert [row.number for row in lists.page(agent, "open").rows] == [number]


@pytest.mark.parametrize("view", ["open", "waiting", "solved"])
def test_pages_follow_one_another_without_gaps_or_repeats(app: Flask, view: str) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    statuses = {"open": ["open"], "waiting": ["waiting_customer", "waiting_others"]}
    for at in range(12):
        choices = statuses.get(view, ["solved"])
        # Three at the same moment: the id must break the tie.
        moment = MORNING + timedelta(minutes=at // 3)
        a_ticket(mailbox, status=choices[at % len(choices)], at=moment)
    with reading() as session:
        first = lists.read_page(session, admin, view, size=5)
        second = lists.read_page(session, admin, view, cursor=first.after, size=5)
        third = lists.read_page(session, admin, view, cursor=second.after, size=5)
        back = lists.read_page(session, admin, view, cursor=third.before, size=5)
    numbers = [row.number for page in (first, second, third) for row in page.rows]
    assert len(numbers) == len(set(numbers)) == 12
    assert numbers == sorted(numbers, reverse=view == "solved")
    assert back.rows == second.rows
    assert (first.before, third.after) == ("", "")


@pytest.mark.parametrize("cursor", ["x", "a-", "azz-1", "a1-fffffffffffffffffffff", "b" * 500, "'"])
def test_a_made_up_cursor_gives_the_first_page(app: Flask, cursor: str) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    a_ticket(mailbox)
    assert len(lists.page(admin, "open", cursor=cursor).rows) == 1


def test_a_ticket_is_unread_until_its_last_message_was_seen(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox)
    assert lists.page(admin, "open").rows[0].is_unread
    tickets.mark_seen(admin, number, 10**9)
    assert not lists.page(admin, "open").rows[0].is_unread
    a_message(number, "a colleague's note", direction=Direction.NOTE)
    assert not lists.page(admin, "open").rows[0].is_unread
    a_message(number, "anything new?")
    assert lists.page(admin, "open").rows[0].is_unread


def test_two_tabs_that_tell_at_once_how_far_was_read_are_both_heard(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    at_once = Barrier(6)

    def tell(number: int, message: int) -> None:
        with app.app_context():
            at_once.wait()
            tickets.mark_seen(admin, number, message)

    with ThreadPoolExecutor(6) as tabs:
        for number in [a_ticket(mailbox) for _ in range(5)]:
            a_message(number, "one")
            last = a_message(number, "two")
            list(tabs.map(tell, [number] * 6, [last - 1, last] * 3))
    assert not any(row.is_unread for row in lists.page(admin, "open").rows)


def test_a_page_costs_one_statement_however_many_rows_it_has(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    costs = set()
    for count in (1, 20):
        for _ in range(count):
            a_ticket(mailbox)
        with statements() as seen:
            lists.page(admin, "open")
        costs.add(len(seen))
    assert costs == {1}


def test_a_place_knows_its_neighbours(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    first, second, third = (a_ticket(mailbox) for _ in range(3))
    listed = lists.page(admin, "open")
    place = lists.place_of(listed, second)
    assert (place.position, place.previous_number, place.next_number) == (2, first, third)
    gone = lists.place_of(listed, 99)
    assert (gone.position, gone.next_number) == (0, first)


def test_a_place_is_found_without_the_rows_as_with_them(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lists, "PAGE", 2)
    mailbox, admin = a_mailbox(), a_user("admin")
    numbers = [a_ticket(mailbox) for _ in range(5)]
    for newest_first in (False, True):
        first = lists.page(admin, "open", newest_first=newest_first)
        second = lists.page(admin, "open", cursor=first.after, newest_first=newest_first)
        for cursor in ("", first.after, second.before):
            listed = lists.page(admin, "open", cursor=cursor, newest_first=newest_first)
            for number in (*numbers, 99):
                there = lists.place_of(listed, number)
                found = lists.find_place(
                    admin, "open", number, cursor=cursor, newest_first=newest_first
                )
                assert found == there


@pytest.mark.parametrize("view", ["open", "waiting", "spam"])
def test_rows_take_their_columns_in_the_order_of_the_query(view: str) -> None:
    statement = lists._page_statement(view, 5, everything=True, is_first=True, backwards=False)
    assert tuple(statement.selected_columns.keys()) == TicketRow._fields
