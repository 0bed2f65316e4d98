"""The pytest plugin: one fixture per real server, shared by all workers of a run."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.servers import dovecot as dovecot_server
from tests.servers import postfix as postfix_server
from tests.servers import rundir
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

OWNED = pytest.StashKey[Path]()


def pytest_configure(config: pytest.Config) -> None:
    """Begin a run directory unless the launcher or the controlling process has one."""
    if rundir.VARIABLE not in os.environ:
        config.stash[OWNED] = rundir.create()


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the servers this pytest began."""
    run = config.stash.get(OWNED, None)
    if run is not None:
        rundir.stop_all(run)
        rundir.remove(run)
        del os.environ[rundir.VARIABLE]


@pytest.fixture(scope="session")
def dovecot() -> Dovecot:
    """Return the IMAP server; every address exists, see :mod:`tests.servers.dovecot`."""
    return rundir.shared("dovecot", Dovecot, dovecot_server.start)


@pytest.fixture(scope="session")
def postfix(dovecot: Dovecot) -> Postfix:
    """Return the SMTP server, which delivers into Dovecot's mailboxes."""
    return rundir.shared("postfix", Postfix, lambda folder: postfix_server.start(folder, dovecot))
