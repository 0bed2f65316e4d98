"""Trying a plugin's settings before they are kept: the worker does it, the page waits for it.

What is tried waits encrypted where it is secret, in the table of connection tests, and is removed
as soon as it was tried.
"""

from __future__ import annotations

import secrets as random
import time
from collections.abc import Sequence

from sqlalchemy import delete

from deskcore.domain.mailboxes import TestLine
from deskcore.domain.people import Actor
from deskcore.errors import DeskError, Invalid, Problem
from deskcore.i18n import N_, _
from deskcore.models import ConnectionTest
from deskcore.plugin import stored
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import ChannelFailure
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.settings import PluginSettings
from deskcore.services import plugin_settings, secrets
from deskcore.services.access import require
from deskcore.services.connection_tests import KEPT_FOR, carry_out, lines_of
from deskcore.services.jobs import job
from deskcore.services.unit import reading, unit_of_work

# As long as somebody waits before a page; a far server that is silent for longer is one that fails.
WAIT_S = 15.0
_LOOK_S = 0.2


def change_checked(actor: Actor, slug: str, settings: PluginSettings) -> int:
    """Store settings that their own ``check`` finds good; returns how many changed.

    Settings without a check are stored at once. Raises Invalid with what the check said, or that
    nobody tried them in time; nothing is stored then. ``plugin_settings.change_settings`` stores
    them untried.
    """
    require(actor, "plugins.manage")
    if settings.can_be_checked():
        test_id = _begin(actor, slug, settings)
        try:
            _judge(_await(test_id))
        finally:
            _forget(test_id)
    return plugin_settings.change_settings(actor, slug, settings)


@job("settings.check")
def run_check(test_id: int) -> None:
    """Have the plugin try the settings and write down what it says; runs in the worker only."""
    carry_out(test_id, _try)


def _begin(actor: Actor, slug: str, settings: PluginSettings) -> int:
    plain, hidden = stored.split_secrets(settings)
    sealed = secrets.encrypt(hidden)
    with unit_of_work(actor) as unit:
        row = ConnectionTest(
            public_id=random.token_urlsafe(16),
            user_id=actor.id,
            channel="",  # no channel has this name, so no page of a connection shows it
            address=slug,
            settings=dict(plain),
            secrets=sealed,
            created_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        unit.enqueue("settings.check", {"test_id": row.id}, max_tries=1)
        return row.id


def _await(test_id: int) -> Sequence[TestLine] | None:
    """Wait for the worker; None when it has not answered in time."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        with reading() as session:
            row = session.get(ConnectionTest, test_id)
        if row is not None and row.finished_at is not None:
            return lines_of(row)
        time.sleep(_LOOK_S)
    return None


def _judge(lines: Sequence[TestLine] | None) -> None:
    if lines is None:
        message = _("Nobody could try this in time, so nothing was changed. Try again in a minute.")
        raise Invalid([Problem(field="", message=message)])
    said = [
        Problem(field=line.name, message=f"{_(line.message)} {_(line.cure) if line.cure else ''}")
        for line in lines
        if not line.ok
    ]
    if said:
        raise Invalid(said)


def _try(row: ConnectionTest) -> list[TestLine]:
    kind = plugin_settings.declared(row.address)
    if kind is None:
        return [TestLine(name="", ok=False, message=N_("Its plugin is not active."))]
    try:
        settings = stored.load(kind, {**row.settings, **secrets.decrypt(row.secrets)})
        net = plugins().net(row.address, settings)
        checks = plugins().guard.call(
            row.address,
            "settings check",
            lambda: list(settings.check(net)),
            through=(ChannelFailure,),
        )
    except (ChannelFailure, DeskError) as failure:
        return [TestLine(name="", ok=False, message=str(failure))]
    except PluginFailed as failure:
        cure = N_("Its plugin made a mistake; the plugins page has the details.")
        return [TestLine(name="", ok=False, message=str(failure), cure=cure)]
    return [
        TestLine(name=check.name, ok=check.ok, message=check.message, cure=check.cure)
        for check in checks
    ]


def _forget(test_id: int) -> None:
    """Remove what was tried, and what a process that died meanwhile has left."""
    with unit_of_work() as unit:
        is_old = ConnectionTest.created_at < unit.now - KEPT_FOR
        unit.session.execute(delete(ConnectionTest).where(is_old | (ConnectionTest.id == test_id)))
