"""Mailboxes served by a real worker from a real IMAP server."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deskcore.domain.kinds import AccountState
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount, Event, InboundItem, Message
from deskcore.plugin import stored
from deskcore.services import channel_accounts, secrets
from deskcore.services.unit import reading, unit_of_work
from tests.email.accounts import mail, settings
from tests.process.crashing import DeskFolder, connect, eventually
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

Connect = Callable[[], str]


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> DeskFolder:
    (tmp_path / "instance").mkdir()
    return DeskFolder(instance=tmp_path / "instance", database_url=database_url)


@pytest.fixture
def a_mailbox(desk: DeskFolder, dovecot: Dovecot, postfix: Postfix) -> Connect:
    """Give a function that connects another mailbox and returns its address."""

    def make() -> str:
        address = f"fetch-{uuid.uuid4().hex[:12]}@desk.test"
        connect(desk, dovecot, postfix, address)
        return address

    return make


def subjects(desk: DeskFolder) -> list[str]:
    with desk.opened(), reading() as session:
        return sorted(session.scalars(select(Message.subject)))


def change(desk: DeskFolder, address: str, **columns: object) -> None:
    with desk.opened(), unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.address == address)
        ).one()
        for name, value in columns.items():
            setattr(account, name, value)


def account(desk: DeskFolder, address: str) -> ChannelAccount:
    with desk.opened(), reading() as session:
        return session.scalars(
            select(ChannelAccount).where(ChannelAccount.address == address)
        ).one()


def test_new_mail_comes_while_the_worker_waits(
    desk: DeskFolder, dovecot: Dovecot, a_mailbox: Connect
) -> None:
    address = a_mailbox()
    with desk.running("worker"):
        eventually(lambda: account(desk, address).last_checked_at)
        dovecot.mailbox(address).deliver([mail(1)])
        # Looking by the clock would take a minute; the server tells of it.
        assert eventually(lambda: subjects(desk), timeout_s=20) == ["mail 1"]


def test_a_mailbox_connected_meanwhile_is_served(
    desk: DeskFolder, dovecot: Dovecot, a_mailbox: Connect
) -> None:
    with desk.running("worker"):
        address = a_mailbox()
        dovecot.mailbox(address).deliver([mail(1)])
        assert eventually(lambda: subjects(desk)) == ["mail 1"]


def test_a_refused_password_pauses_one_mailbox_and_no_other(
    desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, a_mailbox: Connect
) -> None:
    locked, well = a_mailbox(), a_mailbox()
    with desk.opened():
        wrong = secrets.encrypt({"password": "wrong", "smtp_password": ""})
    change(desk, locked, secrets=wrong)
    dovecot.mailbox(locked).deliver([mail(1)])
    dovecot.mailbox(well).deliver([mail(2)])
    with desk.running("worker"):
        assert eventually(lambda: subjects(desk)) == ["mail 2"]
        paused = eventually(lambda: account(desk, locked).state != AccountState.ACTIVE)
        assert paused
        with desk.opened(), reading() as session:
            told = session.scalar(select(func.count()).where(Event.name == "channel.paused"))
        assert told == 1
        assert "password" in account(desk, locked).problem
        assert "wrong" not in account(desk, locked).problem
        # The owner enters the right one: it is served again within seconds.
        with desk.opened():
            _, right = stored.split_secrets(settings(dovecot, postfix, locked))
            encrypted = secrets.encrypt(right)
        change(desk, locked, secrets=encrypted, state=AccountState.ACTIVE, generation=2)
        assert eventually(lambda: len(subjects(desk)) == 2)


def test_a_server_that_is_away_is_tried_again_and_says_so(
    desk: DeskFolder, dovecot: Dovecot, a_mailbox: Connect
) -> None:
    address = a_mailbox()
    known = account(desk, address)
    change(desk, address, settings={**known.settings, "imap_port": 1})
    with desk.running("worker"):
        assert eventually(lambda: account(desk, address).failures >= 1)
        assert account(desk, address).state == AccountState.ACTIVE
        dovecot.mailbox(address).deliver([mail(1)])
        change(desk, address, settings=known.settings, generation=2)
        assert eventually(lambda: subjects(desk)) == ["mail 1"]
        assert eventually(lambda: account(desk, address).failures == 0)


def test_two_workers_bring_each_mail_once(
    desk: DeskFolder, dovecot: Dovecot, a_mailbox: Connect
) -> None:
    addresses = [a_mailbox() for _ in range(3)]
    with desk.running("worker", DESK_WORKER_CHILDREN="2"):
        for address in addresses:
            dovecot.mailbox(address).deliver([mail(number) for number in range(20)])
        assert eventually(lambda: len(subjects(desk)) >= 60)
    assert len(subjects(desk)) == 60
    with desk.opened(), reading() as session:
        assert session.scalar(select(func.count(InboundItem.id))) == 60


def test_older_mail_is_imported_as_history_that_nobody_has_to_answer(
    desk: DeskFolder, dovecot: Dovecot, a_mailbox: Connect
) -> None:
    address = a_mailbox()
    dovecot.mailbox(address).deliver(
        [mail(number, days_ago=100 - number, seen=True) for number in range(70)]
    )
    account_id = account(desk, address).id
    with desk.opened():
        channel_accounts.start_backlog(SYSTEM, account_id)
    with desk.running("worker"):
        done = eventually(lambda: account(desk, address).backlog_state == "done")
        assert done
        assert eventually(lambda: len(subjects(desk)) == 70)
    assert account(desk, address).backlog_count == 70
    with desk.opened(), reading() as session:
        assert all(session.scalars(select(InboundItem.is_history)))
