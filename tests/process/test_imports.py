"""An import whose worker is killed in the middle: nothing lost, nothing twice."""

from __future__ import annotations

import os
import signal
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deskcore.domain.people import SYSTEM
from deskcore.services.unit import reading
from plugins.catalogue import imports, shops
from plugins.catalogue.imports import Chosen, Import
from plugins.catalogue.tables import NAMED, PRODUCTS, STOCK, WORDS
from tests.catalogue.measure import a_file
from tests.process.crashing import DeskFolder, eventually

ROWS = 6_000


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> DeskFolder:
    instance = tmp_path / "instance"
    instance.mkdir()
    plugins = {"DESK_PLUGINS": '["email", "catalogue"]'}
    return DeskFolder(instance=instance, database_url=database_url, extra=plugins)


def test_an_import_whose_worker_is_killed_twice_takes_each_row_once(desk: DeskFolder) -> None:
    with desk.opened():
        shops.create(SYSTEM, "Shop", "")
        shops.create(SYSTEM, "Store", "")
        begun = imports.begin(SYSTEM, "big.csv", "".join(a_file(ROWS)).encode())
        this = imports.one(SYSTEM, begun)
        told = {name: getattr(this, name) for name in ("encoding", "delimiter", "columns")}
        imports.choose(SYSTEM, begun, Chosen(**told, decimal_sign=",", currency="CZK"))
        with desk.running("worker") as worker:
            eventually(lambda: imports.one(SYSTEM, begun).state == "checked")
            imports.start(SYSTEM, begun)
            for part in (0, 2_000):
                at = eventually(partial(_beyond, begun, part))
                _kill_children(worker.pid)
                assert at
                assert at.position < ROWS
            eventually(lambda: imports.one(SYSTEM, begun).state == "done")
        done = imports.one(SYSTEM, begun)
        assert (done.added, done.changed, done.same, done.bad) == (5_940, 0, 0, 60)
        with reading() as session:
            assert session.scalar(select(func.count()).select_from(PRODUCTS)) == 5_940
            assert session.scalar(select(func.count()).select_from(STOCK)) == 2 * 5_940
            assert session.scalar(select(func.count()).select_from(NAMED)) == 0
            found = select(func.count(WORDS.c.product_id.distinct()))
            assert session.scalar(found) == 5_940


def _beyond(import_id: int, position: int) -> Import | None:
    this = imports.one(SYSTEM, import_id)
    return this if this.position > position else None


def _kill_children(parent: int) -> None:
    """Kill the worker itself; whoever looks after it starts another."""
    path = Path(f"/proc/{parent}/task/{parent}/children")
    for pid in path.read_text(encoding="ascii").split():
        with suppress(ProcessLookupError):
            os.kill(int(pid), signal.SIGKILL)
