"""A furnished desk, and what it can be asked; found out once for all tests of a worker."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from deskcore.services import throttle
from tests.databases import copy_sqlite
from tests.hostile.doors import notice
from tests.hostile.furnished import SHELF, furnish
from tests.hostile.visiting import Visitor
from tests.matrix.surveying import activate

# The whole shelf is two minutes more of every field: it is part of the run of everything.
ACTIVE = ("catalogue", *(SHELF if "DESK_TEST_EVERYTHING" in os.environ else ()))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give what goes through everything the time that it takes."""
    if "DESK_TEST_EVERYTHING" in os.environ:
        for item in items:
            if item.path.parent == Path(__file__).parent:
                item.add_marker(pytest.mark.timeout(0), append=False)


@pytest.fixture
def noting(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """Give a whole desk that notes what its views ask for; any number of passwords may be tried."""
    monkeypatch.setattr(throttle, "FREE_TRIES", sys.maxsize)
    monkeypatch.setattr(throttle, "FREE_TRIES_OF_NETWORK", sys.maxsize)
    config = load_config(instance=tmp_path / "instance", database_url=database_url)
    activate(config, "0.1.0", *ACTIVE)
    app = create_app(config)
    notice(app)
    with app.app_context():
        yield app
        engine = db.engine
    engine.dispose()


@pytest.fixture
def owner(noting: Flask) -> Visitor:
    """Give the owner's browser on a furnished desk."""
    return furnish(noting)


@pytest.fixture(scope="module")
def sqlite_copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a fresh, migrated SQLite file that lives as long as a module's desk."""
    path = tmp_path_factory.mktemp("database") / "desk.db"
    copy_sqlite(path)
    return path
