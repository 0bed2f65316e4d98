"""Who wrote a mail, what it belongs to, and whether a program wrote it."""

from __future__ import annotations

import pytest

from tests.email.mails import DESK_ID, message, sample

TOKEN = "abcdefghijklmnop1234"


def from_header(value: str, *more: str) -> str:
    return "\n".join([f"From: {value}", *more, "Subject: Hi", "", "text"])


@pytest.mark.parametrize(
    ("header", "address", "name"),
    [
        ("Ann <Ann@Customer.Example>", "ann@customer.example", "Ann"),
        ("Last, First <a@b.example>", "a@b.example", "Last,First"),
        ('"Last, First" <a@b.example>', "a@b.example", "Last, First"),
        ("boss@bank.example <real@other.example>", "real@other.example", "boss@bank.example"),
        ("Big Bug bb@bug.example", "bb@bug.example", "Big Bug"),
        ("=?utf-8?q?J=C3=B6rg?= <j@b.example>", "j@b.example", "Jörg"),
        ("<a@b.example>>", "a@b.example", ""),
    ],
)
def test_the_address_in_from_is_found(header: str, address: str, name: str) -> None:
    sender = message(from_header(header)).sender
    assert sender.value == address
    assert sender.name.replace(", ", ",") == name.replace(", ", ",")


def test_a_mail_without_a_sender_says_so() -> None:
    mail = message("Subject: Hi\n\ntext")
    assert mail.sender.value.endswith(".invalid")
    assert any("who sent it" in warning for warning in mail.warnings)


def test_reply_to_never_replaces_a_person() -> None:
    mail = message(from_header("ann@customer.example", "Reply-To: eve@evil.example"))
    assert mail.sender.value == "ann@customer.example"
    assert [one.value for one in mail.reply_to] == ["eve@evil.example"]


@pytest.mark.parametrize("system", ["support@desk.example", "no-reply@shop.example"])
def test_reply_to_is_the_customer_of_a_form(system: str) -> None:
    mail = message(from_header(system, "Reply-To: Ann <ann@customer.example>"))
    assert mail.sender.value == "ann@customer.example"
    assert any("Reply-To" in warning for warning in mail.warnings)
    assert system in mail.headers["from"]
    assert not mail.is_own


def test_a_list_of_ours_that_rewrote_the_sender_is_seen_through() -> None:
    rewritten = '"Ann Customer via Support" <support@desk.example>'
    mail = message(from_header(rewritten, "X-Original-From: Ann Customer <ann@customer.example>"))
    assert (mail.sender.value, mail.sender.name) == ("ann@customer.example", "Ann Customer")


def test_a_foreign_list_may_not_name_another_sender() -> None:
    rewritten = '"Ann via List" <list@other.example>'
    mail = message(from_header(rewritten, "X-Original-From: boss@bank.example"))
    assert mail.sender.value == "list@other.example"


def test_what_an_agent_forwards_names_its_author() -> None:
    mail = sample("apple_forward.eml")
    assert mail.sender.value == "agent@desk.example"
    assert mail.original_sender is not None
    assert mail.original_sender.value == "carl@buyer.example"
    assert "My kettle leaks." in mail.visible


@pytest.mark.parametrize(
    "block",
    [
        "---------- Forwarded message ---------\nFrom: Carl <carl@buyer.example>\nDate: Mon\nSubject: x",
        "-------- Weitergeleitete Nachricht --------\nBetreff: x\nDatum: Mo\nVon: Carl <carl@buyer.example>",
        "Von: Carl [mailto:carl@buyer.example]\nGesendet: Montag\nAn: Desk\nBetreff: x",
        "De : Carl <carl@buyer.example>\nEnvoyé : lundi\nÀ : Desk\nObjet : x",
        "-------- Пересылаемое сообщение --------\nОт: Carl <carl@buyer.example>\nДата: пн\nТема: x",
        "---------- Přeposlaná zpráva ----------\nOd: Carl <carl@buyer.example>\nDatum: po\nPředmět: x",
        "差出人: Carl <carl@buyer.example>\n日時: 2024年3月11日\n件名: x\n宛先: Desk",
        "----- Forwarded Message ----- From: Carl <carl@buyer.example>To: Desk <d@desk.example>",
    ],
)
def test_forwards_are_read_in_many_languages(block: str) -> None:
    mail = message(f"From: agent@desk.example\nSubject: Fwd: x\n\nFYI\n\n{block}\n\nMy words.")
    assert mail.original_sender is not None
    assert mail.original_sender.value == "carl@buyer.example"
    assert "My words." in mail.visible


