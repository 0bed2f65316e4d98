"""Who fetches for an account, on both databases: one at a time, told apart by a number."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore import clock
from deskcore.config import Config
from deskcore.domain.kinds import AccountState
from deskcore.domain.people import SYSTEM
from deskcore.errors import ConfigError, Conflict
from deskcore.models import ChannelAccount, Event, Job
from deskcore.plugin.channel import RawItem
from deskcore.services import channel_accounts, inbound, secrets
from deskcore.services.unit import reading, unit_of_work
from tests import factories


@pytest.fixture
def account_id(app: Flask) -> int:
    mailbox_id = factories.a_mailbox()
    with reading() as session:
        return session.scalars(
            select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()


def account(account_id: int) -> ChannelAccount:
    with reading() as session:
        return session.get_one(ChannelAccount, account_id)


def let_lease_end(account_id: int) -> None:
    """Age the lease instead of the time: PostgreSQL counts it by its own clock."""
    with unit_of_work() as unit:
        row = unit.session.get_one(ChannelAccount, account_id)
        assert row.lease_until is not None
        row.lease_until -= timedelta(minutes=10)


def mail(number: int) -> RawItem:
    return RawItem(
        external_id=f"1:{number}",
        cursor=str(number),
        received_at=clock.now(),
        content=b"Subject: %d\r\n\r\nHello\r\n" % number,
    )


def test_an_account_has_one_fetcher(account_id: int) -> None:
    assert channel_accounts.claim_lease(account_id, "one") == 1
    assert channel_accounts.claim_lease(account_id, "two") is None


def test_a_fetcher_that_slept_cannot_store_any_more(account_id: int) -> None:
    slept = channel_accounts.claim_lease(account_id, "one")
    let_lease_end(account_id)
    awake = channel_accounts.claim_lease(account_id, "two")
    assert slept is not None
    assert awake == slept + 1
    inbound.store(account_id, [mail(1)], fence=awake)
    with pytest.raises(Conflict):
        inbound.store(account_id, [mail(2)], fence=slept)
    assert channel_accounts.cursor_of(account_id) == "1"


def test_a_lease_that_ended_is_not_taken_back(account_id: int) -> None:
    channel_accounts.claim_lease(account_id, "one")
    let_lease_end(account_id)
    channel_accounts.renew_leases("one")
    assert channel_accounts.claim_lease(account_id, "two") == 2


def test_a_renewed_lease_stays(account_id: int) -> None:
    channel_accounts.claim_lease(account_id, "one")
    before = account(account_id).lease_until
    channel_accounts.renew_leases("one")
    after = account(account_id).lease_until
    assert before is not None
    assert after is not None
    assert after >= before


def test_a_released_lease_is_free_at_once(account_id: int) -> None:
    fence = channel_accounts.claim_lease(account_id, "one")
    assert fence is not None
    channel_accounts.release_lease(account_id, "one", fence)
    assert channel_accounts.claim_lease(account_id, "two") == fence + 1


def test_a_passing_failure_is_told_only_when_it_lasts(account_id: int) -> None:
    fence = channel_accounts.claim_lease(account_id, "one") or 0
    for count in (1, 2):
        assert channel_accounts.note_failure(account_id, fence, "No answer.") == count
        assert account(account_id).problem == ""
    channel_accounts.note_failure(account_id, fence, "No answer.")
    assert account(account_id).problem == "No answer."
    channel_accounts.note_success(account_id, fence)
    assert account(account_id).problem == ""
    assert account(account_id).failures == 0


def test_a_stale_fetcher_cannot_change_the_state(account_id: int) -> None:
    channel_accounts.claim_lease(account_id, "one")
    channel_accounts.pause(account_id, "wrong password", fence=99)
    channel_accounts.note_failure(account_id, 99, "No answer.")
    assert account(account_id).state == AccountState.ACTIVE
    assert account(account_id).failures == 0


def test_a_failed_sign_in_pauses_and_is_told_once(account_id: int) -> None:
    for _ in range(3):
        channel_accounts.pause(account_id, "The password was refused.")
    assert account(account_id).state == AccountState.SIGN_IN_FAILED
    assert channel_accounts.wanted() == []
    with reading() as session:
        told = session.scalar(select(func.count()).where(Event.name == "channel.paused"))
    assert told == 1


def test_an_import_of_old_mail_is_asked_for_once(account_id: int) -> None:
    for _ in range(2):
        channel_accounts.start_backlog(SYSTEM, account_id)
    assert account(account_id).backlog_state == "running"
    with reading() as session:
        assert session.scalar(select(func.count()).where(Job.name == "backlog.import")) == 1


def test_secrets_are_not_readable_where_they_are_kept(app: Flask) -> None:
    stored = secrets.encrypt({"password": "hunter2-marker"})
    assert b"hunter2" not in stored
    assert secrets.decrypt(stored) == {"password": "hunter2-marker"}
    assert secrets.encrypt({}) == secrets.encrypt({"password": ""}) == b""
    assert secrets.decrypt(b"") == {}


def test_keys_rotate_without_losing_a_secret(app: Flask, config: Config) -> None:
    stored = secrets.encrypt({"password": "one"})
    key_file = config.instance / "encryption.key"
    old = key_file.read_text(encoding="ascii")
    secrets.add_key()
    assert secrets.decrypt(stored) == {"password": "one"}
    again = secrets.encrypt_again(stored)
    key_file.write_text(key_file.read_text(encoding="ascii").replace(old, ""), encoding="ascii")
    assert secrets.decrypt(again) == {"password": "one"}
    with pytest.raises(ConfigError):
        secrets.decrypt(stored)
    assert key_file.stat().st_mode & 0o077 == 0
