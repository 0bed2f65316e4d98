"""With every broken plugin active at once there is a way back in: /rescue, ?safe=1, safe mode."""

from __future__ import annotations

import html
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from deskcore.domain.kinds import PluginState
from deskcore.plugin.discovery import discover
from deskcore.services import plugin_records, setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import unit_of_work
from tests import factories
from tests.broken.test_loading import BROKEN, install
from tests.broken.visiting import Person
from tests.process.crashing import DeskFolder
from tests.process.desks import Desk, wait_until
from tests.servers.postgresql import PostgreSQL

EMAIL = "eva@example.com"
PASSWORD = "velmi dlouhe heslo"
SAFE = "The desk is in safe mode"
# Two kinds of processes die of each plugin that kills, and one of them hangs for 20 s before.
PATIENCE_S = 150.0

pytestmark = pytest.mark.timeout(400)


@dataclass(kw_only=True)
class Wreck:
    """A desk with every broken plugin active, and a ticket in it."""

    folder: DeskFolder
    number: int
    environment: dict[str, str] = field(default_factory=dict)

    def start(self) -> Desk:
        told = {"DESK_PORT": "0", "DESK_DATABASE_URL": self.folder.database_url}
        return Desk(instance=self.folder.instance, environment={**told, **self.environment})

    def key(self) -> str:
        """Make a rescue key at the server."""
        done = subprocess.run(
            [sys.executable, "-m", "deskcore", "rescue-key"],
            env=self.folder.environment,
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            timeout=60,
            check=True,
        )
        found = re.search(r"Key: +(\S+)", done.stdout)
        assert found
        return found[1]


@pytest.fixture
def wreck(tmp_path: Path, database_url: str) -> Wreck:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    folder.instance.mkdir()
    with folder.opened():
        code = setup.ensure_setup_code()
        assert code
        setup.create_owner(
            setup.check_setup_code(code),
            setup.FirstOwner(name="Eva Nová", email=EMAIL, password=PASSWORD),
            DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en"),
        )
        number = factories.a_ticket(factories.a_mailbox(), subject="Broken teapot")
    for slug in BROKEN:
        install(folder.instance, slug)
    with folder.opened(), unit_of_work() as unit:
        for found in discover(folder.instance / "plugins"):
            version = found.manifest.version if found.manifest else ""
            plugin_records.keep(unit, found.slug, PluginState.ACTIVE, version=version)
    return Wreck(folder=folder, number=number)


@pytest.fixture
def desk(wreck: Wreck) -> Iterator[Desk]:
    desk = wreck.start()
    try:
        yield desk
        assert desk.stop() == 0
    finally:
        desk.kill()


def answered(desk: Desk, person: Person, path: str, *texts: str) -> str:
    """Open a page until it says all of *texts*: processes that die are replaced."""
    ends = time.monotonic() + PATIENCE_S
    status, page = 0, ""
    while time.monotonic() < ends:
        status, page = person.get(path)
        page = html.unescape(page)
        if status == 200 and all(text in page for text in texts):
            return page
        time.sleep(0.3)
    raise AssertionError(f"{path}: {status} {page[-2000:]}\n{desk.errors[-2000:]}")


def pressed(person: Person, path: str, **fields: str) -> tuple[int, str]:
    """Press a button, again when a plugin killed the process that was about to answer."""
    ends = time.monotonic() + PATIENCE_S
    status, page = person.post(path, **fields)
    while not status and time.monotonic() < ends:
        time.sleep(0.3)
        status, page = person.post(path, **fields)
    return status, page


def test_an_owner_comes_in_sees_the_culprits_and_switches_one_off(wreck: Wreck, desk: Desk) -> None:
    owner = Person(desk.address)
    answered(desk, owner, "rescue", "Come in as an owner")
    pressed(owner, "sign-in", email=EMAIL, password=PASSWORD, next="/rescue")
    page = answered(desk, owner, "rescue", "Switch off", *BROKEN, "The process hung while")
    assert "broken at import" in page

    # The parts that plugins put into pages are not asked for, so nobody dies of the ticket.
    status, page = owner.get(f"t/{wreck.number}?safe=1")
    assert (status, 'id="alarm"' in page, "Here I am." in page) == (200, True, False)
    owner.get("?safe=0")

    answered(desk, owner, "rescue", "slow_hook")
    status, page = pressed(owner, "rescue/plugins/slow_hook/off")
    assert (status, "slow_hook is switched off" in page) == (200, True)
    answered(desk, owner, "rescue", "Paused by Eva Nová")


