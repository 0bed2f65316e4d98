"""Whatever a theme fails at, the visitor gets the core's page, and the third time it is suspended."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from flask import Flask
from markupsafe import Markup
from sqlalchemy import select

from deskcore.config import Config
from deskcore.domain.kinds import ThemeState
from deskcore.domain.public_views import Letter
from deskcore.models import AuditEntry, ThemeFault
from deskcore.services import theme_records
from deskcore.services.plugin_records import generation
from deskcore.services.unit import reading
from deskcore.theme.letters import draw_letter
from tests.databases import opened
from tests.theme.authoring import write_theme
from tests.themes.conftest import BROKEN, Wearing, add_pages

THEMES = sorted(path.name for path in BROKEN.iterdir() if path.is_dir())
# These fail in a frame around the page, which a part of the page has not.
ONLY_WHOLE = {"lacks_block", "frame_fails"}
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
HELLO = "<h1>Hello Eva &lt;b&gt;</h1>"


@pytest.fixture(autouse=True)
def dropped(config: Config) -> Path:
    """Drop every broken theme into the desk's folder."""
    return Path(shutil.copytree(BROKEN, config.instance / "themes"))


def visits(desk: Flask, path: str = "/try", **headers: str) -> str:
    with desk.app_context():
        answer = desk.test_client().get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.parametrize("slug", THEMES)
def test_the_core_s_page_comes_in_the_same_request_and_the_third_time_ends_the_theme(
    slug: str, wearing: Wearing
) -> None:
    with wearing(slug) as desk:
        before = generation()
        for _visit in range(3):
            text = visits(desk)
            assert HELLO in text
            assert "core's foot" in text
            assert "mine" not in text
        for path in ("/setup", "/rescue"):
            visits(desk, path)
        choice = theme_records.choice()
        assert choice.worn == ""
        assert slug in choice.suspended
        assert generation() == before + 1
        with reading() as session:
            faults = session.scalars(select(ThemeFault)).all()
            audited = session.scalars(select(AuditEntry.action)).all()
        assert [(fault.slug, fault.count) for fault in faults] == [(slug, 3)]
        assert audited.count("theme.suspended") == 1
        visits(desk)  # drawn by the core at once: nothing more is counted
        with reading() as session:
            assert session.scalar(select(ThemeFault.count)) == 3


@pytest.mark.parametrize("slug", [slug for slug in THEMES if slug not in ONLY_WHOLE])
def test_a_part_of_a_page_comes_from_the_core_too(slug: str, wearing: Wearing) -> None:
    with wearing(slug) as desk:
        text = visits(desk, **PARTIAL)
    assert text.startswith(f"<main id='main'>{HELLO}</main>")


def test_it_is_said_where_it_failed(wearing: Wearing) -> None:
    with wearing("frame_fails") as desk:
        visits(desk)
        with reading() as session:
            (failure,) = theme_records.failures(session, "frame_fails")
    assert failure.template == "templates/public/try_frame.html:2"
    assert failure.message == "UndefinedError: 'nobody' is undefined"
    assert failure.count == 1


def test_fresh_processes_do_without_it_until_it_is_activated_again(
    config: Config, wearing: Wearing
) -> None:
    with wearing("raises") as desk:
        for _visit in range(3):
            visits(desk)
    with opened(config, has_pages=True) as fresh:
        add_pages(fresh)
        themes = fresh.extensions["desk_themes"]
        states = {each.found.slug: each for each in themes.statuses()}
        assert states["raises"].state == ThemeState.SUSPENDED
        assert "templates/public/try.html:2: ZeroDivisionError" in states["raises"].reason
        visits(fresh)
        with reading() as session:
            assert session.scalar(select(ThemeFault.count)) == 3
    with wearing("raises") as again:
        visits(again)
        with reading() as session:
            assert session.scalar(select(ThemeFault.count)) == 1
        assert theme_records.choice().worn == "raises"


def test_what_the_core_fails_at_is_not_held_against_the_theme(wearing: Wearing) -> None:
    with wearing("frame_fails") as desk:
        with desk.test_request_context("/try"), pytest.raises(TypeError):
            desk.extensions["desk_themes"].draw("public/try.html", lambda _env: 1 + "")  # type: ignore[operator]  # it is to fail
        with reading() as session:
            assert session.scalars(select(ThemeFault)).all() == []


def test_a_mail_that_fails_is_the_core_s_mail(config: Config, wearing: Wearing) -> None:
    files = {
        "templates/mail/reply.txt": "mine {{ mail.agent }}",
        "templates/mail/reply.html": "mine",
    }
    write_theme(config.instance / "themes", "postal", files)
    letter = Letter(
        text="It left.", html=Markup("<p>It left.</p>"), signature_html=Markup(), shop="Shop"
    )
    with wearing("postal") as desk:
        with desk.app_context():
            drawn = draw_letter("reply", letter)
        assert drawn == ("It left.", "<p>It left.</p>")
        with reading() as session:
            places = {each.template for each in theme_records.failures(session, "postal")}
        assert places == {"templates/mail/reply.txt:1", "mail/reply.html"}
