"""What the database remembers of themes, on both databases."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import text

from deskcore.clock import now
from deskcore.domain.people import SYSTEM
from deskcore.services import theme_records
from deskcore.services.theme_records import Failure, StoredFailures, ThemeChoice
from deskcore.services.unit import reading, unit_of_work


def wear(slug: str) -> None:
    with unit_of_work(SYSTEM) as unit:
        theme_records.wear(unit, slug)


def fail(slug: str, *places: str) -> None:
    failures = StoredFailures()
    for place in places:
        failures.record(
            Failure(
                slug=slug, template=place, digest=f"{slug}{place}", message="It broke.", at=now()
            )
        )
    failures.flush()


@pytest.mark.usefixtures("app")
def test_a_desk_begins_with_the_theme_it_comes_with() -> None:
    assert theme_records.choice() == ThemeChoice(worn="linen")


@pytest.mark.usefixtures("app")
def test_one_theme_at_a_time_is_worn() -> None:
    wear("paper")
    wear("harbour")
    assert theme_records.choice() == ThemeChoice(worn="harbour")


@pytest.mark.usefixtures("app")
def test_failures_of_several_processes_are_counted_together() -> None:
    wear("paper")
    fail("paper", "a.html:1")
    fail("paper", "a.html:1")
    assert theme_records.choice().worn == "paper"
    fail("paper", "b.html:7")
    assert theme_records.choice() == ThemeChoice(suspended={"paper": "b.html:7: It broke."})


@pytest.mark.usefixtures("app")
def test_a_theme_that_is_no_longer_worn_cannot_be_suspended() -> None:
    wear("paper")
    wear("harbour")
    fail("paper", "a.html:1", "a.html:2", "a.html:3", "a.html:4")
    assert theme_records.choice() == ThemeChoice(worn="harbour")


@pytest.mark.usefixtures("app")
def test_activating_forgets_what_failed_before() -> None:
    wear("paper")
    fail("paper", "a.html:1", "a.html:2", "a.html:3")
    wear("paper")
    with reading() as session:
        assert theme_records.failures(session, "paper") == []
    assert theme_records.choice() == ThemeChoice(worn="paper")


def test_a_database_without_tables_gives_the_core_s_own_look(app: Flask) -> None:
    with app.app_context(), unit_of_work() as unit:
        unit.session.execute(text("DROP TABLE theme_record"))
    assert theme_records.choice() == ThemeChoice()