def test_whoever_has_the_key_starts_and_ends_safe_mode(wreck: Wreck, desk: Desk) -> None:
    person = Person(desk.address)
    answered(desk, person, "rescue", "Come in with a key")
    pressed(person, "rescue/key", key=wreck.key())
    answered(desk, person, "rescue", "Start safe mode", "raises_at_import")
    pressed(person, "rescue/safe-mode/start")
    answered(desk, person, "rescue", f"{SAFE}: no plugin works", "End safe mode", *BROKEN)

    owner = Person(desk.address)
    assert owner.sign_in(EMAIL, PASSWORD) == 200
    for path in ("v/open", f"t/{wreck.number}", "admin/plugins"):
        status, page = owner.get(path)
        assert (status, SAFE in page) == (200, True), path

    status, report = pressed(person, "rescue/report")
    assert (status, "raises_at_import" in report, EMAIL in report) == (200, True, False)
    answered(desk, person, "rescue", "End safe mode")
    status, page = pressed(person, "rescue/safe-mode/stop")
    assert status == 200
    page = answered(desk, owner, "v/open", "Broken teapot")
    assert SAFE not in page


@pytest.mark.parametrize("way", ["file", "environment"])
def test_a_desk_that_is_started_in_safe_mode_never_meets_them(wreck: Wreck, way: str) -> None:
    if way == "file":
        (wreck.folder.instance / "SAFE_MODE").touch()
    else:
        wreck.environment["DESK_SAFE_MODE"] = "1"
    desk = wreck.start()
    try:
        owner = Person(desk.ready().address)
        assert owner.sign_in(EMAIL, PASSWORD) == 200
        for path in ("v/open", f"t/{wreck.number}", "admin/plugins", "rescue"):
            status, page = owner.get(path)
            assert (status, SAFE in page) == (200, True), path
        status, page = pressed(owner, "rescue/restart")
        assert (status, "Every process of the desk is a fresh one" in page) == (200, True)
        assert "child died" not in desk.errors
        assert desk.stop() == os.EX_OK
    finally:
        desk.kill()


@pytest.mark.postgresql
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_the_key_and_safe_mode_work_while_the_database_is_away(
    wreck: Wreck, postgresql: PostgreSQL
) -> None:
    desk = wreck.start()
    database = wreck.folder.database_url.rpartition("/")[2].partition("?")[0]
    try:
        person = Person(desk.address)
        answered(desk, person, "rescue", "Come in with a key", "Come in as an owner")
        wait_until(
            lambda: desk.count("worker ready"),
            "a worker lives",
            lambda: desk.errors,
            patience_s=PATIENCE_S,
        )
        postgresql.administer(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS false')
        postgresql.administer(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{database}'"  # noqa: S608  a database of this test's own
        )
        answered(desk, person, "rescue", "The database does not answer", "Come in with a key")
        # The next worker finds what this one left, and no database.
        os.kill(desk.child("worker"), signal.SIGKILL)
        pressed(person, "rescue/key", key=wreck.key())
        page = answered(desk, person, "rescue", "Start safe mode")
        assert "Switch off" not in page
        first = desk.child("web")
        status, page = pressed(person, "rescue/safe-mode/start")
        assert (status, "The desk is in safe mode. No mail" in page) == (200, True), desk.errors
        assert desk.child("web") != first

        postgresql.administer(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
        answered(desk, person, "rescue", f"{SAFE}: no plugin works", "Switch off", *BROKEN)
        assert desk.stop() == os.EX_OK
    finally:
        postgresql.administer(f'ALTER DATABASE "{database}" ALLOW_CONNECTIONS true')
        desk.kill()
