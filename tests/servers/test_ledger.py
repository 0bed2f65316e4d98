"""The ledger counts what a test did at a server, as the server itself wrote it down."""

from __future__ import annotations

import imaplib
import smtplib
import time
from pathlib import Path

import psycopg

from tests.servers import ledger, rundir
from tests.servers.dovecot import Dovecot
from tests.servers.ledger import Entry
from tests.servers.postfix import Postfix

MAIL = b"From: shop@ledger.test\r\nSubject: Counted\r\n\r\nHello\r\n"


def figures(server: str) -> dict[str, int]:
    [entry] = [each for each in ledger.read(rundir.current()) if each.server == server]
    return entry.figures


def wait_for_growth(server: str, before: dict[str, int]) -> None:
    """Wait until every figure of *server* is above what it was."""
    deadline = time.monotonic() + 20
    while not all(now > before[name] for name, now in figures(server).items()):
        assert time.monotonic() < deadline, (before, figures(server))
        time.sleep(0.1)


def test_a_mail_sent_and_fetched_is_counted_at_both_ends(
    dovecot: Dovecot, postfix: Postfix
) -> None:
    imap_before, smtp_before = figures("Dovecot"), figures("Postfix")
    with smtplib.SMTP(postfix.host, postfix.port, timeout=10) as sender:
        sender.sendmail("shop@ledger.test", ["ann@ledger.test"], MAIL)
    dovecot.mailbox("ann@ledger.test").wait_for()
    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=10) as reader:
        reader.login("ann@ledger.test", dovecot.password)
        reader.select("INBOX")
        reader.fetch("1", "(BODY.PEEK[])")
    wait_for_growth("Postfix", smtp_before)
    wait_for_growth("Dovecot", imap_before)


def test_a_connection_and_its_statements_are_counted(empty_pg_url: str) -> None:
    before = figures("PostgreSQL")
    with psycopg.connect(empty_pg_url.replace("postgresql+psycopg", "postgresql")) as connection:
        connection.execute("SELECT 1")
    wait_for_growth("PostgreSQL", before)


def test_a_run_in_which_nobody_was_asked_anything_is_silent(tmp_path: Path) -> None:
    assert [entry.server for entry in ledger.read(tmp_path) if entry.is_silent] == [
        "Dovecot",
        "Postfix",
        "PostgreSQL",
        "Prosody",
        "ejabberd",
        "Chromium",
    ]
    assert Entry(server="Dovecot", figures={"sessions": 3, "messages": 0}).is_silent
