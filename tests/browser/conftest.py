"""The shop of a test run, once on each database, and what a desk is told to be on one.

The tests of one shop belong to one group, so that there is one desk of each kind.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.shop import Shop, opened_shop
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.postgresql import PostgreSQL

# SQLite is what a desk begins with, so it is told nothing. Each kind is a group of its own.
ON_BOTH = [
    pytest.param("sqlite", marks=pytest.mark.xdist_group("sqlite")),
    pytest.param(
        "postgresql", marks=[pytest.mark.postgresql, pytest.mark.xdist_group("postgresql")]
    ),
]


@pytest.fixture(scope="session", params=ON_BOTH)
def shared_settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Give the settings of the desk that many tests share."""
    yield from _settings(request)


@pytest.fixture(params=ON_BOTH)
def own_settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """Give the settings of a desk of this test's own."""
    yield from _settings(request)


def _settings(request: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    if request.param == "sqlite":
        yield {}
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    name = server.create()
    yield {"DESK_DATABASE_URL": server.url(name)}
    server.drop(name)


@pytest.fixture(scope="session")
def shop(
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    shared_settings: dict[str, str],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    """Give the shared desk; tests keep apart by tickets of their own."""
    folder = tmp_path_factory.mktemp("shop")
    with opened_shop(folder, browser, dovecot, postfix, shared_settings) as opened:
        yield opened
