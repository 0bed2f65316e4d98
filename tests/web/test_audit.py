"""The audit log as admins read it: what is asked for, page by page, and as a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.people import SYSTEM, Actor
from deskcore.models import AuditEntry
from deskcore.services import audit
from deskcore.services.audit import PAGE_SIZE, AuditWish
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.web.conftest import Visitor

ROW = re.compile(r'<tr id="entry-(\d+)"')
PETR = "Petr Dvořák"


@pytest.fixture
def petr(set_up: Flask) -> Actor:
    return factories.a_user("admin", name=PETR)


@pytest.fixture
def entries(petr: Actor) -> None:
    """Write an entry of each kind: by the desk and by Petr, an old one, one with both values."""
    with time_machine.travel(clock.now() - timedelta(days=40)), unit_of_work(petr) as unit:
        unit.audit("plugin.paused", "tea_shop", address="192.0.2.1")
    with unit_of_work(petr) as unit:
        unit.audit(
            "user.role", "eva@example.com", before={"role": "agent"}, after={"role": "admin"}
        )
    with unit_of_work(SYSTEM) as unit:
        unit.audit("plugin.paused", "100%_sure", after={"reason": "=1+1"})


def shown(visitor: Visitor, query: str = "") -> list[str]:
    answer = visitor.get(f"/admin/audit{query}")
    assert answer.status_code == 200
    with reading() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.id.in_(_ids(answer.text))))
        return [entry.subject for entry in sorted(entries, key=lambda entry: -entry.id)]


def _ids(page: str) -> list[int]:
    return [int(found) for found in ROW.findall(page)]


@pytest.mark.usefixtures("entries")
def test_the_log_is_narrowed_by_who_what_about_and_when(owner: Visitor, petr: Actor) -> None:
    tomorrow = (clock.now() + timedelta(days=2)).date()
    month = (clock.now() - timedelta(days=30)).date()
    assert shown(owner, f"?who={petr.id}") == ["eva@example.com", "tea_shop"]
    assert shown(owner, "?who=0&what=plugin") == ["100%_sure"]
    assert shown(owner, "?what=plugin") == ["100%_sure", "tea_shop"]
    assert shown(owner, "?what=plugin&about=TEA") == ["tea_shop"]
    assert shown(owner, "?about=100%25_") == ["100%_sure"]
    assert shown(owner, "?about=0_s") == []
    assert shown(owner, f"?what=plugin&since={month}") == ["100%_sure"]
    assert shown(owner, f"?what=plugin&until={month}") == ["tea_shop"]
    assert shown(owner, f"?what=plugin&since={tomorrow}") == []


@pytest.mark.usefixtures("entries")
def test_what_cannot_be_understood_narrows_nothing(owner: Visitor) -> None:
    everything = shown(owner)
    for query in (
        "who=me",
        "what=plugin.%25",
        "since=yesterday",
        "until=9999-12-31",
        "who=%D9%A1",
        "who=9223372036854775808",
    ):
        assert shown(owner, f"?{query}") == everything, query


@pytest.mark.usefixtures("entries")
def test_values_before_and_after_are_shown(owner: Visitor) -> None:
    page = owner.get("/admin/audit?what=user").text
    assert "<code>role</code> <del>agent</del> → admin" in page


def test_narrowing_goes_on_from_page_to_page(owner: Visitor) -> None:
    with unit_of_work(SYSTEM) as unit:
        for number in range(PAGE_SIZE + 5):
            unit.audit("plugin.paused", f"plugin_{number:03}")
            unit.audit("team.created", "Tea")
    first = owner.get("/admin/audit?what=plugin").text
    assert len(_ids(first)) == PAGE_SIZE
    following = re.search(r'href="([^"]+)" rel="next"|rel="next" href="([^"]+)"', first)
    found = following or re.search(r'href="(/admin/audit\?before=[^"]+)"', first)
    assert found
    path = next(each for each in found.groups() if each).replace("&amp;", "&")
    assert "what=plugin" in path
    second = owner.get(path).text
    assert len(_ids(second)) == 5
    assert set(_ids(first)).isdisjoint(_ids(second))
    assert "Nothing is older" in owner.get("/admin/audit?before=1").text


@pytest.mark.usefixtures("entries")
def test_a_log_in_which_nothing_matches_says_what_is_asked_and_how_to_ask_less(
    owner: Visitor,
) -> None:
    page = owner.get("/admin/audit?about=nothing&what=team").text
    assert "Nothing like that was done" in page
    assert 'id="without-about" href="/admin/audit?what=team"' in page
    assert 'id="without-what" href="/admin/audit?about=nothing"' in page
    assert 'id="show-everything" href="/admin/audit"' in page


@pytest.mark.usefixtures("entries")
def test_the_table_holds_what_is_asked_for_and_no_formula(owner: Visitor) -> None:
    with unit_of_work(SYSTEM) as unit:
        unit.audit("plugin.paused", "=HYPERLINK(1)")
    owner.get("/admin/audit")
    answer = owner.post("/admin/audit/export", {"what": "plugin"})
    assert answer.mimetype == "text/csv"
    assert 'attachment; filename="audit-' in answer.headers["Content-Disposition"]
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert rows[0] == list(audit.EXPORT_COLUMNS)
    assert [row[3] for row in rows[1:]] == ["'=HYPERLINK(1)", "100%_sure", "tea_shop"]
    assert rows[3][1] == PETR
    with reading() as session:
        done = select(AuditEntry).where(AuditEntry.action == "audit.exported")
        assert session.scalars(done).one().after == {"what": "plugin"}


@pytest.mark.usefixtures("entries")
def test_a_table_has_an_end(owner: Visitor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "EXPORT_MOST", 2)
    assert len(list(audit.export(SYSTEM, AuditWish()))) == 2


def test_the_page_of_a_plugin_leads_to_its_history(owner: Visitor) -> None:
    page = owner.get("/admin/plugins/spam").text
    assert 'href="/admin/audit?what=plugin&amp;about=spam"' in page
