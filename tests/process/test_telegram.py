"""A bot in a running desk: asked without delay, and nobody else's trouble when it hangs."""

from __future__ import annotations

import json
import time
from pathlib import Path

from sqlalchemy import select, update

from deskcore.domain.writing import ReplyForm
from deskcore.models import Mailbox, Ticket
from deskcore.services import replies
from deskcore.services.unit import reading, unit_of_work
from deskcore.testing import Fault
from plugins.telegram.tests.bot_api import ANN, BotApi
from tests import factories
from tests.channels.simulator import EchoNetwork
from tests.process.conftest import StartDesk
from tests.process.crashing import DeskFolder, eventually
from tests.process.test_echo_channels import connect, install
from tests.telegram.desk import an_account

_HANGS_S = 25.0
# What the desk may be late by, on machines that have other things to do as well.
_LATE_S = 6.0


def test_a_bot_that_hangs_delays_nobody_elses_messages(
    start_desk: StartDesk, tmp_path: Path, database_url: str
) -> None:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    install(folder.instance)
    wanted = ["email", "telegram", "echo_polled"]
    (folder.instance / "config.toml").write_text(f"plugins = {json.dumps(wanted)}\n")
    with BotApi() as bot, EchoNetwork() as network:
        with folder.opened():
            an_account(bot)
            connect("echo_polled", network)
            with unit_of_work() as unit:
                unit.session.execute(update(Mailbox).values(undo_seconds=0))
            owner = factories.a_user("owner")
        desk = start_desk(database_url=database_url, poll_seconds="1").ready()
        bot.say("Is it in again?")
        network.say("m1", "And the blue one?")

        def numbers() -> dict[str, int]:
            with folder.opened(), reading() as session:
                return {row.channel: row.number for row in session.scalars(select(Ticket))}

        assert eventually(lambda: len(numbers()) == 2), desk.errors[-3000:]
        found = numbers()
        for _answer in range(8):  # more than there are threads
            bot.fail(Fault(how="delay", path=bot.sending_path, seconds=_HANGS_S))
        with folder.opened():
            for count in range(8):
                form = ReplyForm(body=f"Yes, {count}.", to=(), send_anyway=True)
                replies.queue_reply(owner, found["telegram"], form)
            time.sleep(2)  # so that they hang when the other one comes
            replies.queue_reply(owner, found["echo_polled"], ReplyForm(body="That, too.", to=()))
        began = time.monotonic()
        assert eventually(lambda: network.sent), desk.errors[-3000:]
        assert time.monotonic() - began < _LATE_S
        assert len(set(bot.told(ANN))) == len(bot.told(ANN))
