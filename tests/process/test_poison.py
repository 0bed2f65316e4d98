"""A mail that burns all processor time it can get, in a whole desk with its own limits."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from sqlalchemy import select

from deskcore.domain.kinds import InboundState
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount, InboundItem, Message
from deskcore.plugin.parsers import Limits
from deskcore.services import attention_list, inbound
from deskcore.services.unit import reading, unit_of_work
from tests.email.accounts import mail
from tests.plugin.authoring import write_plugin
from tests.process.crashing import DeskFolder, connect, eventually
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

MANIFEST = """
requires = ["email"]
network = ["setting:imap_host", "setting:smtp_host"]
"""
CHANNEL = """
from deskcore.plugin import hookimpl
from plugins.email.channel import EmailChannel


class Burning(EmailChannel):
    slug = "burning"

    def parse(self, raw):
        while b"mail 1" in raw.content:
            pass
        return super().parse(raw)


@hookimpl
def desk_channels():
    return [Burning]
"""


@pytest.mark.kills
def test_a_mail_that_burns_processor_time_is_ended_and_shown_and_the_next_goes_on(
    tmp_path: Path, sqlite_url: str, dovecot: Dovecot, postfix: Postfix
) -> None:
    desk = DeskFolder(
        instance=tmp_path / "instance",
        database_url=sqlite_url,
        extra={"DESK_PLUGINS": json.dumps(["email", "burning"])},
    )
    write_plugin(desk.instance / "plugins", "burning", CHANNEL, MANIFEST)
    address = f"poison-{time.time_ns()}@desk.test"
    connect(desk, dovecot, postfix, address)
    with desk.opened(), unit_of_work() as unit:
        unit.session.scalars(select(ChannelAccount)).one().channel = "burning"
    dovecot.mailbox(address).deliver([mail(1), mail(2)])
    with desk.running("worker"):
        assert eventually(lambda: subjects(desk) == ["mail 2"], timeout_s=120)
    with desk.opened():
        [shown] = attention_list.read(SYSTEM).inbound
        assert shown.state == InboundState.FAILED
        assert "took too much time" in shown.reason
        with reading() as session:
            first, second = session.scalars(select(InboundItem).order_by(InboundItem.id)).all()
        assert inbound.raw_of(first).content == mail(1).content
    assert second.filed_at is not None
    assert (second.filed_at - first.stored_at).total_seconds() >= Limits().cpu_s
    # It got its limit once, not again from another parser.
    assert (desk.instance / "worker.log").read_text().count("a parser was lost") == 1


def subjects(desk: DeskFolder) -> list[str]:
    with desk.opened(), reading() as session:
        return sorted(session.scalars(select(Message.subject)))
