"""Telling all who wait: everybody once, over their own channel, in their language; stop; going on."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from deskcore import clock
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed
from deskcore.extensions import db
from deskcore.models import User
from deskcore.services import tickets
from deskcore.services.unit import unit_of_work
from plugins.stock_notes import desk_deactivate, preview, runs, telling, waits
from plugins.stock_notes.waits import Wish
from tests.factories import a_customer, a_mailbox, a_team, a_ticket, a_user
from tests.stock_notes.waiting import SENCHA, TEXTS, confirmed, waiting, work

# What was queued for whom, told by tables of the desk alone.
QUEUED = """SELECT p.recipient, m.visible FROM delivery_part p JOIN delivery d ON d.id = p.delivery_id
    JOIN message m ON m.id = d.message_id ORDER BY p.recipient"""


def rows(sql: str) -> list[tuple[object, ...]]:
    with db.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(sql))]


def recipients() -> list[object]:
    return [row[0] for row in rows(QUEUED)]


def test_everybody_is_told_once_in_their_language_and_the_card_moves(
    eva: Actor, mailbox: int, counts: dict[tuple[str, str], int]
) -> None:
    for number, language in enumerate(("en", "ru", "cs")):
        waiting(eva, mailbox, number, language=language)
    counts[SENCHA, "Harbour"] = 6
    reached = runs.audience(eva, SENCHA)
    texts = {**TEXTS, "en": TEXTS["en"] + "\n\nIn: {{product.place}}, {{product.link}}"}
    assert dict(reached.by_language) == {"en": 1, "ru": 1, "cs": 1}
    shown = {each.language: each.text for each in preview.of(eva, SENCHA, reached, texts)}
    run_id = runs.confirm(eva, SENCHA, texts, expected=3)
    work()
    told = rows(QUEUED)
    assert [row[0] for row in told] == [f"wait{number}@customer.test" for number in range(3)]
    assert [row[1] for row in told] == [shown["en"], shown["ru"], shown["cs"]]
    assert shown["en"].startswith("Hello,\n\nSencha is here again.")
    assert shown["en"].endswith("In: Harbour, https://shop.example/sencha")
    assert "Sencha: снова в наличии." in shown["ru"]
    assert runs.one(run_id).state == "done"
    assert runs.progress(run_id).told == 3
    assert rows("SELECT lane FROM plg_stock_notes_card") == [("told",)]
    telling.tell(run_id=run_id)  # a job that comes again
    work()
    assert len(recipients()) == 3
    with pytest.raises(Invalid, match="Nobody waits any more"):
        confirmed(eva, 3)


def test_who_refused_withdrew_or_wanted_it_until_yesterday_is_not_told(
    eva: Actor, mailbox: int
) -> None:
    refuses, *_others = [waiting(eva, mailbox, number) for number in range(4)]
    waits.refuse(eva, refuses, wants_none=True)
    with db.engine.begin() as connection:
        gone = clock.now().date() - timedelta(days=2)
        connection.execute(
            text("UPDATE plg_stock_notes_wait SET until = :day WHERE id = 3"), {"day": gone}
        )
    run_id = confirmed(eva, 2)
    ((wait_id,),) = rows("SELECT id FROM plg_stock_notes_wait WHERE id = 2")
    waits.withdraw(eva, int(str(wait_id)))  # after the press, before the work
    work()
    assert recipients() == ["wait3@customer.test"]
    assert (runs.progress(run_id).told, runs.progress(run_id).dropped) == (1, 1)
    assert runs.audience(eva, SENCHA).too_late == 1


def test_stop_ends_it_between_two_and_the_others_are_told_later_by_somebody_else(
    eva: Actor, mailbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "UNIT", 2)
    for number in range(5):
        waiting(eva, mailbox, number)
    run_id = confirmed(eva, 5)
    telling.tell(run_id=run_id)
    runs.stop(eva, run_id)
    work()
    assert (len(recipients()), runs.one(run_id).state) == (2, "stopped")
    petr = a_user("owner", name="Petr")
    runs.resume(petr, run_id)
    work()
    assert recipients() == [f"wait{number}@customer.test" for number in range(5)]
    assert {row[0] for row in rows("SELECT author_name FROM message WHERE direction='out'")} == {
        "Eva Nová",
        "Petr",
    }
    assert runs.one(run_id).state == "done"


def test_others_than_were_shown_are_not_told(eva: Actor, mailbox: int) -> None:
    waiting(eva, mailbox, 0)
    waiting(eva, mailbox, 1)
    with pytest.raises(Invalid, match="Meanwhile 2 customers wait"):
        confirmed(eva, 1)
    confirmed(eva, 2)
    with pytest.raises(Invalid, match="being told already"):
        confirmed(eva, 2)
    work()
    assert len(recipients()) == 2


def test_who_cannot_be_told_stays_on_the_list_with_the_reason(eva: Actor, mailbox: int) -> None:
    gone, nameless = (
        waiting(eva, mailbox, 0),
        a_ticket(mailbox, customer=a_customer("", "x@c.test")),
    )
    waits.put(eva, nameless, Wish(product=SENCHA))
    tickets.mark_spam(eva, gone, is_spam=True)
    texts = {**TEXTS, "en": "{{customer.first_name}}, it is back."}
    run_id = runs.confirm(eva, SENCHA, texts, expected=2)
    work()
    assert recipients() == []
    reasons = [one.reason for one in preview.failed(eva, run_id)]
    assert len(reasons) == 2
    assert "spam" in reasons[0]
    assert reasons[1] == "Nothing is known for a placeholder of the text."
    tickets.mark_spam(eva, gone, is_spam=False)
    runs.confirm(eva, SENCHA, TEXTS, expected=2)
    work()
    assert len(recipients()) == 2


def test_only_tickets_that_one_may_see_are_answered_and_only_by_who_may(
    eva: Actor, mailbox: int
) -> None:
    ours = a_mailbox()
    waiting(eva, mailbox, 0)
    waiting(eva, ours, 1)
    member = a_user("agent", teams=(a_team(ours),))
    assert (runs.audience(member, SENCHA).count, runs.audience(member, SENCHA).unseen) == (1, 1)
    with pytest.raises(NotAllowed):
        confirmed(a_user("viewer"), 2)
    run_id = confirmed(member, 1)
    with unit_of_work() as unit:
        unit.session.get_one(User, member.id).deactivated_at = unit.now
    work()
    assert (recipients(), runs.one(run_id).state) == ([], "held")
    runs.resume(eva, run_id)
    work()
    assert recipients() == ["wait1@customer.test"]


def test_texts_that_nobody_could_read_are_refused(eva: Actor, mailbox: int) -> None:
    waiting(eva, mailbox, 0)
    with pytest.raises(Invalid, match="Write a text"):
        runs.confirm(eva, SENCHA, {**TEXTS, "en": " "}, expected=1)
    with pytest.raises(Invalid, match="not known"):
        runs.confirm(eva, SENCHA, {**TEXTS, "en": "{{product.nmae}}"}, expected=1)
    assert rows("SELECT id FROM plg_stock_notes_run") == []


def test_desk_deactivate_stops_tellings_that_are_under_way(
    eva: Actor, mailbox: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "UNIT", 2)
    for number in range(3):
        waiting(eva, mailbox, number)
    run_id = confirmed(eva, 3)
    telling.tell(run_id=run_id)
    with unit_of_work(eva) as unit:
        desk_deactivate(unit.session)
    work()
    assert (len(recipients()), runs.one(run_id).state) == (2, "stopped")
    runs.resume(eva, run_id)
    work()
    assert len(recipients()) == 3
