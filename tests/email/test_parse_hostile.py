"""Mail that nobody meant to be read: parsing is total, bounded and loses nothing."""

from __future__ import annotations

import random
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcore.domain.messages import DeliveryReport, InboundMessage
from plugins.email.fence import UNREADABLE
from tests.email.mails import SAMPLES, message, read, reply

SECONDS = 8.0

POISON = {
    "comment": b"To: a" + b"(" * 900,
    "identifier": b"Message-ID: " + b"<" * 5000,
    "commas": b"To: " + b"a, " * 39_000,
    "semicolons": b"Content-Type: " + b";" * 4000,
    "at signs": b"To: " + b"@," * 16_000,
    "quotes": b"To: " + b'"' * 32_000,
    "words": b"Subject: " + b"=?a?q?" * 5000,
    "one long word": b"From: " + b"a" * 32_000,
    "many headers": b"\n".join(b"A%d: x" % number for number in range(30_000)),
    "folding": b"Subject: x\n" + b" a\n" * 80_000,
    "group": b"To: " + b":" * 32_000,
    "parameters": b"Content-Type: text/plain; " + b"a*0*=x;" * 4000,
    "delimiters": b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 50_000,
    "attributions": b"Subject: Re: x\n\n" + b"On 2020 wrote:\n" * 20_000,
    "open elements": b"Content-Type: text/html\n\n" + b"<div>" * 50_000,
    "blockquotes": b"Content-Type: text/html\n\n" + b"<blockquote>x" * 5000,
    "unended files": b"Content-Type: text/plain\n\n" + b"begin 644 a\n" * 100_000 + b"end\n",
    "many texts": b"Content-Type: multipart/mixed; boundary=x\n\n"
    + (b"--x\nContent-Type: text/html\n\n" + b"<p>x</p>" * 20_000 + b"\n") * 60,
    "open styles": b"Content-Type: text/html\n\n" + b"<div>" * 200 + b"<style>x" * 100_000,
    "escapes": b"Content-Type: text/plain\n\n" + b"\x1b$B" * 50_000,
    "one line": b"Return-Path: <>\n\n" + b"a" * 1_000_000,
}


@pytest.mark.parametrize("shape", POISON)
def test_poison_is_read_in_time_and_without_a_fault(shape: str) -> None:
    started = time.monotonic()
    item = read(POISON[shape] + b"\n\nbody")
    assert time.monotonic() - started < SECONDS
    mail = item.message if isinstance(item, DeliveryReport) else item
    assert isinstance(mail, InboundMessage)
    assert UNREADABLE not in mail.warnings


def test_a_long_subject_is_cut_not_refused() -> None:
    mail = message("From: a@b.example\nSubject: " + "word " * 40_000 + "\n\ntext")
    assert mail.subject.startswith("word word")
    assert len(mail.subject) <= 500
    assert any("32 KB" in warning for warning in mail.warnings)


def test_a_header_block_over_the_limit_is_cut_and_the_text_still_read() -> None:
    mail = message("From: a@b.example\n" + "X-A: b\n" * 60_000 + "\ntext")
    assert mail.text == "text"
    assert any("256 KB" in warning for warning in mail.warnings)


def test_parts_beyond_the_limit_are_left_and_said_so() -> None:
    many = "--x\nContent-Type: text/plain; name=a.txt\n\nx\n" * 600
    mail = message(f"Content-Type: multipart/mixed; boundary=x\n\n{many}--x--")
    assert len(mail.files) == 499
    assert any("500 parts" in warning for warning in mail.warnings)


def test_parts_nested_too_deep_are_kept_as_a_file() -> None:
    inner = "Content-Type: text/plain\n\ndeep"
    for level in range(40):
        inner = f"Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n{inner}\n--b{level}--\n"
    mail = message(inner)
    assert any("20 levels" in warning for warning in mail.warnings)
    assert b"deep" in mail.files[0].content


def is_clean(text: str) -> bool:
    text.encode("utf-8")
    return "\x00" not in text


def check(content: bytes) -> None:
    item = read(content)
    mail = item.message if isinstance(item, DeliveryReport) else item
    assert isinstance(mail, InboundMessage)
    assert mail.external_id
    assert mail.sender.value
    assert "\n" not in mail.subject
    assert mail.visible.strip() or not mail.text.strip()
    for text in (mail.subject, mail.text, mail.visible, mail.quoted, mail.html, mail.sender.name):
        assert is_clean(text)
    for file in mail.files:
        assert file.filename.strip(" .")
        assert not set(file.filename) & set("/\\\r\n\x00")
    words = Counter("".join(mail.text.split()))
    assert Counter("".join((mail.visible + mail.quoted).split())) == words


HEADERS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Content-Type",
        "Content-Disposition",
        "Content-Transfer-Encoding",
        "Message-ID",
        "References",
        "Date",
        "Return-Path",
        "Reply-To",
        "Auto-Submitted",
    ]
)
VALUES = st.one_of(
    st.binary(max_size=80),
    st.sampled_from(
        [
            b"multipart/mixed; boundary=b",
            b"text/html; charset=utf-16",
            b"base64",
            b"message/rfc822",
            b"multipart/report; report-type=delivery-status; boundary=b",
            b"text/plain; charset=utf-7",
            b"message/delivery-status",
            b"attachment; filename*0*=x''%FF",
            b"=?utf-8?b?/////w==?=",
        ]
    ),
)


@given(st.binary(max_size=2000))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_one_item(content: bytes) -> None:
    check(content)


@given(
    st.lists(st.tuples(HEADERS, VALUES), max_size=8),
    st.lists(
        st.tuples(st.lists(st.tuples(HEADERS, VALUES), max_size=4), st.binary(max_size=200)),
        max_size=4,
    ),
)
@settings(max_examples=300, deadline=None)
def test_any_structure_gives_one_item(
    head: list[tuple[str, bytes]], parts: list[tuple[list[tuple[str, bytes]], bytes]]
) -> None:
    def block(fields: list[tuple[str, bytes]]) -> bytes:
        return b"".join(name.encode() + b": " + value + b"\n" for name, value in fields) + b"\n"

    check(block(head) + b"".join(b"--b\n" + block(fields) + body + b"\n" for fields, body in parts))


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.eml")), ids=lambda path: path.stem)
def test_broken_samples_are_still_read(path: Path) -> None:
    chance = random.Random(path.name)  # noqa: S311  repeatable, not secret
    original = path.read_bytes()
    for _ in range(100):
        broken = bytearray(original)
        for _ in range(chance.randint(1, 10)):
            at = chance.randrange(len(broken))
            broken[at : at + chance.randint(0, 20)] = chance.randbytes(chance.randint(0, 4))
        check(bytes(broken))


LINES = st.sampled_from(
    [
        "",
        "Words of mine.",
        "> quoted",
        ">> deeper",
        "-- ",
        "On 11 Mar 2024 at 9:00, X <x@y.example> wrote:",
        "From: X <x@y.example>",
        "Sent: Monday",
        "To: me",
        "Subject: y",
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "Sent from my iPhone",
        "| bar",
        "```",
        "_______",
    ]
)


@given(st.lists(LINES, max_size=25))
@settings(max_examples=500, deadline=None)
def test_folding_loses_no_line_and_never_hides_everything(lines: list[str]) -> None:
    mail = reply("\n".join(lines))
    written = Counter(line.strip() for line in lines if line.strip())
    shown = Counter(
        line.strip() for line in f"{mail.visible}\n{mail.quoted}".split("\n") if line.strip()
    )
    assert shown == written
    assert bool(mail.visible.strip()) == bool(written)
