"""The three shapes of a network in a running desk: asked, told and listened to."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from sqlalchemy import select

from deskcore.domain.writing import ReplyForm
from deskcore.models import ChannelAccount, Message, Ticket
from deskcore.plugin.discovery import NAMESPACE
from deskcore.services import replies, secrets
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.channels.accounts import HERE, path_of, push
from tests.channels.simulator import SECRET, TOKEN, EchoNetwork, batch, message, signed
from tests.process.conftest import StartDesk
from tests.process.crashing import DeskFolder, eventually

SHAPES = ("echo_polled", "echo_pushed", "echo_listening")


def install(instance: Path) -> None:
    for slug in SHAPES:
        sys.modules.pop(f"{NAMESPACE}.{slug}", None)
        shutil.copytree(HERE / slug, instance / "plugins" / slug)
    (instance / "config.toml").write_text(f"plugins = {json.dumps(['email', *SHAPES])}\n")


def connect(channel: str, network: EchoNetwork) -> int:
    mailbox_id = factories.a_mailbox(address=channel)
    with unit_of_work() as unit:
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.channel, account.settings = channel, network.settings
        account.secrets = secrets.encrypt({"token": TOKEN, "secret": SECRET})
        return account.id


def test_what_a_network_says_comes_in_by_every_shape_and_is_answered_there(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    install(folder.instance)
    with EchoNetwork() as network:
        with folder.opened():
            ids = {channel: connect(channel, network) for channel in SHAPES}
            path = path_of(ids["echo_pushed"])
            owner = factories.a_user("owner")
        desk = start_desk(database_url=database_url, poll_seconds="1").ready()
        network.say("m1", "Is the blue one back?")
        request = signed(batch([json.dumps(message("m1", "Is the blue one back?")).encode()]))
        assert push(desk.address + path, request.body, dict(request.headers))[:2] == (200, b"ok"), (
            desk.errors[-3000:]
        )

        def channels() -> list[str]:
            with folder.opened(), reading() as session:
                return sorted(session.scalars(select(Ticket.channel)))

        assert eventually(lambda: channels() == sorted(SHAPES)), (channels(), desk.errors[-3000:])
        network.offer(json.dumps({"type": "edit", "of": "m1", "text": "The red one?"}).encode())

        def texts() -> list[str]:
            with folder.opened(), reading() as session:
                return sorted(session.scalars(select(Message.visible)))

        assert eventually(lambda: texts().count("The red one?") == 2)
        with folder.opened():
            with reading() as session:
                numbers = list(session.scalars(select(Ticket.number)))
            for number in numbers:
                replies.queue_reply(owner, number, ReplyForm(body="Yes.", to=("x",)))
        assert eventually(lambda: len(network.sent) == len(SHAPES))
        assert {said["to"] for said in network.sent.values()} == {"u1"}
