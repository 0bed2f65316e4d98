"""A running desk changes its theme as it changes its plugins: by fresh children, refusing nobody."""

from __future__ import annotations

import threading
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.people import SYSTEM
from deskcore.services import setup, theme_records
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import unit_of_work
from tests.process.conftest import StartDesk
from tests.process.desks import wait_until
from tests.theme.authoring import write_theme

UNDER = '{% extends "@parent/public/home.html" %}'
BREAKS = UNDER + "{% block main %}mine{{ nobody.knows }}{% endblock %}"
WORKS = UNDER + "{% block main %}{{ super() }}<p>painted</p>{% endblock %}"


def wear(instance: Path, slug: str) -> None:
    with (
        create_app(load_config(instance=instance), has_pages=False).app_context(),
        unit_of_work(SYSTEM) as unit,
    ):
        theme_records.wear(unit, slug)


def set_up(instance: Path) -> None:
    with create_app(load_config(instance=instance), has_pages=False).app_context():
        code = setup.ensure_setup_code()
        assert code
        setup.create_owner(
            setup.check_setup_code(code),
            setup.FirstOwner(name="Eva", email="eva@example.com", password="velmi dlouhe heslo"),
            DeskSettings(name="Tea"),
        )


@pytest.mark.parametrize("configured", ["", 'plugins = ["email"]'])
def test_themes_come_and_go_and_no_visitor_is_refused(
    start_desk: StartDesk, tmp_path: Path, configured: str
) -> None:
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "config.toml").write_text(configured)
    desk = start_desk(command="web")
    wait_until(lambda: desk.count("web ready") == 1, "it is ready", lambda: desk.errors)
    set_up(instance)
    write_theme(instance / "themes", "painted", {"templates/public/home.html": WORKS})
    write_theme(instance / "themes", "breaks", {"templates/public/home.html": BREAKS})
    refused: list[str] = []
    pages: list[str] = []
    is_over = threading.Event()

    def visit() -> None:
        while not is_over.wait(0.05):
            try:
                with urlopen(f"{desk.address}/help", timeout=20) as answer:  # noqa: S310  our own desk
                    pages.append(answer.read().decode())
            except URLError as error:
                refused.append(str(error))

    visitor = threading.Thread(target=visit)
    visitor.start()
    try:
        wear(instance, "painted")
        wait_until(lambda: "painted" in "".join(pages[-1:]), "it is worn", lambda: desk.errors)
        wear(instance, "breaks")
        wait_until(
            lambda: desk.count("web ready") == 4, "it is worn, and suspended", lambda: desk.errors
        )
    finally:
        is_over.set()
        visitor.join()
    assert refused == []
    assert not any("mine" in page for page in pages)
    assert all("How can we help?" in page for page in pages)
    with create_app(load_config(instance=instance), has_pages=False).app_context():
        assert "breaks" in theme_records.choice().suspended
    assert desk.stop() == 0
