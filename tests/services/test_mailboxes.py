"""Mailboxes: tried against real servers before they are kept, then changed, paused, resumed."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.kinds import AccountState
from deskcore.domain.mailboxes import TestView as ConnectionTestView
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.models import AuditEntry, ChannelAccount, ConnectionTest, Event
from deskcore.plugin.net import network_allowed
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import PluginSettings
from deskcore.services import channel_accounts, connection_tests, jobs, mailboxes
from deskcore.services.connection_tests import Connection
from deskcore.services.mailboxes import MailboxProperties
from deskcore.services.unit import reading, unit_of_work
from plugins.email.settings import EmailSettings
from tests.factories import a_mailbox, a_team, a_user
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

MARKER = "marker-password-7391"


@pytest.fixture
def admin(app: Flask) -> Actor:
    return a_user("admin")


def settings(
    dovecot: Dovecot, postfix: Postfix, address: str, password: str = ""
) -> PluginSettings:
    """Fill the email channel's settings for the test servers."""
    return EmailSettings(
        imap_host=dovecot.host,
        imap_port=dovecot.port,
        imap_security="none",
        imap_user=address,
        password=Secret(password or dovecot.password),
        smtp_host=postfix.host,
        smtp_port=postfix.port,
        smtp_security="none",
        smtp_sign_in=False,
    )


def tried(admin: Actor, connection: Connection) -> ConnectionTestView:
    """Start a test and do the worker's part."""
    public_id = connection_tests.start_test(admin, connection)
    with network_allowed():
        while jobs.run_next("test"):
            pass
    return connection_tests.test_view(admin, public_id)


def connected(admin: Actor, dovecot: Dovecot, postfix: Postfix, address: str) -> int:
    """Connect a mailbox as the pages do; returns its id."""
    connection = Connection(
        channel="email", address=address, settings=settings(dovecot, postfix, address)
    )
    test = tried(admin, connection)
    return mailboxes.keep_connection(admin, test.public_id, name=address.partition("@")[0])


def account_of(mailbox_id: int) -> ChannelAccount:
    with reading() as session:
        return session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()


