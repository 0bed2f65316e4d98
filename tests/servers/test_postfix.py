"""The SMTP server of the tests takes, delivers, refuses and returns mail as real ones do."""

from __future__ import annotations

import smtplib
import ssl

import pytest

from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

MAIL = (
    b"From: shop@desk.test\r\nTo: ann@customer.test\r\nSubject: =?utf-8?q?Dob=C3=BD_den?=\r\n"
    b"Message-ID: <%s@desk.test>\r\n\r\nHello\r\n"
)


def test_a_sent_mail_is_in_the_mailbox_of_each_recipient(
    dovecot: Dovecot, postfix: Postfix
) -> None:
    with smtplib.SMTP(postfix.host, postfix.port, timeout=10) as client:
        recipients = ["ann@customer.test", "bob+later@customer.test"]
        client.sendmail("both@desk.test", recipients, MAIL % b"both")
    [transaction] = postfix.wait_for(sender="both@desk.test")
    assert sorted(transaction.recipients) == recipients
    assert set(transaction.outcomes.values()) == {"sent"}
    assert transaction.message_id == "both@desk.test"
    assert postfix.content(transaction).endswith(b"\n\nHello\n")
    assert len(dovecot.mailbox("bob@customer.test").wait_for()) == 1


@pytest.mark.parametrize(("local", "code"), [("refused", 550), ("later", 450)])
def test_a_bad_recipient_is_refused_in_the_session(postfix: Postfix, local: str, code: int) -> None:
    with (
        smtplib.SMTP(postfix.host, postfix.port, timeout=10) as client,
        pytest.raises(smtplib.SMTPRecipientsRefused) as refused,
    ):
        client.sendmail("shop@desk.test", [f"{local}@customer.test"], MAIL % b"refused")
    assert refused.value.recipients[f"{local}@customer.test"][0] == code


def test_a_bounce_comes_back_to_the_sender_as_a_delivery_report(
    dovecot: Dovecot, postfix: Postfix
) -> None:
    with smtplib.SMTP(postfix.host, postfix.port, timeout=10) as client:
        client.sendmail("bounced@desk.test", ["bounce@customer.test"], MAIL % b"bounced")
    [report] = dovecot.mailbox("bounced@desk.test").wait_for()
    assert b"report-type=delivery-status" in report.content
    assert b"Final-Recipient: rfc822; bounce@customer.test" in report.content


@pytest.mark.parametrize("door", ["submission", "tls"])
def test_signing_in_is_needed_where_agents_of_other_machines_come(
    postfix: Postfix, door: str
) -> None:
    context = ssl.create_default_context(cafile=postfix.ca_file)
    if door == "submission":
        client = smtplib.SMTP("localhost", postfix.submission_port, timeout=10)
        client.starttls(context=context)
    else:
        client = smtplib.SMTP_SSL("localhost", postfix.tls_port, context=context, timeout=10)
    sender, recipient = f"{door}@desk.test", [f"{door}@customer.test"]
    with client:
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            client.sendmail(sender, recipient, MAIL % b"unsigned")
        with pytest.raises(smtplib.SMTPAuthenticationError):
            client.login(sender, "wrong")
        client.login(sender, postfix.password)
        client.sendmail(sender, recipient, MAIL % door.encode())
    [transaction] = postfix.wait_for(sender=sender)
    assert transaction.outcomes == {recipient[0]: "sent"}
