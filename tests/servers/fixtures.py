"""The pytest plugin: one fixture per real server, shared by all workers of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.servers import chromium, rundir
from tests.servers import dovecot as dovecot_server
from tests.servers import postfix as postfix_server
from tests.servers import postgresql as postgresql_server
from tests.servers import xmpp as xmpp_servers
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.servers.postgresql import PostgreSQL
from tests.servers.xmpp import XmppServer

OWNED = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin a run directory unless the launcher or the controlling process has one."""
    if rundir.VARIABLE not in os.environ:
        config.stash[OWNED] = rundir.create()
    _keep_the_developers_desk_out_of_reach()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers this pytest began."""
    run = config.stash.get(OWNED, None)
    if run is not None:
        rundir.stop_all(run)
        rundir.remove(run)
        del os.environ[rundir.VARIABLE]


def _keep_the_developers_desk_out_of_reach() -> None:
    for name in [name for name in os.environ if name.startswith("DESK_")]:
        if not name.startswith("DESK_TEST_"):
            del os.environ[name]
    os.environ["DESK_INSTANCE"] = str(rundir.current() / "no-instance")
    # A thousand desks need not compile the same templates a thousand times.
    os.environ["DESK_CACHE_FOLDER"] = str(rundir.current() / "cache")


@pytest.fixture(scope="session")
def dovecot() -> Dovecot:
    """Return the IMAP server; every address exists, see :mod:`tests.servers.dovecot`."""
    return rundir.shared("dovecot", Dovecot, dovecot_server.start)


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Postfix:
    """Return the SMTP server, which delivers into Dovecot's mailboxes."""
    return rundir.shared("postfix", Postfix, lambda folder: postfix_server.start(folder, dovecot))


@pytest.fixture(scope="session")
def postgresql() -> PostgreSQL:
    """Return the database server; tests want a database of their own, ``empty_pg_url``."""
    return rundir.shared("postgresql", PostgreSQL, postgresql_server.start)


@pytest.fixture(scope="session")
def prosody() -> XmppServer:
    """Return the XMPP server that is written in Lua, see :mod:`tests.servers.xmpp`."""
    return rundir.shared("prosody", XmppServer, xmpp_servers.start_prosody)


@pytest.fixture(scope="session")
def ejabberd() -> XmppServer:
    """Return the XMPP server that is written in Erlang, see :mod:`tests.servers.xmpp`."""
    return rundir.shared("ejabberd", XmppServer, xmpp_servers.start_ejabberd)


@pytest.fixture
def empty_pg_url(postgresql: PostgreSQL) -> Iterator[str]:
    """Give the URL of a PostgreSQL database without any table, dropped after the test."""
    name = postgresql.create()
    yield postgresql.url(name)
    postgresql.drop(name)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Give this worker's Chromium; tests open contexts of their own in it."""
    with chromium.launched() as running:
        yield running
