"""Trying a connection before it is kept: the worker does it, the page asks how far it is.

Passwords wait encrypted, like kept ones, and never go back to a browser.
"""

from __future__ import annotations

import secrets as random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.mailboxes import TestLine, TestView
from deskcore.domain.people import Actor, canonical_email
from deskcore.errors import DeskError, Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import ChannelAccount, ConnectionTest
from deskcore.plugin import stored
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import ChannelFailure
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.settings import PluginSettings
from deskcore.services import channels, secrets
from deskcore.services.access import require
from deskcore.services.jobs import job
from deskcore.services.unit import Unit, reading, unit_of_work
from deskcore.services.users import check_email

KEPT_FOR = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Connection:
    """A connection as typed; ``account_id`` names the one it shall replace, 0 makes a new one."""

    channel: str
    address: str
    settings: PluginSettings
    account_id: int = 0


def start_test(actor: Actor, connection: Connection) -> str:
    """Have the worker try a connection; returns the id to ask by.

    Raises Invalid for an address that is none or connected already, or settings that do not fit.
    """
    require(actor, "mailbox.manage")
    address = canonical_email(connection.address)
    is_mail = plugins().channel_kind(connection.channel).item.people == "email"
    problems = check_email(address, field="address") if is_mail else []
    if problems:
        raise Invalid(problems)
    plain, hidden = stored.split_secrets(connection.settings)
    encrypted = secrets.encrypt(hidden)
    with unit_of_work(actor) as unit:
        if not connection.account_id:
            _refuse_known(unit.session, connection.channel, address)
        _forget_old(unit)
        row = ConnectionTest(
            public_id=random.token_urlsafe(16),
            user_id=actor.id,
            account_id=connection.account_id or None,
            channel=connection.channel,
            address=address,
            settings=dict(plain),
            secrets=encrypted,
            created_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        unit.enqueue("connection.test", {"test_id": row.id}, max_tries=3)
        return row.public_id


@job("connection.test")
def run_test(test_id: int) -> None:
    """Try the connection and write down what came of it; runs in the worker only."""
    carry_out(test_id, _try)


def carry_out(test_id: int, attempt: Callable[[ConnectionTest], Sequence[TestLine]]) -> None:
    """Make an *attempt* outside transactions and write down its lines, unless that was done."""
    with reading() as session:
        row = session.get(ConnectionTest, test_id)
    if row is None or row.finished_at is not None:
        return
    lines = attempt(row)
    with unit_of_work() as unit:
        found = unit.session.get(ConnectionTest, test_id)
        if found is not None:
            found.result = {"lines": [asdict(line) for line in lines]}
            found.finished_at = unit.now


def lines_of(row: ConnectionTest) -> tuple[TestLine, ...]:
    """Return what came of an attempt; nothing before it is over."""
    found = row.result.get("lines", [])
    return tuple(TestLine(**line) for line in found) if isinstance(found, list) else ()


def test_view(actor: Actor, public_id: str) -> TestView:
    """Return how far a test of the actor's own is; raises NotFound."""
    require(actor, "mailbox.manage")
    with reading() as session:
        row = own_test(session, actor, public_id)
        account = session.get(ChannelAccount, row.account_id) if row.account_id else None
    return TestView(
        public_id=row.public_id,
        channel=row.channel,
        address=row.address,
        account_id=row.account_id or 0,
        mailbox_id=account.mailbox_id if account else 0,
        is_done=row.finished_at is not None,
        lines=lines_of(row),
        began_at=row.created_at,
    )


def tested_settings(actor: Actor, public_id: str) -> tuple[str, PluginSettings]:
    """Return address and settings of a test, passwords among them, to go on from its form."""
    require(actor, "mailbox.manage")
    with reading() as session:
        row = own_test(session, actor, public_id)
    return row.address, settings_of(row.channel, row.settings, row.secrets)


def own_test(session: Session, actor: Actor, public_id: str) -> ConnectionTest:
    """Return the row of a test that *actor* started; raises NotFound."""
    statement = select(ConnectionTest).where(
        ConnectionTest.public_id == public_id, ConnectionTest.user_id == actor.id
    )
    row = session.scalars(statement).one_or_none()
    if row is None:
        raise NotFound(_("This test is over. Start it again."))
    return row


def settings_of(channel: str, plain: dict[str, object], encrypted: bytes) -> PluginSettings:
    """Read stored settings of a channel; raises NotFound when its plugin is away."""
    kind = plugins().channel_kind(channel)
    return stored.load(kind.item.settings, {**plain, **secrets.decrypt(encrypted)})


def _try(row: ConnectionTest) -> Sequence[TestLine]:
    """Return the channel's own lines, or one that says why there are none."""
    account = ChannelAccount(
        id=row.account_id or 0,
        name=row.address,
        address=row.address,
        channel=row.channel,
        connected_at=clock.now(),
    )
    try:
        settings = settings_of(row.channel, row.settings, row.secrets)
        standing = plugins().held.get(row.account_id or 0)
        if standing is None or standing.account.settings != settings:
            standing = channels.open_with(account, settings)
        checks = standing.check()
    except (ChannelFailure, DeskError) as failure:
        return [TestLine(name=row.address, ok=False, message=str(failure))]
    except PluginFailed as failure:
        cure = _("Its plugin made a mistake; the plugins page has the details.")
        return [TestLine(name=row.address, ok=False, message=str(failure), cure=cure)]
    return [
        TestLine(name=check.name, ok=check.ok, message=check.message, cure=check.cure)
        for check in checks
    ]


def _refuse_known(session: Session, channel: str, address: str) -> None:
    known = select(ChannelAccount.id).where(
        ChannelAccount.channel == channel, ChannelAccount.address == address
    )
    if session.execute(known).first() is not None:
        message = _("This address is connected already; change it on its own page.")
        raise Invalid([Problem(field="address", message=message)])


def _forget_old(unit: Unit) -> None:
    old = delete(ConnectionTest).where(ConnectionTest.created_at < unit.now - KEPT_FOR)
    unit.session.execute(old)
