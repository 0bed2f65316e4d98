"""The themes' pages: cards, the page of one, its check, and wearing another one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask

from deskcore.clock import now
from deskcore.config import Config
from deskcore.domain.people import SYSTEM
from deskcore.models import AuditEntry
from deskcore.services import invitations, theme_records
from deskcore.services.invitations import Invited
from deskcore.services.plugin_records import generation
from deskcore.services.theme_records import Failure, StoredFailures
from deskcore.services.unit import reading
from tests.databases import opened
from tests.theme.authoring import write_theme
from tests.web.conftest import PASSWORD, Visitor

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": "main#main"}
LOST = '{% extends "@parent/public/home.html" %}{% block hero %}mine{% endblock %}'


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Leave PostgreSQL to the tests of the services: pages do not differ by database."""
    return sqlite_url


@pytest.fixture(autouse=True)
def dropped(config: Config) -> Path:
    """Drop three themes into the desk's folder: one is well, one is lost, one is no theme."""
    folder = config.instance / "themes"
    write_theme(folder, "paper", {"public.css": "h1 { color: teal }"}, manifest='author = "Ann"')
    write_theme(folder, "lost", {"templates/public/home.html": LOST})
    write_theme(folder, "odd", manifest='colour = "red"')
    return folder


def agent(desk: Flask) -> Visitor:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="agent"))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    browser = Visitor(desk.test_client())
    browser.sign_in("p@example.com")
    return browser


def fail(slug: str) -> None:
    failures = StoredFailures()
    for number in range(3):
        failures.record(
            Failure(
                slug=slug,
                template=f"templates/public/home.html:{number}",
                digest=str(number),
                message="UndefinedError: 'shop' is undefined",
                at=now(),
            )
        )
    failures.flush()


def test_every_theme_is_a_card_with_its_state(owner: Visitor) -> None:
    page = owner.get("/admin/themes").text
    cards = dict(re.findall(r'id="theme-(\w+)-\w+">(.*?)</li>', page, re.DOTALL))
    assert {"linen", "linen_market", "harbour", "paper", "lost", "odd"} <= cards.keys()
    assert ">Active<" in cards["linen"]
    assert "Activate" not in cards["linen"]
    assert ">Not in use<" in cards["paper"]
    assert "Activate Paper" in cards["paper"]
    assert "Stands on Linen" in cards["linen_market"]
    assert ">Cannot be used<" in cards["odd"]
    assert "theme.colour" in cards["odd"]
    assert "Activate" not in cards["odd"]


def test_whoever_may_not_change_the_desk_sees_no_themes(set_up: Flask) -> None:
    petr = agent(set_up)
    assert "/admin/themes" not in petr.get("/v/open").text
    for path in ("/admin/themes", "/admin/themes/paper"):
        assert petr.get(path).status_code == 403
    petr.get("/me")
    for path in ("/admin/themes/paper/activate", "/admin/themes/paper/check"):
        assert petr.post(path).status_code == 403
    assert theme_records.choice().worn == "linen"


def test_a_theme_is_looked_through_and_then_worn(owner: Visitor) -> None:
    before = generation()
    page = owner.get("/admin/themes/paper").text
    assert "Pages for customers" in page
    assert "Ann" in page
    answer = owner.post("/admin/themes/paper/activate")
    assert (answer.status_code, answer.location) == (303, "/admin/themes/paper")
    assert theme_records.choice().worn == "paper"
    assert generation() == before + 1
    page = owner.get("/admin/themes/paper").text
    assert "The desk wears Paper now." in page
    assert ">Active<" in page
    assert "activated a theme" in owner.get("/admin/audit?what=theme").text


def test_a_theme_whose_check_finds_an_error_is_not_worn(owner: Visitor) -> None:
    owner.get("/admin/themes/lost")
    answer = owner.post("/admin/themes/lost/activate")
    assert answer.status_code == 422
    assert "It was not activated" in answer.text
    assert "The block &#39;hero&#39; is never shown" in answer.text
    assert "templates/public/home.html:1" in answer.text
    assert theme_records.choice().worn == "linen"
    with reading() as session:
        assert not session.query(AuditEntry).filter_by(action="theme.activated").all()


def test_a_check_can_be_asked_for_and_changes_nothing(owner: Visitor) -> None:
    owner.get("/admin/themes/paper")
    page = owner.post("/admin/themes/paper/check")
    assert page.status_code == 200
    assert "What the check found" in page.text
    assert "Without a screenshot people choose it by its name alone." in page.text
    assert theme_records.choice().worn == "linen"


def test_a_refusal_comes_as_a_part_of_the_page_too(owner: Visitor) -> None:
    owner.get("/admin/themes/lost")
    with owner.client.application.app_context():
        answer = owner.client.post(
            "/admin/themes/lost/activate", data={"csrf_token": owner.token}, headers=PARTIAL
        )
    assert answer.status_code == 422
    assert answer.text.lstrip().startswith('<main class="main" id="main"')
    assert "It was not activated" in answer.text


def test_what_cannot_be_used_cannot_be_activated(owner: Visitor) -> None:
    assert "theme.colour" in owner.get("/admin/themes/odd").text
    assert owner.post("/admin/themes/odd/activate").status_code == 409
    assert owner.get("/admin/themes/nowhere").status_code == 404
    owner.get("/me")
    assert owner.post("/admin/themes/nowhere/activate").status_code == 404


def test_a_suspended_theme_is_told_to_those_who_run_the_desk_until_another_is_worn(
    config: Config, owner: Visitor, set_up: Flask
) -> None:
    owner.get("/admin/themes/paper")
    owner.post("/admin/themes/paper/activate")
    fail("paper")
    page = owner.get("/admin/themes/paper").text
    assert ">Suspended<" in page
    assert "templates/public/home.html:2: UndefinedError: &#39;shop&#39; is undefined" in page
    assert "templates/public/home.html:0 failed 1 time" in page
    petr = agent(set_up)
    with opened(config, has_pages=True) as fresh:
        for browser, is_told in ((owner, True), (petr, False)):
            again = Visitor(fresh.test_client())
            again.sign_in(*(("p@example.com",) if browser is petr else ()))
            text = again.get("/v/open").text
            assert ("The theme Paper failed too often" in text) == is_told
        again = Visitor(fresh.test_client())
        again.sign_in()
        assert 'href="/admin/themes/paper">See what failed' in again.get("/admin").text
        assert (
            "The theme paper failed too often and is not worn." in again.get("/admin/health").text
        )
        again.get("/admin/themes/linen")
        again.post("/admin/themes/linen/activate")
    with opened(config, has_pages=True) as fresh:
        again = Visitor(fresh.test_client())
        again.sign_in()
        assert "failed too often" not in again.get("/v/open").text


def test_in_safe_mode_it_is_said_that_no_theme_is_worn(config: Config, set_up: Flask) -> None:
    assert set_up
    with opened(config.model_copy(update={"safe_mode": True}), has_pages=True) as fresh:
        owner = Visitor(fresh.test_client())
        owner.sign_in()
        assert "No theme is worn until it ends." in owner.get("/admin/themes").text
