"""What customers write to a bot, on a whole desk with a server that plays the Bot API."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.kinds import InboundState
from deskcore.models import (
    Attachment,
    AwaitedFile,
    ChannelAccount,
    InboundItem,
    MessageChange,
    TicketLeg,
)
from deskcore.plugin import Blocked, TryLater
from deskcore.services import channels, inbound
from deskcore.services.unit import reading, unit_of_work
from plugins.telegram.tests.bot_api import ANN, BotApi
from tests.telegram import desk

BEN = 2222222
SAMPLES = Path(__file__).resolve().parents[2] / "plugins" / "telegram" / "tests" / "samples"


def a_photo(bot: BotApi, file: str, **more: Any) -> int:
    bot.files[f"documents/{file}"] = b"\xff\xd8\xff\xe0" + file.encode()
    size = {"file_id": file, "file_unique_id": file, "width": 1280, "height": 960}
    return bot.say("", photo=[size], **more)


def test_an_album_is_one_message_with_its_words_and_all_its_pictures(
    bot: BotApi, account_id: int
) -> None:
    first = a_photo(bot, "one", media_group_id="77", caption="All three came broken")
    desk.fetch(account_id)
    a_photo(bot, "two", media_group_id="77")
    a_photo(bot, "three", media_group_id="77")
    bot.say("What now?", reply_to_message={"message_id": first + 2})
    desk.fetch(account_id)
    desk.fetch_files()
    album, question = desk.messages()
    assert album.visible.startswith("All three came broken")
    assert album.awaited_files == 0
    with reading() as session:
        files = session.scalars(
            select(Attachment.message_id).where(Attachment.message_id.is_not(None))
        ).all()
        assert session.scalars(select(AwaitedFile.id)).all() == []
        states = set(session.scalars(select(InboundItem.state)))
    assert files == [album.id] * 3
    assert states == {InboundState.FILED}
    assert question.ticket_id == album.ticket_id
    [ticket] = desk.tickets()
    assert (ticket.message_count, ticket.has_files) == (2, True)
    assert ticket.subject == "All three came broken"


def test_pictures_of_another_album_or_of_somebody_else_are_a_message_of_their_own(
    bot: BotApi, account_id: int
) -> None:
    a_photo(bot, "one", media_group_id="77")
    a_photo(bot, "two", media_group_id="78")
    a_photo(bot, "three", media_group_id="77", chat=BEN, name="Ben")
    desk.fetch(account_id)
    assert len(desk.messages()) == 3
    assert len(desk.tickets()) == 2


def test_what_is_said_later_of_a_picture_lands_on_its_album(bot: BotApi, account_id: int) -> None:
    a_photo(bot, "one", media_group_id="77", caption="Both")
    second = a_photo(bot, "two", media_group_id="77")
    reaction = {
        "chat": {"id": ANN, "type": "private"},
        "message_id": second,
        "user": {"id": ANN, "is_bot": False, "first_name": "Ann"},
        "date": 1_795_100_000,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    }
    bot.update({"message_reaction": reaction})
    desk.fetch(account_id)
    [album] = desk.messages()
    with reading() as session:
        [change] = session.scalars(select(MessageChange)).all()
    assert (change.message_id, change.content) == (album.id, "👍")


def test_an_edit_shows_the_new_words_and_a_file_too_large_is_said(
    bot: BotApi, account_id: int
) -> None:
    number = bot.say("Two tins, please")
    chat = {"id": ANN, "type": "private"}
    who = {"id": ANN, "is_bot": False, "first_name": "Ann"}
    edit = {"message_id": number, "from": who, "chat": chat, "date": 1, "edit_date": 1_795_200_000}
    bot.update({"edited_message": {**edit, "text": "Three tins, please"}})
    large = {"file_id": "f", "file_name": "film.mov", "file_size": 700_000_000}
    bot.say("", document=large)
    desk.fetch(account_id)
    order, film = desk.messages()
    assert order.visible == "Three tins, please"
    assert film.visible == "📎 film.mov"
    assert ["20 MB" in warning for warning in film.warnings] == [True]


def test_everything_is_taken_once_whatever_is_repeated_or_interrupted(
    bot: BotApi, account_id: int
) -> None:
    for number in range(130):
        bot.say(f"Question {number}", chat=ANN + number)
    bot.repeats_updates = True
    channel = channels.build_by_id(account_id)
    lost = list(channel.receive(None))  # the desk dies here: nothing was stored
    assert len(lost) == 100
    assert bot.confirmed == 0, "Telegram was told that it may forget what is not stored."
    while desk.fetch(account_id):
        assert bot.confirmed < 130
    said = {message.visible for message in desk.messages()}
    assert said == {f"Question {number}" for number in range(130)}
    assert len(desk.messages()) == 130


def test_waiting_confirms_only_what_was_stored(bot: BotApi, account_id: int) -> None:
    bot.say("First")
    channel = channels.build_by_id(account_id)
    unstored = list(channel.receive(None))
    assert channel.wait(5) is True  # a stopped fetcher comes here without having stored
    assert bot.waiting == 1
    inbound.store(account_id, unstored)
    channel.acknowledge(unstored)
    assert channel.wait(0.2) is False
    assert bot.waiting == 0


def test_a_number_that_begins_anew_is_another_update(bot: BotApi, account_id: int) -> None:
    bot.say("In November")
    desk.fetch(account_id)
    with unit_of_work() as unit:
        unit.session.get_one(ChannelAccount, account_id).cursor = None
    bot._updates.clear()
    bot._next_update = 700_000_000
    bot.say("In December")
    desk.fetch(account_id)
    assert [message.visible for message in desk.messages()] == ["In November", "In December"]


def test_groups_are_left_alone_unless_they_are_wanted(
    app: Flask, bot: BotApi, account_id: int
) -> None:
    for name in ("group", "group_anonymous", "group_joined", "channel_post", "blocked", "start"):
        bot.offer((SAMPLES / f"{name}.json").read_bytes())
    desk.fetch(account_id)
    assert desk.tickets() == []
    assert len(desk.reasons()) == 6
    assert any("blocked the bot" in reason for reason in desk.reasons())


def test_a_group_is_one_ticket_with_each_ones_words_and_stays_it_under_its_new_number(
    bot: BotApi, account_id: int
) -> None:
    with unit_of_work() as unit:
        account = unit.session.get_one(ChannelAccount, account_id)
        account.settings = {**account.settings, "groups": True}
    old = {"id": -123456789, "title": "Tea friends", "type": "group"}
    bot.say("When do you open?", chat=BEN, name="Ben", place=old)
    bot.say("And on Sunday?", place=old)
    for name in ("group_moved", "group_moved_here", "group_anonymous"):
        bot.offer((SAMPLES / f"{name}.json").read_bytes())
    desk.fetch(account_id)
    [ticket] = desk.tickets()
    said = [(message.author_name, message.visible) for message in desk.messages()]
    assert said[:2] == [("Ben", "When do you open?"), ("Ann", "And on Sunday?")]
    assert said[-1] == ("Tea friends", "Please, in one thread.")
    with reading() as session:
        legs = session.scalars(select(TicketLeg).where(TicketLeg.ticket_id == ticket.id)).all()
    assert {leg.conversation for leg in legs} == {"-123456789", "-1001234567890"}


def test_another_program_that_asks_is_named_and_a_webhook_left_behind_is_removed(
    bot: BotApi, account_id: int
) -> None:
    bot.webhook = {"url": "https://old.example/hook"}
    bot.say("Hello")
    assert desk.fetch(account_id) == 1
    assert bot.webhook == {}
    conflict = {"ok": False, "error_code": 409, "description": "Conflict: terminated by other"}
    bot.plan_answer("getUpdates", conflict)
    with pytest.raises(TryLater, match="Another program"):
        list(channels.build_by_id(account_id).receive(None))
    channel = channels.build_by_id(account_id)
    bot.webhook = {"url": "https://desk.example/in/telegram/k"}  # chosen while one still waits
    with pytest.raises(TryLater):
        channel.wait(1)
    assert bot.webhook


def test_by_webhook_the_desk_tells_its_address_and_takes_what_telegram_pushes(
    app: Flask, bot: BotApi
) -> None:
    account_id = desk.an_account(bot, way="webhook")
    with unit_of_work() as unit:
        unit.session.get_one(ChannelAccount, account_id).hook_key = "k" * 22
    channel = channels.build_by_id(account_id)
    assert list(channel.receive(None)) == []
    assert bot.webhook["url"] == f"https://desk.example/in/telegram/{'k' * 22}"
    assert channel.wait(1) is False
    bot.say("Pushed")
    [request] = bot.pushes()
    channel.verify(request)
    push = channel.unpack(request)
    desk.file(account_id, *push.items, *push.items)
    assert [message.visible for message in desk.messages()] == ["Pushed"]
    bot.webhook_problem = "Wrong response from the webhook: 502 Bad Gateway"
    bot.say("Waits there")
    with pytest.raises(Blocked, match="502 Bad Gateway"):
        list(channel.receive(None))


def test_a_file_that_is_gone_or_too_large_is_said_and_the_message_stays(
    bot: BotApi, account_id: int
) -> None:
    bot.say("", voice={"file_id": "too-big", "duration": 7})
    desk.fetch(account_id)
    desk.fetch_files()
    with reading() as session:
        [file] = session.scalars(select(AwaitedFile)).all()
    assert file.given_up_at is not None
    assert json.dumps(file.problem)
    assert desk.messages()[0].visible == "🎤 Voice message (0:07)"
