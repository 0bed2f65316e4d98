"""A desk's own processes for tests: the real command, a mailbox on the real servers, its database."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from flask import Flask
from sqlalchemy import select

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.extensions import db
from deskcore.models import ChannelAccount
from deskcore.plugin import stored
from deskcore.services import secrets
from deskcore.services.unit import unit_of_work
from plugins.email.settings import EmailSettings
from tests import factories
from tests.email.accounts import settings
from tests.process.desks import pause_after
from tests.process.launching import Launched
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class DeskFolder:
    """One desk on disk: where it lives, its database, and what its processes are told."""

    instance: Path
    database_url: str
    extra: Mapping[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        """Return the environment for the desk's commands."""
        return {
            **os.environ,
            "DESK_INSTANCE": str(self.instance),
            "DESK_DATABASE_URL": self.database_url,
            "DESK_PORT": "0",
            **self.extra,
        }

    @contextmanager
    def opened(self) -> Iterator[Flask]:
        """Look into the desk from this process."""
        config = load_config(instance=self.instance, database_url=self.database_url)
        app = create_app(config)
        with app.app_context():
            try:
                yield app
            finally:
                db.engine.dispose()

    @contextmanager
    def running(self, command: str, **environment: str) -> Iterator[Launched]:
        """Run ``desk <command>`` until the block ends, then stop it in order."""
        log = self.instance / f"{command}.log"
        process = Launched([command], {**self.environment, **environment}, log, log, {})
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(timeout=30)


def connect(desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str) -> int:
    """Give the desk a mailbox on the tests' servers; returns the mailbox's id."""
    with desk.opened():
        return a_connected_mailbox(address, settings(dovecot, postfix, address))


def a_connected_mailbox(address: str, connection: EmailSettings) -> int:
    """Make a mailbox with a connection, in the desk that is open; returns the mailbox's id."""
    plain, secret = stored.split_secrets(connection)
    mailbox_id = factories.a_mailbox(address=address)
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.settings, account.secrets = dict(plain), secrets.encrypt(secret)
    return mailbox_id


def eventually(look: Callable[[], T], *, timeout_s: float = 40) -> T:
    """Return what *look* gives as soon as it is true; the last answer when time is over."""
    deadline = time.monotonic() + timeout_s
    while True:
        began = time.monotonic()
        found = look()
        if found or time.monotonic() > deadline:
            return found
        pause_after(began)
