"""Reading and writing stanzas: strange ones harm nothing, long texts lose nothing."""

from __future__ import annotations

import json
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deskcore.api import (
    Address,
    DeliveryReport,
    Ignored,
    InboundChange,
    InboundMessage,
    OutboundMessage,
)
from deskcore.plugin import Refused
from plugins.xmpp.elements import NotXmpp, Reader, element_of, written
from plugins.xmpp.events import is_noise, item_id, meanings, wants_receipt
from plugins.xmpp.names import RECEIPTS
from plugins.xmpp.outgoing import MOST_BYTES, form_of, letter_of, parted, stanzas_of
from plugins.xmpp.tests.network import ADDRESS, COMPONENT, a_message

SAMPLES = {path.stem: path.read_bytes() for path in Path(__file__).with_name("samples").iterdir()}
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    b'<stream:stream xmlns:stream="http://etherx.jabber.org/streams"><message>&b;</message>'
)


def message_of(name: str) -> InboundMessage:
    [found] = [
        each for each in meanings(SAMPLES[name], COMPONENT) if isinstance(each, InboundMessage)
    ]
    return found


def an_answer(text: str, **more: object) -> OutboundMessage:
    said: dict[str, object] = {
        "external_id": "d.0123456789abcdefghijkl@chat.xmpp.test",
        "token": "0123456789abcdefghijkl",
        "sender": Address(value=ADDRESS),
        "to": (Address(value="ann@xmpp.test"),),
        "text": text,
        "sent_at": datetime(2026, 11, 28, tzinfo=UTC),
        **more,
    }
    return OutboundMessage(**said)  # type: ignore[arg-type]  # one keyword for each thing a test says


@pytest.mark.parametrize(
    "content",
    [
        BOMB,
        b"<!DOCTYPE a SYSTEM 'http://xmpp.test/a.dtd'><a><b/>",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"<a>" * 60,
        b"<a><b>" + b"x" * (3 * 1024 * 1024),
        b"<a><b></a>",
    ],
    ids=["bomb", "type", "web", "deep", "endless", "crossed"],
)
def test_what_is_no_stream_ends_the_reading(content: bytes) -> None:
    with pytest.raises(NotXmpp):
        list(Reader().feed(content))


def test_a_stanza_in_a_thousand_pieces_is_the_same_one() -> None:
    reader, found = Reader(), []
    whole = b"<s:s xmlns:s='http://etherx.jabber.org/streams' xmlns='jabber:component:accept'>"
    for byte in whole + SAMPLES["message_unicode"] + b" " * 9 + SAMPLES["message"]:
        found += list(reader.feed(bytes([byte])))
    assert [written(each) for each in found[1:]] == [
        written(element)
        for name in ("message_unicode", "message")
        if (element := element_of(SAMPLES[name])) is not None
    ]


def test_a_file_is_fetched_and_its_address_is_no_text() -> None:
    found = message_of("message_file")
    assert (found.text, [each.filename for each in found.awaited]) == ("", ["fotka konvice.jpg"])


def test_words_are_taken_in_the_language_of_the_message_and_at_their_own_time() -> None:
    found = message_of("message_late")
    assert found.text == "Dobrý večer"
    assert found.headers["language"] == "cs"
    assert found.sent_at == datetime(2026, 11, 27, 21, 15, tzinfo=UTC)


def test_an_encrypted_message_says_what_to_do() -> None:
    assert "OMEMO" in message_of("message_encrypted").warnings[0]


def test_reports_and_reactions_find_what_they_are_about_by_the_id_of_its_first_part() -> None:
    [read] = meanings(SAMPLES["report_read"], COMPONENT)
    assert isinstance(read, DeliveryReport)
    assert read.references == ("d.0123456789abcdefghijkl@chat.xmpp.test",)
    assert read.tokens == ("0123456789abcdefghijkl",)
    changes = meanings(SAMPLES["reaction"], COMPONENT)
    assert [(each.kind, each.content) for each in changes if isinstance(each, InboundChange)] == [
        ("unreaction", ""),
        ("reaction", "👍"),
        ("reaction", "🎉"),
    ]


