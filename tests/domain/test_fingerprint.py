"""One mail by two ways is known again; two mails never are one."""

from __future__ import annotations

import pytest

from deskcore.domain.fingerprint import mail_fingerprint

MAIL = b"From: ann@x.test\r\nSubject: hi\r\n\r\nHello\r\n"


@pytest.mark.parametrize(
    "trace",
    [
        b"Received: from a by b;\r\n\tSat, 21 Nov 2026 10:00:00 +0000\r\n",
        b"Return-Path: <ann@x.test>\r\nDelivered-To: help@desk.test\r\n",
        b"X-Original-To: other@desk.test\r\nReceived: by c\r\n",
    ],
)
def test_the_way_a_mail_took_does_not_matter(trace: bytes) -> None:
    assert mail_fingerprint(trace + MAIL) == mail_fingerprint(MAIL)


def test_line_ends_do_not_matter() -> None:
    assert mail_fingerprint(MAIL.replace(b"\r\n", b"\n")) == mail_fingerprint(MAIL)


@pytest.mark.parametrize(
    "other", [MAIL + b"more", MAIL.replace(b"hi", b"ho"), b"X-A: 1\r\n" + MAIL]
)
def test_any_other_difference_makes_another_mail(other: bytes) -> None:
    assert mail_fingerprint(other) != mail_fingerprint(MAIL)
