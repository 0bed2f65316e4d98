"""The IMAP server of the tests behaves as the tests rely on."""

from __future__ import annotations

import imaplib
import ssl
from datetime import UTC, datetime

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.maildir import StoredMail

MAIL = b"From: ann@customer.test\r\nSubject: %d\r\nMessage-ID: <%d@customer.test>\r\n\r\nHello\r\n"


def sign_in(dovecot: Dovecot, address: str) -> imaplib.IMAP4:
    client = imaplib.IMAP4(dovecot.host, dovecot.port, timeout=10)
    client.login(address, dovecot.password)
    return client


def test_delivered_mails_are_numbered_in_order_with_their_flags_and_dates(dovecot: Dovecot) -> None:
    mailbox = dovecot.mailbox("order@desk.test")
    arrived = datetime(2024, 2, 29, 12, 30, tzinfo=UTC)
    mailbox.deliver(
        StoredMail(
            content=MAIL % (number, number),
            flags=frozenset({"\\Seen"}) if number % 2 else frozenset(),
            received_at=arrived,
        )
        for number in range(200)
    )
    with sign_in(dovecot, "order@desk.test") as client:
        client.select("INBOX", readonly=True)
        _, unseen = client.search(None, "UNSEEN")
        assert len(unseen[0].split()) == 100
        _, fetched = client.fetch("8", "(FLAGS INTERNALDATE BODY.PEEK[])")
    part = fetched[0]
    assert isinstance(part, tuple)
    head, content = part
    assert b"\\Seen" in head
    assert b"29-Feb-2024" in head
    assert content == MAIL % (7, 7)


def test_flags_set_by_a_client_are_read_back(dovecot: Dovecot) -> None:
    mailbox = dovecot.mailbox("flags@desk.test")
    mailbox.deliver([MAIL % (1, 1)])
    before = mailbox.flags()
    with sign_in(dovecot, "flags@desk.test") as client:
        client.select("INBOX")
        client.store("1", "+FLAGS", "(\\Seen \\Answered)")
    after = mailbox.flags()
    assert set(before) == set(after)
    assert list(after.values()) == [frozenset({"\\Seen", "\\Answered"})]
    assert dovecot.sign_ins("flags@desk.test") == 1


@pytest.mark.parametrize("starttls", [True, False])
def test_tls_is_trusted_through_the_tests_own_authority(dovecot: Dovecot, starttls: bool) -> None:  # noqa: FBT001 - a parameter of the test, not of an API
    context = ssl.create_default_context(cafile=dovecot.ca_file)
    if starttls:
        client = imaplib.IMAP4("localhost", dovecot.port, timeout=10)
        client.starttls(context)
    else:
        client = imaplib.IMAP4_SSL("localhost", dovecot.tls_port, ssl_context=context, timeout=10)
    with client:
        client.login("tls@desk.test", dovecot.password)
        assert client.select("INBOX")[0] == "OK"


def test_a_wrong_password_and_a_locked_out_user_are_refused(dovecot: Dovecot) -> None:
    with imaplib.IMAP4(dovecot.host, dovecot.port, timeout=10) as client:
        with pytest.raises(imaplib.IMAP4.error):
            client.login("locked@desk.test", "wrong")
        dovecot.lock_out("locked@desk.test")
        with pytest.raises(imaplib.IMAP4.error):
            client.login("locked@desk.test", dovecot.password)
