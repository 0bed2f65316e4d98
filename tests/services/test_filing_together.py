"""Mails that share a transaction: what is wrong with one takes nothing from the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, update

from deskcore import clock
from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.kinds import InboundState
from deskcore.extensions import db
from deskcore.models import ChannelAccount, InboundItem, Message
from deskcore.plugin.channel import RawItem
from deskcore.services import files, inbound
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.plugin.authoring import write_plugin

CARELESS = """
from dataclasses import replace
from datetime import datetime

from deskcore.plugin import hookimpl
from plugins.email.channel import EmailChannel


class Careless(EmailChannel):
    slug = "careless"

    def parse(self, raw):
        parsed = super().parse(raw)
        if b"no zone" in raw.content:
            parsed = [replace(one, sent_at=datetime(2026, 11, 1)) for one in parsed]
        return parsed


@hookimpl
def desk_channels():
    return [Careless]
"""


@pytest.fixture
def careless(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    instance = tmp_path / "careless"
    write_plugin(instance / "plugins", "careless", CARELESS, 'requires = ["email"]')
    wanted = ("email", "careless")
    app = create_app(load_config(instance=instance, database_url=database_url, plugins=wanted))
    with app.app_context():
        yield app
        db.engine.dispose()


@pytest.fixture
def account_id(careless: Flask) -> int:
    mailbox_id = factories.a_mailbox(address="help@shop.example")
    mine = ChannelAccount.mailbox_id == mailbox_id
    with unit_of_work() as unit:
        unit.session.execute(update(ChannelAccount).where(mine).values(channel="careless"))
    with reading() as session:
        return session.scalars(select(ChannelAccount.id).where(mine)).one()


def mail(number: int, text: str = "Hello.") -> RawItem:
    content = f"From: ann@example.test\r\nSubject: mail {number}\r\n\r\n{text}\r\n"
    return RawItem(
        external_id=f"1:{number}", cursor=None, received_at=clock.now(), content=content.encode()
    )


def states() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(InboundItem.state).order_by(InboundItem.id)))


def subjects() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(Message.subject).order_by(Message.id)))


def test_a_mail_that_cannot_be_filed_waits_for_a_person_and_the_others_are_filed_once(
    account_id: int,
) -> None:
    mails = [mail(number, "no zone" if number in {2, 5} else "Hello.") for number in range(14)]
    inbound.file_items(inbound.store(account_id, mails).new_ids)
    assert subjects() == [f"mail {number}" for number in range(14) if number not in {2, 5}]
    assert [at for at, state in enumerate(states()) if state == InboundState.FAILED] == [2, 5]


def test_an_item_whose_bytes_are_gone_stops_no_other(account_id: int) -> None:
    stored = inbound.store(account_id, [mail(number) for number in range(3)])
    with reading() as session:
        digest = session.get_one(InboundItem, stored.new_ids[1]).digest
    files.path_of(str(digest)).unlink()
    inbound.file_items(stored.new_ids)
    assert subjects() == ["mail 0", "mail 2"]
    assert states() == [InboundState.FILED, InboundState.FAILED, InboundState.FILED]


def test_items_that_were_filed_meanwhile_are_not_filed_again(account_id: int) -> None:
    stored = inbound.store(account_id, [mail(number) for number in range(3)])
    inbound.file_items(stored.new_ids[:2])
    inbound.file_items(stored.new_ids)
    assert subjects() == ["mail 0", "mail 1", "mail 2"]
