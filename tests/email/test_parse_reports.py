"""Reports of mail systems about mail of ours."""

from __future__ import annotations

import pytest

from deskcore.domain.messages import InboundMessage
from tests.email.mails import SAMPLES, message, read, report

TOKEN = "abcdefghijklmnop1234"
OURS = f"d.{TOKEN}@desk.example"


def test_a_bounce_names_our_message_and_whom_we_wrote_to() -> None:
    bounce = report((SAMPLES / "dsn_failed.eml").read_bytes())
    assert bounce.status == "bounced"
    assert bounce.recipients == ("ann@customer.example",)
    assert bounce.references[0] == OURS
    assert TOKEN in bounce.tokens
    assert "user unknown" in bounce.detail


@pytest.mark.parametrize("line_break", [b"\r\n", b"\r"])
def test_a_report_is_read_with_any_line_break(line_break: bytes) -> None:
    content = (SAMPLES / "dsn_failed.eml").read_bytes().replace(b"failed", b"delayed")
    delay = report(content.replace(b"\n", line_break))
    assert delay.status == "delayed"
    assert delay.recipients == ("ann@customer.example",)
    assert delay.references[0] == OURS


def test_the_report_itself_can_be_read() -> None:
    bounce = report((SAMPLES / "dsn_failed.eml").read_bytes())
    assert bounce.message is not None
    assert bounce.message.is_auto
    assert "could not be delivered" in bounce.message.visible


def test_a_bounce_in_plain_words_is_understood() -> None:
    bounce = report((SAMPLES / "qmail_failed.eml").read_bytes())
    assert bounce.status == "bounced"
    assert bounce.recipients == ("ann@customer.example",)
    assert bounce.references == (OURS,)


def test_a_delay_is_no_bounce() -> None:
    delayed = (
        (SAMPLES / "dsn_failed.eml").read_bytes().replace(b"Action: failed", b"Action: delayed")
    )
    assert report(delayed.replace(b"5.1.1", b"4.4.1")).status == "delayed"


def test_failed_recipients_in_a_header_are_enough() -> None:
    bounce = report(
        "From: mailer-daemon@mx.example\nX-Failed-Recipients: ann@customer.example\n"
        "Subject: Mail delivery failed\n\nThis is a copy of your message.\n"
    )
    assert bounce.recipients == ("ann@customer.example",)


def test_a_read_receipt_is_reported_as_read() -> None:
    receipt = report(
        "From: ann@customer.example\nSubject: Read: Your order\nMIME-Version: 1.0\n"
        "Content-Type: multipart/report; report-type=disposition-notification; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nIt was displayed.\n"
        "--b\nContent-Type: message/disposition-notification\n\n"
        "Final-Recipient: rfc822;ann@customer.example\n"
        f"Original-Message-ID: <{OURS}>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n--b--\n"
    )
    assert receipt.status == "read"
    assert receipt.references == (OURS,)
    assert receipt.recipients == ("ann@customer.example",)


def test_a_person_who_forwards_a_bounce_sends_a_message() -> None:
    bounce = (SAMPLES / "dsn_failed.eml").read_text()
    mail = message(
        "From: ann@customer.example\nSubject: What is this?\nMIME-Version: 1.0\n"
        "Content-Type: multipart/mixed; boundary=out\n\n--out\nContent-Type: text/plain\n\n"
        f"I got this.\n--out\nContent-Type: message/rfc822\n\n{bounce}\n--out--\n"
    )
    assert not mail.is_auto
    assert mail.visible == "I got this."


def test_a_vacation_answer_about_a_delivery_is_no_bounce() -> None:
    away = (
        "Return-Path: <>\nFrom: ann@customer.example\nAuto-Submitted: auto-replied\n"
        "Subject: Re: Delivery report of your parcel\n\nI am away until Monday.\n"
    )
    assert isinstance(read(away.encode()), InboundMessage)
