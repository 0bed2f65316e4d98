"""Originals go after their time; what only they hold stays, and nothing comes in again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.kinds import InboundState
from deskcore.models import Blob, ChannelAccount, InboundItem, Mailbox, Message
from deskcore.services import files, retention
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.services.test_inbound import mail, receive

DAYS = 30


@pytest.fixture
def account_id(app: Flask) -> int:
    mailbox_id = factories.a_mailbox(address="help@shop.example")
    with unit_of_work() as unit:
        unit.session.get_one(Mailbox, mailbox_id).raw_days = DAYS
        return unit.session.scalars(
            select(ChannelAccount.id).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()


def digest() -> str | None:
    with reading() as session:
        return session.scalars(select(InboundItem.digest)).one()


def after(days: int) -> None:
    """Let the rule and the sweep run, so many days from now."""
    with time_machine.travel(clock.now() + timedelta(days=days), tick=False):
        retention.forget_originals()
        files.sweep()


def test_an_original_goes_after_its_days_and_its_message_stays(account_id: int) -> None:
    receive(account_id, mail("Kde to je?"))
    kept = digest()
    assert kept is not None
    after(DAYS - 1)
    assert files.read(kept)
    after(DAYS + 1)
    assert digest() is None
    with reading() as session:
        assert session.scalars(select(Message.visible)).one() == "Kde to je?"
        assert list(session.scalars(select(Blob))) == []


def test_the_same_mail_is_still_known_when_its_original_is_gone(account_id: int) -> None:
    receive(account_id, mail())
    after(DAYS + 1)
    assert receive(account_id, mail(), uid="2").new_ids == ()
    with reading() as session:
        assert len(list(session.scalars(select(Message)))) == 1


@pytest.mark.parametrize("state", [InboundState.FAILED, InboundState.HELD, InboundState.STORED])
def test_what_waits_for_a_person_keeps_its_original(account_id: int, state: str) -> None:
    receive(account_id, mail())
    with unit_of_work() as unit:
        unit.session.scalars(select(InboundItem)).one().state = state
    after(DAYS + 1)
    assert digest() is not None


def test_a_message_that_shows_less_than_its_original_keeps_it(account_id: int) -> None:
    receive(account_id, mail())
    with unit_of_work() as unit:
        unit.session.scalars(select(Message)).one().warnings = ["The text was cut."]
    after(DAYS + 1)
    assert digest() is not None


def test_nothing_goes_where_originals_are_kept_for_ever(account_id: int) -> None:
    receive(account_id, mail())
    with unit_of_work() as unit:
        unit.session.scalars(select(Mailbox)).one().raw_days = 0
    after(4000)
    assert digest() is not None