def test_an_ordinary_mail_has_no_other_author() -> None:
    assert message(from_header("ann@customer.example")).original_sender is None


def test_references_are_oldest_first_and_end_with_the_parent() -> None:
    mail = message(
        from_header(
            "a@b.example",
            "Message-ID: <own@b.example>",
            "In-Reply-To: <two@d.example>",
            "References: <one@d.example>",
            "References: <two@d.example>, <thr\n ee@d.example>",
        )
    )
    assert mail.external_id == mail.keys.own == "own@b.example"
    assert mail.keys.references == ("one@d.example", "three@d.example", "two@d.example")


def test_a_mail_without_an_id_gets_the_same_one_every_time() -> None:
    first, second = (message("From: a@b.example\n\nx").external_id for _ in range(2))
    assert first == second
    assert first.startswith("sha256-")
    assert message("From: a@b.example\n\ny").external_id != first


@pytest.mark.parametrize(
    "header",
    [
        f"To: Desk <reply+{TOKEN}@desk.example>",
        f"Delivered-To: reply+{TOKEN}@desk.example",
        f"X-Original-To: reply+{TOKEN}@desk.example",
        f"Received: from x by y for <reply+{TOKEN}@desk.example>; Mon",
        f"References: <d.{TOKEN}@desk.example>",
        f"In-Reply-To: <d.{TOKEN}@desk.example>",
    ],
)
def test_our_token_is_found_wherever_it_survived(header: str) -> None:
    assert message(from_header("a@b.example", header)).keys.tokens == (TOKEN,)


def test_the_envelope_recipient_may_hold_the_token_too() -> None:
    meta = {"envelope_to": f"reply+{TOKEN}@desk.example"}
    assert message(from_header("a@b.example"), meta).keys.tokens == (TOKEN,)


@pytest.mark.parametrize(
    "header",
    [
        "Auto-Submitted: auto-replied; owner-email=x",
        "Auto-Submitted: auto-generated",
        "X-Autoreply: yes",
        "Precedence: auto_reply",
        "Return-Path: <>",
        "X-POST-MessageClass: 9; Autoresponder",
        "X-MS-Exchange-Inbox-Rules-Loop: a@b.example",
    ],
)
def test_signs_of_a_program_are_seen(header: str) -> None:
    assert message(from_header("a@b.example", header)).is_auto


@pytest.mark.parametrize(
    "header",
    [
        "Precedence: bulk",
        "List-Id: <x.example>",
        "List-Unsubscribe: <mailto:u@x.example>",
        "X-Auto-Response-Suppress: DR, OOF",
    ],
)
def test_mass_mail_and_who_wants_no_answer_are_bulk_but_not_automatic(header: str) -> None:
    mail = message(from_header("a@b.example", header))
    assert mail.is_bulk
    assert not mail.is_auto


@pytest.mark.parametrize(
    "header", ["Auto-Submitted: no", "X-Auto-Response-Suppress: None", "Precedence: normal"]
)
def test_a_person_is_no_program(header: str) -> None:
    mail = message(from_header("a@b.example", header))
    assert not mail.is_auto
    assert not mail.is_bulk


def test_an_out_of_office_answer_is_automatic() -> None:
    assert sample("away.eml").is_auto


def test_our_own_mail_coming_back_is_recognised() -> None:
    assert message(from_header("support@desk.example")).is_own
    assert message(from_header("a@b.example", f"X-Deskcore-Loop: {DESK_ID}")).is_own
    assert not message(from_header("a@b.example", "X-Deskcore-Loop: another-desk")).is_own
