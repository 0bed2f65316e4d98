"""What agents answer a bot's customers: once, whole, in parts that wait for their turn."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import Actor
from deskcore.models import ChannelAccount, Delivery, DeliveryAttempt, Message
from deskcore.plugin.channel import Pace
from deskcore.services import delivery, files, sending
from deskcore.services.jobs import RunAgain
from deskcore.services.turns import Turns
from deskcore.services.unit import reading, unit_of_work
from deskcore.testing import Fault, says
from plugins.telegram.tests.bot_api import ANN, BotApi
from tests.telegram import desk

LONG = " ".join(f"{step}. krok 👩🏽‍💻" for step in range(800))  # four messages, each another


@pytest.fixture
def asked(bot: BotApi, account_id: int) -> int:
    """Have Ann ask something; returns the number of her message."""
    number = bot.say("Is it in again?")
    desk.fetch(account_id)
    return number


def attach(message_body: str, owner: Actor, *named: tuple[str, str, bytes]) -> int:
    """Queue an answer with files; returns the delivery's id."""
    delivery_id = desk.answer(owner, message_body)
    with unit_of_work() as unit:
        message_id = unit.session.get_one(Delivery, delivery_id).message_id
        for filename, kind, content in named:
            file = InboundFile(filename=filename, content_type=kind, content=content)
            files.attach(unit, file, message_id=message_id)
    return delivery_id


def test_an_answer_answers_the_customers_message_as_plain_text(
    bot: BotApi, owner: Actor, asked: int
) -> None:
    assert desk.send(desk.answer(owner, "It is *in* _again_: https://shop.example")) == "sent"
    [sent] = bot.sent
    assert (sent.chat, sent.answers) == (ANN, asked)
    assert sent.text == "It is *in* _again_: https://shop.example"


def test_a_long_answer_goes_in_parts_and_a_reply_to_any_of_them_finds_its_ticket(
    bot: BotApi, owner: Actor, account_id: int, asked: int
) -> None:
    delivery_id = desk.answer(owner, LONG)
    assert desk.send(delivery_id) == "sent"
    told = bot.told(ANN)
    assert len(told) == 4
    assert " ".join(told).split() == LONG.split()
    assert [each.answers for each in bot.sent] == [asked, 0, 0, 0]
    assert desk.delivery(delivery_id).tries == 1
    for part in bot.sent:
        bot.say("Thank you", reply_to_message={"message_id": part.number})
    desk.fetch(account_id)
    assert len(desk.tickets()) == 1
    with reading() as session:
        referred = session.scalars(select(Message).where(Message.direction == Direction.IN)).all()
    assert len(referred) == 5


@pytest.mark.parametrize("how", ["reset", "lost"])
def test_when_a_later_part_is_lost_the_earlier_ones_are_not_sent_again(
    bot: BotApi, owner: Actor, asked: int, how: str
) -> None:
    delivery_id = desk.answer(owner, LONG)
    assert desk.send_once(delivery_id) == "queued"
    bot.fail(Fault(how=how, path=bot.sending_path))  # type: ignore[arg-type]  # one of both
    assert desk.send_once(delivery_id) == DeliveryState.UNSURE
    arrived = len(bot.sent)
    delivery.retry(owner, delivery_id)
    assert desk.send(delivery_id) == "sent"
    told = bot.told(ANN)
    assert len(told) == arrived + 3
    assert len(set(told)) == 4, "A part that had arrived was sent again."


def test_patience_asked_for_between_parts_is_given_and_no_part_comes_twice(
    bot: BotApi, owner: Actor, asked: int
) -> None:
    delivery_id = desk.answer(owner, LONG)
    desk.send_once(delivery_id)
    bot.plan("busy")
    assert desk.send_once(delivery_id) == "queued"
    row = desk.delivery(delivery_id)
    with reading() as session:
        begun = session.scalar(select(func.max(DeliveryAttempt.started_at)))
    assert begun is not None
    assert row.run_at - begun >= timedelta(seconds=40)
    assert desk.send(delivery_id) == "sent"
    assert len(bot.told(ANN)) == len(set(bot.told(ANN))) == 4


