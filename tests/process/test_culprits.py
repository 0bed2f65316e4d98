"""A plugin that kills processes is named and left out; the desk goes on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.broken.test_loading import install
from tests.process.conftest import StartDesk
from tests.process.desks import Desk, wait_until
from tests.process.subscribers import an_event, install_subscriber


def blamed(desk: Desk) -> list[str]:
    path = desk.instance / "boot" / "quarantine.json"
    if not path.exists():
        return []
    return [entry["slug"] for entry in json.loads(path.read_text(encoding="utf-8"))]


@pytest.mark.kills
@pytest.mark.parametrize("slug", ["dies_at_import", "raises_at_import", "exits_at_import"])
def test_the_desk_starts_without_a_plugin_that_fails_at_import(
    start_desk: StartDesk, tmp_path: Path, slug: str
) -> None:
    install(tmp_path / "instance", slug)
    desk = start_desk(plugins=json.dumps(["email", slug])).ready()
    wait_until(lambda: desk.get("readyz") == 200, "pages answer", lambda: desk.errors)
    assert len(desk.children()) == 2
    assert desk.process.poll() is None
    if slug == "dies_at_import":
        assert blamed(desk) == [slug]
    assert desk.stop() == 0


@pytest.mark.kills
def test_a_plugin_that_exits_in_a_subscription_is_left_out_and_named(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    install_subscriber(tmp_path / "instance", "os._exit(3)")
    desk = start_desk(plugins=json.dumps(["email", "subscriber"])).ready()
    an_event(desk)
    wait_until(lambda: desk.count("worker ready") == 2, "a new worker", lambda: desk.errors)
    assert blamed(desk) == ["subscriber"]
    assert any(
        line["event"] == "plugin blamed" and line["plugin"] == "subscriber" for line in desk.logs
    )
    assert desk.get("readyz") == 200