def test_a_bounce_says_why_and_groups_are_ignored() -> None:
    [bounced] = meanings(SAMPLES["report_bounced"], COMPONENT)
    assert isinstance(bounced, DeliveryReport)
    assert bounced.status == "bounced"
    assert "no such address" in bounced.detail
    [group] = meanings(SAMPLES["unknown_group"], COMPONENT)
    assert isinstance(group, Ignored)
    assert "group" in group.reason


def test_the_same_stanza_sent_again_has_the_same_name_and_another_has_another() -> None:
    first, again, other, nameless = (
        element_of(content)
        for content in (
            a_message("ok", "1"),
            a_message("ok", "1", **{"from": "ann@xmpp.test/tablet"}),
            a_message("yes", "1"),
            a_message("ok", ""),
        )
    )
    assert first is not None
    assert again is not None
    assert other is not None
    assert nameless is not None
    assert item_id(first, "x") == item_id(again, "y") != item_id(other, "x")
    assert item_id(nameless, "x") == "x", "two messages without an id are never one"


def test_only_typing_is_noise() -> None:
    typing = (
        b'<message xmlns="jabber:component:accept" from="ann@xmpp.test/phone" type="chat">'
        b'<composing xmlns="http://jabber.org/protocol/chatstates"/></message>'
    )
    kinds = {"typing": typing, **{name: SAMPLES[name] for name in ("message", "report", "edit")}}
    found = {name: element_of(content) for name, content in kinds.items()}
    assert [name for name, each in found.items() if each is not None and is_noise(each)] == [
        "typing"
    ]
    message = found["message"]
    assert message is not None
    assert wants_receipt(message) == "m-1001"


@pytest.mark.parametrize(
    "text",
    [
        "word слово 👩🏽‍💻 " * 3000,
        "👩🏽‍💻" * 4000,
        "e\u0301" * 9000,
        "line\n" * 4000,
        "short",
        "x" * 50_000,
    ],
)
def test_a_long_text_is_parted_and_loses_no_letter(text: str) -> None:
    parts = list(parted(text))
    assert "".join(parts).rstrip() == text.rstrip()
    assert all(len(part.encode()) <= MOST_BYTES for part in parts)
    for part in parts[1:]:
        assert not unicodedata.combining(part[0])
        assert part[0] not in "\u200d\ufe0f\U0001f3fd"


def test_an_answer_goes_from_the_address_that_was_written_to_and_asks_for_one_receipt() -> None:
    message = an_answer("long " * 3000, conversation=f"sales@{COMPONENT} ann@xmpp.test")
    payload = form_of(message, "Ann@XMPP.test/phone", COMPONENT)
    stanzas = stanzas_of(letter_of(payload), ("https://files.xmpp.test/1",))
    assert {each.get("from") for each in stanzas} == {f"sales@{COMPONENT}"}
    assert {each.get("to") for each in stanzas} == {"ann@xmpp.test"}
    assert [each.get("id") for each in stanzas[:2]] == [
        message.external_id,
        f"{message.external_id}#1",
    ]
    asking = [each.find(f"{{{RECEIPTS}}}request") is not None for each in stanzas]
    assert asking == [False] * (len(stanzas) - 1) + [True]
    strange = form_of(
        an_answer("Hi", conversation="shop@elsewhere.test ann@xmpp.test"), "a@b", COMPONENT
    )
    assert json.loads(strange.content)["from"] == ADDRESS


@pytest.mark.parametrize("to", ["ann", "@xmpp.test", "a b@xmpp.test", "a@b<c", ""])
def test_nobody_is_written_to_at_what_is_no_address(to: str) -> None:
    with pytest.raises(Refused):
        form_of(an_answer("Hi"), to, COMPONENT)
