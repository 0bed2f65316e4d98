"""What becomes of a kind of tickets while its plugin is off, changed, or gone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from deskcore.config import Config
from deskcore.domain.kinds import Category
from deskcore.domain.people import SYSTEM
from deskcore.domain.writing import NoteForm
from deskcore.errors import Invalid
from deskcore.extensions import db
from deskcore.models import Status, Ticket, TicketCount, TicketKind
from deskcore.plugin import migrations
from deskcore.services import kind_rows, plugin_data, replies, ticket_kinds, tickets
from deskcore.services.ticket_page import read
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.databases import opened
from tests.kinds.conftest import House
from tests.plugin.guests import ENTRY, HERE, SLUG, answer, move, status, write
from tests.plugin.switched import Switched


@contextmanager
def off(config: Config) -> Iterator[None]:
    """Stand in a process of the same desk in which the plugin is off."""
    without = config.model_copy(update={"plugins": ("email", "spam")})
    with opened(without, has_pages=True):
        yield


def counted() -> dict[str, int]:
    """Return how many tickets the lists count, by category."""
    with reading() as session:
        rows = session.execute(
            select(TicketCount.bucket, func.sum(TicketCount.amount)).group_by(TicketCount.bucket)
        )
        return {bucket: amount for bucket, amount in rows if amount}


def keys() -> list[str]:
    with reading() as session:
        found = session.scalars(select(Status.key).where(Status.kind == ENTRY).order_by(Status.id))
        return [key.rpartition(".")[2] for key in found]


def test_desk_ticket_kinds_are_rows_from_activation_to_uninstalling(
    tmp_path: Path, database_url: str
) -> None:
    desk = Switched.at(tmp_path / "instance", database_url)
    desk.drop(HERE, slug=SLUG)
    before = (desk.counts(), desk.schema())
    outcome = desk.order("activate", SLUG)
    assert (outcome.is_done, outcome.reason) == (True, "")
    with desk.database() as connection:
        made = text("SELECT category FROM status WHERE kind = 'guest_book.entry' ORDER BY position")
        assert connection.execute(made).scalars().all() == [
            "open", "open", "waiting_others", "open", "solved", "open",
        ]  # fmt: skip
    assert desk.order("deactivate", SLUG).is_done
    assert desk.counts()["status"] == before[0]["status"] + 6
    assert desk.order("uninstall", SLUG).is_done
    after = (desk.counts(), desk.schema())
    assert {name: after[0][name] for name in ("status", "ticket_kind")} == {
        "status": 4,
        "ticket_kind": 0,
    }
    assert after[1] == before[1]


def test_a_ticket_whose_plugin_is_off_is_read_noted_on_and_solved(
    house: House, config: Config
) -> None:
    with off(config):
        replies.add_note(house.ann, house.number, NoteForm(body="The book is being bound."))
        with pytest.raises(Invalid):
            tickets.change_status(house.ann, house.number, f"{ENTRY}.approved")
        tickets.change_status(house.ann, house.number, "solved")
        assert read(SYSTEM, house.number).category == Category.SOLVED
        tickets.change_status(house.ann, house.number, "open")
    assert read(SYSTEM, house.number).kind == ENTRY


def test_no_approval_is_gone_round_by_switching_the_plugin_off(
    house: House, config: Config
) -> None:
    move(house.number, (house.ann, "draft"), (house.ann, "asked"))
    with off(config):
        with pytest.raises(Invalid, match="the plugin that knows them is off"):
            answer(house.ann, house.number, "Thanks!")
        tickets.change_status(house.ann, house.number, "open")
    with pytest.raises(Invalid, match="once the status is"):
        answer(house.ann, house.number, "Thanks!")
    for name in ("asked", "approved", "published"):
        with pytest.raises(Invalid):
            move(house.number, (house.ann, name))
    move(house.number, (house.ann, "new"))
    assert status(house.number) == "new"


def test_mail_that_comes_while_the_plugin_is_off_opens_the_ticket_again(
    house: House, config: Config
) -> None:
    with off(config):
        tickets.change_status(house.ann, house.number, "solved")
        with unit_of_work() as unit:
            ticket = unit.session.scalars(select(Ticket)).one()
            assert ticket_kinds.after_message(unit, ticket) is not None
    write(house.account, "Are you there?", item="2")
    assert status(house.number) == "new"


def test_statuses_that_a_new_version_lacks_give_their_tickets_to_the_built_in_ones(
    house: House,
) -> None:
    move(house.number, (house.ann, "draft"), (house.ann, "asked"))
    kind = ticket_kinds.of(ENTRY)
    assert kind is not None
    shorter = tuple(each for each in kind.statuses if each.name != "asked")
    with unit_of_work() as unit:
        kind_rows.keep(unit, SLUG, [replace(kind, statuses=shorter)])
    assert read(SYSTEM, house.number).status == Category.WAITING_OTHERS
    assert keys() == ["new", "draft", "approved", "published", "returned"]
    assert counted() == {"waiting_others": 1}


def test_a_status_that_means_something_else_now_is_counted_anew(house: House) -> None:
    kind = ticket_kinds.of(ENTRY)
    assert kind is not None
    assert counted() == {"open": 1}
    changed = tuple(
        replace(each, category=Category.SOLVED) if each.name == "new" else each
        for each in kind.statuses
    )
    with unit_of_work() as unit:
        kind_rows.keep(unit, SLUG, [replace(kind, statuses=changed)])
    assert counted() == {"solved": 1}
    assert read(SYSTEM, house.number).category == Category.SOLVED


def test_uninstalling_keeps_tickets_their_lists_and_the_name_of_their_kind(house: House) -> None:
    second = write(house.account, "More tea", entry="2", item="3")
    move(second, (house.ann, "draft"), (house.ann, "asked"))
    before = counted()
    with unit_of_work() as unit:
        assert plugin_data.remove_rows(unit, SLUG)["statuses"] == 6
    assert keys() == []
    assert counted() == before
    assert [read(SYSTEM, number).status for number in (house.number, second)] == [
        "open",
        "waiting_others",
    ]
    with reading() as session:
        kept = session.scalars(select(TicketKind)).one()
        assert (kept.name, kept.label, kept.is_guarded) == (ENTRY, "Guest book", False)


def test_a_plugin_that_comes_back_takes_its_tickets_up_again(house: House) -> None:
    kind = ticket_kinds.of(ENTRY)
    assert kind is not None
    with unit_of_work() as unit:
        plugin_data.remove_rows(unit, SLUG)
    with unit_of_work() as unit:
        kind_rows.keep(unit, SLUG, [kind])
    move(house.number, (house.ann, "new"), (house.ann, "draft"))
    assert status(house.number) == "draft"


def test_a_desk_whose_plugins_are_fixed_makes_the_rows_when_they_are_needed(house: House) -> None:
    with unit_of_work() as unit:
        plugin_data.remove_rows(unit, SLUG)
    number = write(house.account, "And again", entry="2", item="3")
    assert status(number) == "new"
    assert len(keys()) == 6


def test_stepping_back_over_the_migration_makes_questions_of_all_tickets(house: House) -> None:
    move(house.number, (house.ann, "draft"), (house.ann, "asked"))
    question = factories.a_ticket(factories.a_mailbox(), status="solved")
    core = migrations.core()
    migrations.downgrade(db.engine, core, "core_0012")
    migrations.upgrade(db.engine, core)
    assert migrations.differences(db.engine, core) == []
    kinds = [(read(SYSTEM, n).kind, read(SYSTEM, n).status) for n in (house.number, question)]
    assert kinds == [("question", "waiting_others"), ("question", "solved")]