def test_trouble_of_telegrams_own_is_tried_again_and_a_blocked_bot_is_told_in_words(
    bot: BotApi, owner: Actor, asked: int
) -> None:
    delivery_id = desk.answer(owner, "It is in again.")
    bot.plan("error")
    assert desk.send_once(delivery_id) == "queued"
    bot.blocked.add(ANN)
    assert desk.send_once(delivery_id) == "failed"
    assert "has blocked the bot" in desk.delivery(delivery_id).detail
    assert bot.sent == []


def test_files_leave_as_photos_and_files_and_a_picture_that_is_none_as_a_file(
    bot: BotApi, owner: Actor, asked: int
) -> None:
    picture = ("tin.png", "image/png", b"\x89PNG-tin")
    paper = ('the "invoice" č. 17.pdf', "application/pdf", b"%PDF-17 \r\n--desk")
    delivery_id = attach("Here it is.", owner, picture, paper)
    bot.pictures_refused = True
    assert desk.send(delivery_id) == "sent"
    first, second = bot.sent
    assert (first.method, first.text, first.answers) == ("sendDocument", "Here it is.", asked)
    assert (first.filename, first.content) == ("tin.png", b"\x89PNG-tin")
    assert second.content == b"%PDF-17 \r\n--desk"
    assert second.filename.endswith("č. 17.pdf")
    bot.pictures_refused = False
    long_words = "It is a long story. " * 60
    assert desk.send(attach(long_words, owner, picture)) == "sent"
    assert [each.method for each in bot.sent[2:]] == ["sendMessage", "sendPhoto"]


def test_an_answer_follows_a_group_to_its_new_number(
    bot: BotApi, owner: Actor, account_id: int
) -> None:
    with unit_of_work() as unit:
        account = unit.session.get_one(ChannelAccount, account_id)
        account.settings = {**account.settings, "groups": True}
    bot.say("Open today?", place={"id": -500, "title": "Tea friends", "type": "group"})
    desk.fetch(account_id)
    bot.moved[-500] = -100500
    assert desk.send(desk.answer(owner, "Until six.")) == "sent"
    assert bot.told(-100500) == ["Until six."]
    bot.moved.clear()
    bot.moved[-500] = -100500
    pdf = ("map.pdf", "application/pdf", b"%PDF chat_id")
    assert desk.send(attach("The way", owner, pdf)) == "sent"
    assert bot.sent[-1].chat == -100500
    assert bot.sent[-1].content == b"%PDF chat_id"


def test_turns_keep_to_the_pace_of_all_and_of_each_and_to_patience_asked_for() -> None:
    time = [100.0]
    turns = Turns(time=lambda: time[0])
    pace = Pace(a_second=10, each=timedelta(seconds=1))
    assert turns.wait_s(1, 7, 1, pace) == 0
    assert turns.wait_s(2, 7, 1, pace) == pytest.approx(1.0)  # the same conversation
    assert turns.wait_s(3, 7, 2, pace) == pytest.approx(1.1)  # its place is behind that
    assert turns.wait_s(4, 8, 3, pace) == 0  # another account
    time[0] += 1.0
    assert turns.wait_s(2, 7, 1, pace) == 0
    assert turns.wait_s(3, 7, 2, pace) == pytest.approx(0.1)
    turns.hold(7, timedelta(seconds=30))
    assert turns.wait_s(5, 7, 4, pace) == pytest.approx(30.0)


def test_who_must_wait_for_a_turn_comes_again_without_a_try(
    bot: BotApi, owner: Actor, asked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "TURNS", Turns(time=lambda: 1.0))
    first, second = desk.answer(owner, "One."), desk.answer(owner, "Two.")
    assert desk.send(first) == "sent"
    with pytest.raises(RunAgain):
        desk.send_once(second)
    assert desk.delivery(second).tries == 0
    assert bot.told(ANN) == ["One."]


@pytest.mark.parametrize(
    ("status", "state"), [(403, "queued"), (413, "failed"), (502, DeliveryState.UNSURE)]
)
def test_what_a_gate_before_telegram_says_is_not_taken_for_telegrams_word(
    bot: BotApi, owner: Actor, asked: int, status: int, state: str
) -> None:
    bot.fail(replace(says(status, b"<html>a gate</html>", "text/html"), path=bot.sending_path))
    assert desk.send_once(desk.answer(owner, "It is in again.")) == state
    assert bot.sent == []
