"""SIGKILL at every arrow of both flows: each mail once, each reply once, or shown as unsure."""

from __future__ import annotations

import signal
import subprocess
import sys
import uuid
from pathlib import Path

import pytest
from sqlalchemy import func, select

from deskcore.domain.kinds import DeliveryState
from deskcore.domain.people import SYSTEM
from deskcore.domain.writing import ReplyForm
from deskcore.models import Delivery, InboundItem, Mailbox, Message, Notice
from deskcore.services import delivery, invitations, replies
from deskcore.services.invitations import Invited
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.email.accounts import mail
from tests.failpoints import armed, every_failpoint
from tests.process.crashing import DeskFolder, connect, eventually
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

INBOUND = [name for name in every_failpoint() if name.startswith("inbound.")]
OUTBOUND = [name for name in every_failpoint() if name.startswith("delivery.")]
MAILS = 7
# After these the far side has the mail, or may have it: only a person may repeat it.
DOUBTFUL = {"delivery.committing", "delivery.accepted"}


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> DeskFolder:
    instance = tmp_path / "instance"
    instance.mkdir()
    return DeskFolder(instance=instance, database_url=database_url)


@pytest.fixture
def address() -> str:
    return f"crash-{uuid.uuid4().hex[:12]}@desk.test"


def subjects() -> list[str]:
    with reading() as session:
        return sorted(session.scalars(select(Message.subject)))


@pytest.mark.parametrize("place", INBOUND)
def test_a_worker_killed_on_the_way_in_loses_no_mail_and_doubles_none(
    desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str, place: str, tmp_path: Path
) -> None:
    connect(desk, dovecot, postfix, address)
    dovecot.mailbox(address).deliver([mail(number) for number in range(MAILS)])
    once = tmp_path / "once"
    once.mkdir()
    with desk.opened(), desk.running("worker", **armed({}, place, at_pass=1, once=once)):
        found = eventually(lambda: len(subjects()) >= MAILS and subjects())
    assert list(once.iterdir()), f"{place} was never passed"
    assert found == sorted(f"mail {number}" for number in range(MAILS))
    with desk.opened(), reading() as session:
        states = dict(
            session.execute(
                select(InboundItem.state, func.count()).group_by(InboundItem.state)
            ).all()
        )
    assert states == {"filed": MAILS}


@pytest.mark.parametrize("place", OUTBOUND)
def test_a_worker_killed_on_the_way_out_sends_once_or_says_it_does_not_know(
    desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str, place: str, tmp_path: Path
) -> None:
    customer = f"customer-{uuid.uuid4().hex[:12]}@customer.test"
    mailbox_id = connect(desk, dovecot, postfix, address)
    once = tmp_path / "once"
    once.mkdir()
    with desk.opened():
        agent = factories.a_user("owner")
        with unit_of_work() as unit:
            unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        number = factories.a_ticket(mailbox_id, customer=factories.a_customer(address=customer))
        queued = replies.queue_reply(agent, number, ReplyForm(body="Posted today.", to=[customer]))

    def state() -> str:
        with reading() as session:
            return session.get_one(Delivery, queued.delivery_id).state

    settled = {DeliveryState.SENT, DeliveryState.UNSURE}
    with desk.opened(), desk.running("worker", **armed({}, place, at_pass=1, once=once)):
        assert eventually(lambda: list(once.iterdir())), f"{place} was never passed"
        assert eventually(lambda: state() in settled)
        ended = state()
    taken = postfix.transactions(sender=address)
    assert ended == (DeliveryState.UNSURE if place in DOUBTFUL else DeliveryState.SENT)
    assert len(taken) == (0 if place == "delivery.committing" else 1)


def test_a_reply_that_may_have_gone_is_repeated_by_a_person_with_the_same_message_id(
    desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str, tmp_path: Path
) -> None:
    customer = f"customer-{uuid.uuid4().hex[:12]}@customer.test"
    mailbox_id = connect(desk, dovecot, postfix, address)
    with desk.opened():
        agent = factories.a_user("owner")
        with unit_of_work() as unit:
            unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        number = factories.a_ticket(mailbox_id, customer=factories.a_customer(address=customer))
        queued = replies.queue_reply(agent, number, ReplyForm(body="Posted today.", to=[customer]))
        with unit_of_work() as unit:
            row = unit.session.get_one(Delivery, queued.delivery_id)
            delivery.unsure(unit, row, "The answer was lost.")
            expected = row.external_id
        delivery.retry(agent, queued.delivery_id)
    with desk.running("worker"):
        (taken,) = postfix.wait_for(sender=address)
    assert taken.message_id == expected
    assert taken.recipients == (customer,)


def test_an_invitation_whose_sender_was_killed_is_mailed_once(
    desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str, tmp_path: Path
) -> None:
    connect(desk, dovecot, postfix, address)
    once = tmp_path / "once"
    once.mkdir()
    with desk.opened():
        email = f"ivan-{uuid.uuid4().hex[:12]}@customer.test"
        link = invitations.invite(SYSTEM, Invited(email=email, name="Ivan", role="agent"))
    killed = armed({}, "delivery.claimed", at_pass=1, once=once)
    with desk.opened(), desk.running("worker", **killed):
        assert eventually(lambda: postfix.transactions(sender=address))
        assert eventually(lambda: not invitation_words())
    assert list(once.iterdir())
    (taken,) = postfix.transactions(sender=address)
    assert taken.recipients == (email,)
    assert link.token.encode() in postfix.content(taken).replace(b"=\n", b"")


def invitation_words() -> bytes:
    with reading() as session:
        return session.scalars(select(Notice.words)).one()


PRESS_SEND = """
import sys
from deskcore.app import create_app
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.services import replies

number, agent, customer = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
with create_app().app_context():
    form = ReplyForm(body="Posted today.", to=[customer], form_key="pressed once")
    actor = Actor(kind="user", id=agent, role="owner", name="Olga")
    print(replies.queue_reply(actor, number, form).delivery_id)
"""


def test_a_web_process_killed_before_its_answer_has_queued_the_reply_once(
    desk: DeskFolder, dovecot: Dovecot, postfix: Postfix, address: str
) -> None:
    customer = f"customer-{uuid.uuid4().hex[:12]}@customer.test"
    mailbox_id = connect(desk, dovecot, postfix, address)
    with desk.opened():
        agent = factories.a_user("owner")
        with unit_of_work() as unit:
            unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        number = factories.a_ticket(mailbox_id, customer=factories.a_customer(address=customer))
    press = [sys.executable, "-c", PRESS_SEND, str(number), str(agent.id), customer]
    killed = subprocess.run(press, env=armed(desk.environment, "reply.queued"), check=False)
    assert killed.returncode == -signal.SIGKILL
    again = subprocess.run(press, env=desk.environment, check=True, capture_output=True, text=True)
    with desk.opened(), reading() as session:
        assert list(session.scalars(select(Delivery.id))) == [int(again.stdout)]
    with desk.running("worker"):
        (taken,) = postfix.wait_for(sender=address)
    assert taken.recipients == (customer,)
