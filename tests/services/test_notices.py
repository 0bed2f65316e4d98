"""The desk's own mail: sent once by a real server, seen when it fails, never read by colleagues."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from deskcore import clock
from deskcore.domain.kinds import AccountState, DeliveryState, InboundState
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import NotAllowed, NotFound
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryPayload,
    InboundItem,
    Job,
    Notice,
    Ticket,
    User,
)
from deskcore.plugin import stored
from deskcore.plugin.channel import RawItem
from deskcore.plugin.net import network_allowed
from deskcore.services import (
    attention,
    attention_list,
    delivery,
    inbound,
    invitations,
    nav_counts,
    notice_sender,
    notices,
    outbox,
    own_account,
    secrets,
    sending,
    sessions,
)
from deskcore.services.desk_settings import DeskSettings, change_desk_settings
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.email.accounts import settings
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

PASSWORD = "velmi dlouhe heslo"
SHOP = "Čajovna"


@pytest.fixture
def owner(app: Flask) -> Actor:
    change_desk_settings(SYSTEM, DeskSettings(name=SHOP, time_zone="Europe/Prague"))
    return factories.a_user("owner")


@pytest.fixture
def address(owner: Actor, dovecot: Dovecot, postfix: Postfix) -> Iterator[str]:
    """Connect a mailbox on the real servers; gives its address."""
    address = f"desk-{uuid.uuid4().hex[:10]}@desk.test"
    factories.a_mailbox(address=address)
    plain, secret = stored.split_secrets(settings(dovecot, postfix, address))
    with unit_of_work() as unit:
        account = unit.session.scalars(select(ChannelAccount)).one()
        account.settings, account.secrets = dict(plain), secrets.encrypt(secret)
    with network_allowed():
        yield address


def somebody(local: str = "petr") -> str:
    return f"{local}@{uuid.uuid4().hex[:10]}.test"


def invite(owner: Actor, email: str = "", language: str = "") -> str:
    """Invite somebody; returns the token of their link."""
    invited = Invited(email=email or somebody(), name="Petr", role="agent")
    link = invitations.invite(owner, invited)
    assert link.mailed == "queued"
    return link.token


def last() -> Delivery:
    with reading() as session:
        return session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()  # type: ignore[return-value]  # there is one


def notice() -> Notice:
    with reading() as session:
        return session.scalars(select(Notice).order_by(Notice.id.desc())).first()  # type: ignore[return-value]  # there is one


def words() -> str:
    return secrets.decrypt(notice().words)["text"]


def count(model: type) -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(model)) or 0


def receive(content: bytes, uid: str = "1") -> InboundItem:
    with reading() as session:
        account_id = session.scalars(select(ChannelAccount.id)).one()
    item = RawItem(external_id=uid, cursor=uid, received_at=clock.now(), content=content)
    inbound.file_items(inbound.store(account_id, [item]).new_ids)
    with reading() as session:
        return session.scalars(select(InboundItem).order_by(InboundItem.id.desc())).first()  # type: ignore[return-value]  # just stored


def test_an_invitation_arrives_once_with_its_link_in_the_words_of_its_reader(
    owner: Actor, address: str, postfix: Postfix
) -> None:
    email = somebody()
    token = invite(owner, email)
    sending.send(last().id)
    sending.send(last().id)
    (taken,) = postfix.wait_for(sender=address)
    assert taken.recipients == (email,)
    mail = message_from_bytes(postfix.content(taken), policy=policy.default)
    assert isinstance(mail, EmailMessage)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["X-Auto-Response-Suppress"] == "All"
    assert mail["Message-ID"] == f"<{last().external_id}>"
    assert (mail["In-Reply-To"], mail["Reply-To"]) == (None, None)
    assert mail["References"] == mail["Message-ID"]
    assert (mail["From"].addresses[0].display_name, mail["From"].addresses[0].addr_spec) == (
        SHOP,
        address,
    )
    assert mail["Subject"] == f"Your invitation to {SHOP}"
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None
        assert f"http://127.0.0.1:8080/invite/{token}" in part.get_content()
    assert owner.name in mail.get_body(("plain",)).get_content()  # type: ignore[union-attr]  # said above


def test_what_was_sent_is_forgotten_so_that_nobody_finds_a_way_in_in_the_database(
    owner: Actor, address: str
) -> None:
    token = invite(owner)
    with reading() as session:
        stored_now = session.scalars(select(Notice.words)).one()
    assert token.encode() not in stored_now
    sending.send(last().id)
    assert last().state == DeliveryState.SENT
    assert notice().words == b""
    assert count(DeliveryPayload) == 0


@pytest.mark.parametrize(
    ("language", "subject"),
    [("ru", "Новый пароль для Čajovna"), ("cs", "Nové heslo pro Čajovna")],
)
def test_a_mail_is_in_the_language_of_its_reader(
    owner: Actor, address: str, language: str, subject: str
) -> None:
    petr = factories.a_user("agent", name="Petr")
    with unit_of_work() as unit:
        user = unit.session.get_one(User, petr.id)
        user.locale, user.password_hash = language, "x"
    assert invitations.make_reset_link(owner, petr.id).mailed == "queued"
    assert notice().subject == subject
    assert "password" not in words()


def test_without_a_mailbox_links_are_handed_on_as_before(owner: Actor) -> None:
    link = invitations.invite(owner, Invited(email=somebody(), name="Petr", role="agent"))
    assert link.mailed == "no_mailbox"
    assert count(Delivery) == 0
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)


def test_no_link_goes_to_a_mailbox_of_the_desk_where_colleagues_would_read_it(
    owner: Actor, address: str
) -> None:
    link = invitations.invite(owner, Invited(email=address.upper(), name="Eva", role="admin"))
    assert link.mailed == "own_address"
    assert count(Delivery) == 0


def test_the_account_that_was_chosen_sends_while_it_works_else_the_first_that_can(
    owner: Actor,
) -> None:
    for number in range(3):
        factories.a_mailbox(address=f"box{number}@desk.test")
    with reading() as session:
        ids = list(session.scalars(select(ChannelAccount.id).order_by(ChannelAccount.id)))
    change_desk_settings(owner, DeskSettings(name=SHOP, own_mail_from=ids[2]))
    assert set(notice_sender.offered()) == set(ids)
    invite(owner)
    assert last().account_id == ids[2]
    with unit_of_work() as unit:
        for account_id in (ids[0], ids[2]):
            unit.session.get_one(ChannelAccount, account_id).state = AccountState.OFF
    invite(owner)
    assert last().account_id == ids[1]


def test_a_mail_nobody_takes_waits_for_admins_in_words_until_one_sets_it_aside(
    owner: Actor, address: str
) -> None:
    agent = factories.a_user("agent")
    invite(owner, somebody("refused"))
    sending.send(last().id)
    (line,) = attention_list.read(owner).deliveries
    assert line.state == DeliveryState.FAILED
    assert "refused" in line.detail
    assert line.person_id == notice().user_id
    assert outbox.read(owner)["failed"] == (line,)
    assert nav_counts.read(owner)["attention"] == 1
    assert attention_list.read(agent).deliveries == ()
    assert nav_counts.read(agent)["attention"] == 0
    with pytest.raises(NotAllowed):
        notices.set_aside(agent, line.id)
    notices.set_aside(owner, line.id)
    assert attention_list.read(owner).deliveries == ()
    assert notice().words == b""
    with pytest.raises(NotFound):
        notices.set_aside(owner, line.id)


def test_a_mail_that_has_to_wait_is_tried_again_until_its_link_has_ended(
    owner: Actor, address: str
) -> None:
    petr = factories.a_user("agent")
    with unit_of_work() as unit:
        user = unit.session.get_one(User, petr.id)
        user.email, user.password_hash = somebody("later"), "x"
    invitations.make_reset_link(owner, petr.id)
    sending.send(last().id)
    assert last().state == DeliveryState.QUEUED
    assert last().run_at > clock.now()
    with time_machine.travel(clock.now() + timedelta(minutes=61), tick=False):
        sending.send(last().id)
    assert last().state == DeliveryState.FAILED
    assert last().detail == "The link in it had ended before it could leave."
    assert last().tries == 1


def test_a_mail_is_nobody_elses_to_send_again_or_to_take_back(owner: Actor, address: str) -> None:
    invite(owner, somebody("refused"))
    sending.send(last().id)
    for attempt in (delivery.retry, delivery.mark_sent):
        with pytest.raises(NotFound):
            attempt(owner, last().id)


def test_a_mail_that_lost_its_job_is_given_one(owner: Actor, address: str) -> None:
    invite(owner)
    with unit_of_work() as unit:
        for job in unit.session.scalars(select(Job).where(Job.name == "delivery.send")):
            unit.session.delete(job)
        unit.session.get_one(Delivery, last().id).run_at = unit.now - timedelta(minutes=5)
    assert delivery.adopt_orphans() == 1


def returned(external_id: str, *, kind: str) -> bytes:
    lines = {
        "away": "From: petr@example.com\r\nAuto-Submitted: auto-replied\r\nSubject: Away\r\n"
        f"In-Reply-To: <{external_id}>\r\nReferences: <{external_id}>\r\n\r\nBack on Monday.\r\n",
        "loop": f"From: desk@desk.test\r\nAuto-Submitted: auto-generated\r\nSubject: Own\r\n"
        f"Message-ID: <{external_id}>\r\nReferences: <{external_id}>\r\n\r\n/invite/secret\r\n",
        "person": "From: petr@example.com\r\nSubject: Re: Invitation\r\n"
        f"In-Reply-To: <{external_id}>\r\nReferences: <{external_id}>\r\n\r\nThank you!\r\n",
        "bounce": "From: mailer-daemon@example.com\r\nSubject: Undelivered\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nNo such user.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.com\r\n"
        "\r\nFinal-Recipient: rfc822; petr@example.com\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <{external_id}>\r\n\r\n"
        "--b--\r\n",
    }
    return f"To: help@desk.test\r\n{lines[kind]}".encode()


@pytest.fixture
def invited(owner: Actor) -> str:
    """Invite from a mailbox that only receives here; returns the token."""
    factories.a_mailbox(address="desk@desk.test")
    return invite(owner, "petr@example.com")


@pytest.mark.parametrize("kind", ["bounce", "loop"])
def test_what_came_back_opens_no_ticket_ends_the_link_and_waits_for_admins(
    owner: Actor, invited: str, kind: str
) -> None:
    agent = factories.a_user("admin")
    item = receive(returned(last().external_id, kind=kind))
    assert count(Ticket) == 0
    assert item.state == InboundState.IGNORED
    assert last().state == DeliveryState.BOUNCED
    assert [line.item_id for line in attention_list.read(owner).deliveries] == [item.id]
    assert nav_counts.read(owner)["attention"] == 1
    with pytest.raises(NotFound):
        invitations.look_at("invite", invited)
    assert attention.raw(agent, item.id)


def test_a_programs_answer_opens_no_ticket_and_leaves_the_link_alone(
    owner: Actor, invited: str
) -> None:
    receive(returned(last().external_id, kind="away"))
    assert count(Ticket) == 0
    assert last().detail == "A program answered it."
    assert last().state == DeliveryState.QUEUED
    assert invitations.look_at("invite", invited).email == "petr@example.com"


def test_what_a_person_answers_is_a_ticket_of_its_own(invited: str) -> None:
    receive(returned(last().external_id, kind="person"))
    assert count(Ticket) == 1


def test_agents_cannot_read_what_came_back_since_it_may_quote_the_link(
    owner: Actor, invited: str
) -> None:
    with reading() as session:
        mailbox_id = session.scalars(select(ChannelAccount.mailbox_id)).one()
    agent = factories.a_user("agent", teams=(factories.a_team(mailbox_id),))
    item = receive(returned(last().external_id, kind="away"))
    with pytest.raises(NotFound):
        attention.raw(agent, item.id)
    assert b"Back on Monday" in attention.raw(owner, item.id)


def test_a_changed_password_is_told_to_whose_it_is(owner: Actor, invited: str) -> None:
    token = invitations.accept_invitation(invited, name="Petr", password=PASSWORD)
    petr = sessions.resume(token)
    assert petr is not None
    own_account.change_own_password(
        petr.actor,
        old=PASSWORD,
        new="uplne jine heslo",
        session_id=petr.session_id,
        address="192.0.2.7",
    )
    assert notice().subject == f"Your password for {SHOP} was changed"
    assert "192.0.2.7" in words()
    assert "a link" not in words()
    link = invitations.make_reset_link(owner, petr.actor.id)
    invitations.reset_password(link.token, "jeste jine heslo")
    assert notice().kind == "password"
    assert re.search("done with a link .* signed that browser in", words())