def test_a_good_connection_is_tried_then_kept_and_at_work(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    address = "help@kept.test"
    connection = Connection(
        channel="email", address=address, settings=settings(dovecot, postfix, address)
    )
    test = tried(admin, connection)
    assert test.is_good, test.lines
    assert dovecot.sign_ins(address) >= 1
    mailbox_id = mailboxes.keep_connection(admin, test.public_id, name="Support")
    view = mailboxes.mailbox(admin, mailbox_id)
    assert (view.name, view.connections[0].address) == ("Support", address)
    assert account_of(mailbox_id).id in {account.id for account in channel_accounts.wanted()}


def test_a_wrong_password_is_said_in_words_and_nothing_is_kept(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    address = "help@wrong.test"
    wrong = settings(dovecot, postfix, address, password=MARKER)
    test = tried(admin, Connection(channel="email", address=address, settings=wrong))
    assert test.is_done
    assert not test.is_good
    failed = [line for line in test.lines if not line.ok]
    assert failed[0].cure
    assert all(MARKER not in f"{line.message}{line.cure}" for line in test.lines)
    assert not mailboxes.mailboxes(admin)


def test_a_server_that_is_not_there_is_a_line_not_an_error(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    away = EmailSettings(
        imap_host="127.0.0.1", imap_port=9, imap_user="a", password=Secret("b"),
        smtp_host="127.0.0.1", smtp_port=9,
    )  # fmt: skip
    test = tried(admin, Connection(channel="email", address="a@away.test", settings=away))
    assert [line.ok for line in test.lines] == [False, False]


def test_passwords_are_stored_encrypted_only(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    address = "help@secret.test"
    hidden = settings(dovecot, postfix, address, password=MARKER)
    test = tried(admin, Connection(channel="email", address=address, settings=hidden))
    with reading() as session:
        row = session.scalars(select(ConnectionTest)).one()
        assert MARKER not in repr((row.settings, row.secrets, row.result))
    mailbox_id = mailboxes.keep_connection(admin, test.public_id, name="Support")
    account = account_of(mailbox_id)
    assert MARKER not in repr((account.settings, account.secrets))
    _account, stored = mailboxes.connection_settings(admin, account.id)
    assert isinstance(stored, EmailSettings)
    assert stored.password.reveal() == MARKER


def test_an_address_is_connected_once(admin: Actor, dovecot: Dovecot, postfix: Postfix) -> None:
    connected(admin, dovecot, postfix, "help@twice.test")
    with pytest.raises(Invalid, match="already"):
        connected(admin, dovecot, postfix, "Help@Twice.test")


def test_a_changed_connection_takes_over_when_it_was_tried(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    mailbox_id = connected(admin, dovecot, postfix, "help@change.test")
    account = account_of(mailbox_id)
    changed = settings(dovecot, postfix, "other@change.test")
    test = tried(
        admin,
        Connection(
            channel="email", address=account.address, settings=changed, account_id=account.id
        ),
    )
    assert account_of(mailbox_id).settings["imap_user"] == "help@change.test"
    assert mailboxes.keep_connection(admin, test.public_id) == mailbox_id
    after = account_of(mailbox_id)
    assert after.settings["imap_user"] == "other@change.test"
    assert after.generation == account.generation + 1


def test_a_connection_that_could_not_sign_in_is_resumed_and_says_so(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    mailbox_id = connected(admin, dovecot, postfix, "help@resume.test")
    account = account_of(mailbox_id)
    channel_accounts.pause(account.id, "The password was refused.")
    assert mailboxes.mailbox(admin, mailbox_id).connections[0].health == "sign_in_failed"
    mailboxes.resume(admin, account.id)
    after = mailboxes.mailbox(admin, mailbox_id).connections[0]
    assert (after.health, after.problem) == ("new", "")
    with reading() as session:
        names = session.scalars(select(Event.name)).all()
    assert names == ["channel.paused", "channel.resumed"]


def test_a_paused_connection_is_not_served(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    mailbox_id = connected(admin, dovecot, postfix, "help@pause.test")
    mailboxes.pause(admin, account_of(mailbox_id).id)
    assert account_of(mailbox_id).state == AccountState.OFF
    assert channel_accounts.wanted() == []


def test_a_test_belongs_to_who_started_it(admin: Actor, dovecot: Dovecot, postfix: Postfix) -> None:
    address = "help@own.test"
    connection = Connection(
        channel="email", address=address, settings=settings(dovecot, postfix, address)
    )
    test = tried(admin, connection)
    with pytest.raises(NotFound):
        mailboxes.keep_connection(a_user("admin"), test.public_id, name="Mine")


def test_what_a_mailbox_says_is_changed_and_remembered(admin: Actor) -> None:
    mailbox_id = a_mailbox()
    wanted = MailboxProperties(
        name="Orders",
        signature="Eva, Čajovna",
        sends_acknowledgement=True,
        acknowledgement_text="We have it.",
        undo_seconds=5,
    )
    mailboxes.change_mailbox(admin, mailbox_id, wanted, [a_team(name="Orders")])
    view = mailboxes.mailbox(admin, mailbox_id)
    assert (view.name, view.signature, view.undo_seconds) == ("Orders", "Eva, Čajovna", 5)
    assert view.team_names == ("Orders",)
    with reading() as session:
        line = session.scalars(
            select(AuditEntry).where(AuditEntry.action == "mailbox.changed")
        ).one()
    assert line.after["teams"] == ["Orders"]


@pytest.mark.parametrize(
    "wanted",
    [
        MailboxProperties(name=" "),
        MailboxProperties(name="x" * 81),
        MailboxProperties(name="Orders", undo_seconds=31),
        MailboxProperties(name="Orders", sends_acknowledgement=True),
        MailboxProperties(name="Orders", signature="x" * 20_001),
    ],
)
def test_what_cannot_be_used_changes_nothing(admin: Actor, wanted: MailboxProperties) -> None:
    mailbox_id = a_mailbox()
    before = mailboxes.mailbox(admin, mailbox_id)
    with pytest.raises(Invalid):
        mailboxes.change_mailbox(admin, mailbox_id, wanted, [])
    assert mailboxes.mailbox(admin, mailbox_id) == before


@pytest.mark.parametrize("role", ["agent", "viewer"])
def test_agents_and_viewers_manage_no_mailbox(app: Flask, role: str) -> None:
    actor, mailbox_id = a_user(role), a_mailbox()
    for attempt in (
        lambda: mailboxes.mailboxes(actor),
        lambda: mailboxes.mailbox(actor, mailbox_id),
        lambda: mailboxes.change_mailbox(actor, mailbox_id, MailboxProperties(name="X"), []),
        lambda: mailboxes.connection_settings(actor, 1),
        lambda: connection_tests.test_view(actor, "x"),
        lambda: mailboxes.pause(actor, 1),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_old_tests_are_forgotten_with_their_passwords(
    admin: Actor, dovecot: Dovecot, postfix: Postfix
) -> None:
    address = "help@old.test"
    connection = Connection(
        channel="email", address=address, settings=settings(dovecot, postfix, address)
    )
    old = tried(admin, connection)
    with unit_of_work() as unit:
        row = unit.session.scalars(select(ConnectionTest)).one()
        row.created_at = row.created_at - connection_tests.KEPT_FOR * 2
    tried(admin, connection)
    with pytest.raises(NotFound):
        connection_tests.test_view(admin, old.public_id)
