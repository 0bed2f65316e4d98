"""``desk dev``: what a plugin's author changes is there at once, on this machine alone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.broken.visiting import Person
from tests.plugin.authoring import write_plugin
from tests.process.desks import Desk, wait_until

PANEL = """
from deskcore.plugin import Panel, hookimpl

@hookimpl
def desk_ticket_panels():
    return [Panel(title="Tea", body="{words}")]
"""


@pytest.fixture
def dev(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    instance = tmp_path / "instance"
    write_plugin(instance / "plugins", "tea", PANEL.format(words="one cup"))
    environment = {"DESK_PORT": "0", "DESK_DATABASE_URL": database_url}
    desk = Desk(instance=instance, environment=environment, command="dev")
    try:
        yield desk.ready()
        assert desk.stop() == os.EX_OK
    finally:
        desk.kill()


def said(desk: Desk, what: str) -> str:
    return next(line.split()[-1] for line in desk.lines if what in line)


def test_a_change_of_a_plugin_is_in_the_next_page_and_the_bar_says_what_made_it(
    dev: Desk, tmp_path: Path
) -> None:
    author = Person(dev.address)
    assert author.sign_in(said(dev, "Sign in as:"), said(dev, "Password:")) == 200
    status, inbox = author.get("v/open")
    assert (status, 'id="dev-bar"' in inbox) == (200, True)
    assert re.search(r"inbox\.view · \S*templates/inbox/show\.html · \d+ queries · \d+ ms", inbox)
    found = re.search(r'href="(/t/\d+)', inbox)
    assert found
    author.get("admin/plugins/tea")
    author.post("admin/plugins/tea/activate")
    assert "one cup" in author.get(found[1])[1]

    status, noted = author.post(f"{found[1]}/reply", mode="note", body="Look at the pot.")
    assert (status, "message.noted (ticket id" in noted) == (200, True)
    assert "Events since the page before" not in author.get(found[1])[1]

    shutil.rmtree(tmp_path / "instance" / "plugins" / "tea")
    write_plugin(tmp_path / "instance" / "plugins", "tea", PANEL.format(words="two cups"))
    wait_until(
        lambda: "two cups" in author.get(found[1])[1], "the change is seen", lambda: dev.errors
    )
    assert 'data-plugins="email saved_replies spam tea"' in author.get(found[1])[1]


def test_it_is_refused_where_other_machines_could_see_it(tmp_path: Path, database_url: str) -> None:
    told = {"DESK_PORT": "0", "DESK_DATABASE_URL": database_url}
    for more in ({"DESK_HOST": "0.0.0.0"}, {"DESK_BASE_URL": "https://desk.example"}):  # noqa: S104  refused
        desk = Desk(instance=tmp_path / "instance", environment={**told, **more}, command="dev")
        try:
            assert desk.process.wait(timeout=60) == os.EX_CONFIG
            assert "'desk dev' shows its inside" in desk.errors
        finally:
            desk.kill()


def test_no_other_desk_shows_its_inside(tmp_path: Path, database_url: str) -> None:
    told = {"DESK_PORT": "0", "DESK_DATABASE_URL": database_url, "DESK_DEVELOPER": "1"}
    desk = Desk(instance=tmp_path / "instance", environment=told)
    try:
        visitor = Person(desk.ready().address)
        assert "dev-bar" not in visitor.get("sign-in")[1]
        assert desk.get("dev/process") == 404
        assert desk.stop() == os.EX_OK
    finally:
        desk.kill()
