"""``desk mail-in``: a mail server's pipe gets an exit code it can trust."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore.models import InboundItem, Job
from deskcore.services import files
from deskcore.services.unit import reading
from tests import factories
from tests.cli.conftest import Run

MAIL = (
    "From: Žofie <zofie@posta.example>\r\nTo: help@shop.example\r\nSubject: Dotaz\r\n"
    "Message-ID: <1@posta.example>\r\n\r\nDobrý den\r\n"
).encode()


@pytest.fixture
def mailbox(app: Flask) -> int:
    return factories.a_mailbox(address="help@shop.example")


def items() -> list[InboundItem]:
    with reading() as session:
        return list(session.scalars(select(InboundItem)))


def test_a_mail_is_stored_before_the_exit_code_says_so(desk: Run, mailbox: int) -> None:
    done = desk(
        "mail-in", "--account", "Help@Shop.example", stdin=MAIL, SENDER="zofie@posta.example"
    )
    assert done.code == os.EX_OK, done.err
    [item] = items()
    assert item.digest is not None
    assert files.read(item.digest) == MAIL
    assert item.meta["envelope_from"] == "zofie@posta.example"
    with reading() as session:
        assert session.scalar(select(func.count()).where(Job.name == "inbound.file")) == 1


def test_a_mail_handed_over_twice_is_one_mail(desk: Run, mailbox: int) -> None:
    for _ in range(2):
        assert desk("mail-in", "--account", "help@shop.example", stdin=MAIL).code == 0
    assert len(items()) == 1


def test_a_mailbox_that_is_not_here_is_named(desk: Run, mailbox: int) -> None:
    done = desk("mail-in", "--account", "nobody@shop.example", stdin=MAIL)
    assert done.code == os.EX_NOUSER
    assert "nobody@shop.example" in done.err
    assert items() == []


def test_nothing_on_the_pipe_is_no_mail(desk: Run, mailbox: int) -> None:
    assert desk("mail-in", "--account", "help@shop.example").code == os.EX_DATAERR


def test_too_large_a_mail_goes_back_to_its_writer(desk: Run, mailbox: int) -> None:
    done = desk("mail-in", "--account", "help@shop.example", stdin=MAIL, DESK_MAX_MAIL_BYTES="20")
    assert done.code == os.EX_DATAERR
    assert items() == []


def test_a_database_that_is_away_means_later(desk: Run, tmp_path: Path) -> None:
    away = "postgresql+psycopg://postgres@127.0.0.1:9/desk"
    done = desk("mail-in", "--account", "a@b.example", stdin=MAIL, DESK_DATABASE_URL=away)
    assert done.code == os.EX_TEMPFAIL
    assert len(done.err.splitlines()) <= 2


def test_a_full_or_forbidden_disk_means_later(desk: Run, mailbox: int, tmp_path: Path) -> None:
    (tmp_path / "instance" / "files").rmdir()
    (tmp_path / "instance" / "files").write_text("in the way", encoding="ascii")
    done = desk("mail-in", "--account", "help@shop.example", stdin=MAIL)
    assert done.code == os.EX_TEMPFAIL
    assert items() == []


def test_a_bad_configuration_means_later_too(desk: Run) -> None:
    done = desk("mail-in", "--account", "a@b.example", stdin=MAIL, DESK_PORT="none")
    assert done.code == os.EX_TEMPFAIL
