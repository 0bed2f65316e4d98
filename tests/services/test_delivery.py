"""What becomes of a message on its way out, with a real mail server that refuses and delays."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore import clock
from deskcore.domain.kinds import Category, DeliveryState, JobState
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.errors import Conflict
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryAttempt,
    DeliveryPart,
    Event,
    Job,
    Mailbox,
    Ticket,
)
from deskcore.plugin import stored
from deskcore.plugin.net import network_allowed
from deskcore.services import (
    attention_list,
    delivery,
    files,
    nav_counts,
    outbox,
    replies,
    secrets,
    sending,
    undoing,
)
from deskcore.services.jobs import RunAgain
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.email.accounts import settings
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

OWN = f"{uuid.uuid4().hex[:10]}.test"


@pytest.fixture
def address(app: Flask, dovecot: Dovecot, postfix: Postfix) -> Iterator[str]:
    address = f"help-{uuid.uuid4().hex[:10]}@desk.test"
    mailbox_id = factories.a_mailbox(address=address)
    plain, secret = stored.split_secrets(settings(dovecot, postfix, address))
    with unit_of_work() as unit:
        unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.settings, account.secrets = dict(plain), secrets.encrypt(secret)
    factories.a_ticket(mailbox_id)
    with network_allowed():
        yield address


@pytest.fixture
def agent(address: str) -> Actor:
    return factories.a_user("owner")


def queue(agent: Actor, *to: str) -> int:
    with reading() as session:
        number = session.scalars(select(Ticket.number)).one()
    return replies.queue_reply(agent, number, ReplyForm(body="Posted today.", to=to)).delivery_id


def found(delivery_id: int) -> Delivery:
    with reading() as session:
        return session.get_one(Delivery, delivery_id)


def parts(delivery_id: int) -> dict[str, str]:
    with reading() as session:
        rows = session.scalars(select(DeliveryPart).where(DeliveryPart.delivery_id == delivery_id))
        return {row.recipient.partition("@")[0]: row.state for row in rows}


def make_due(delivery_id: int) -> None:
    with unit_of_work() as unit:
        unit.session.get_one(Delivery, delivery_id).run_at = unit.now


def test_a_message_that_was_taken_is_sent_once_however_often_its_job_runs(
    agent: Actor, address: str, postfix: Postfix
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    sending.send(delivery_id)
    sending.send(delivery_id)
    (taken,) = postfix.wait_for(sender=address)
    assert taken.message_id == found(delivery_id).external_id
    assert found(delivery_id).state == DeliveryState.SENT


def test_a_message_that_was_taken_back_is_not_sent(
    agent: Actor, address: str, postfix: Postfix
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    undoing.undo(agent, delivery_id)
    sending.send(delivery_id)
    assert found(delivery_id).state == DeliveryState.CANCELLED
    assert postfix.transactions(sender=address) == []


def test_a_message_taken_back_while_it_is_made_ready_is_not_sent(
    agent: Actor, address: str, postfix: Postfix, monkeypatch: pytest.MonkeyPatch
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    write = files.write

    def taken_back_meanwhile(content: bytes) -> str:
        undoing.undo(agent, delivery_id)
        return write(content)

    monkeypatch.setattr(files, "write", taken_back_meanwhile)
    sending.send(delivery_id)
    assert found(delivery_id).state == DeliveryState.CANCELLED
    assert postfix.transactions(sender=address) == []


def test_of_two_recipients_one_refused_the_other_has_it_and_never_twice(
    agent: Actor, address: str, postfix: Postfix
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}", f"refused@{OWN}")
    sending.send(delivery_id)
    assert found(delivery_id).state == DeliveryState.SENT
    assert parts(delivery_id) == {"ann": "sent", "refused": "failed"}
    assert f"refused@{OWN}" in found(delivery_id).detail
    (taken,) = postfix.wait_for(sender=address)
    assert taken.recipients == (f"ann@{OWN}",)


def test_a_recipient_who_is_to_come_later_is_tried_again_alone(
    agent: Actor, address: str, postfix: Postfix
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}", f"later@{OWN}")
    sending.send(delivery_id)
    assert found(delivery_id).state == DeliveryState.QUEUED
    assert parts(delivery_id) == {"ann": "sent", "later": "queued"}
    make_due(delivery_id)
    sending.send(delivery_id)
    assert found(delivery_id).tries == 2
    assert len(postfix.wait_for(sender=address)) == 1


def test_a_server_that_asks_for_patience_gets_it_with_growing_delay_then_it_has_failed(
    agent: Actor, address: str
) -> None:
    delivery_id = queue(agent, f"later@{OWN}")
    waits: list[timedelta] = []
    for _try in range(3):
        sending.send(delivery_id)
        waits.append(found(delivery_id).run_at - clock.now())
        make_due(delivery_id)
    assert waits == sorted(waits)
    assert waits[0] > timedelta(seconds=50)
    with unit_of_work() as unit:
        row = unit.session.get_one(Delivery, delivery_id)
        row.created_at = unit.now - delivery.GIVE_UP - timedelta(minutes=1)
    sending.send(delivery_id)
    assert found(delivery_id).state == DeliveryState.FAILED


def test_the_agent_is_told_once_when_a_message_has_waited_four_hours(
    agent: Actor, address: str
) -> None:
    delivery_id = queue(agent, f"later@{OWN}")
    with unit_of_work() as unit:
        row = unit.session.get_one(Delivery, delivery_id)
        row.created_at = unit.now - delivery.TELL_AGENT - timedelta(minutes=1)
    for _try in range(2):
        sending.send(delivery_id)
        make_due(delivery_id)
    with reading() as session:
        told = session.scalar(
            select(func.count()).select_from(Event).where(Event.name == "reply.failed")
        )
    assert told == 1


def test_a_message_nobody_takes_has_failed_and_its_ticket_is_open_again(
    agent: Actor, address: str
) -> None:
    delivery_id = queue(agent, f"refused@{OWN}")
    sending.send(delivery_id)
    assert found(delivery_id).state == DeliveryState.FAILED
    with reading() as session:
        assert session.scalars(select(Ticket.category)).one() == Category.OPEN


def test_a_person_sends_a_failed_message_again_as_it_was(agent: Actor, address: str) -> None:
    delivery_id = queue(agent, f"refused@{OWN}")
    sending.send(delivery_id)
    before = found(delivery_id).external_id
    delivery.retry(agent, delivery_id)
    sending.send(delivery_id)
    assert found(delivery_id).external_id == before
    assert found(delivery_id).tries == 2
    with pytest.raises(Conflict):
        delivery.mark_sent(agent, delivery_id)


def test_a_person_sets_a_failed_message_aside_and_may_still_send_it(
    agent: Actor, address: str
) -> None:
    delivery_id = queue(agent, f"refused@{OWN}")
    sending.send(delivery_id)
    assert [line.id for line in attention_list.read(agent).deliveries] == [delivery_id]
    delivery.set_aside(agent, delivery_id)
    assert attention_list.read(agent).deliveries == ()
    assert outbox.read(agent)["failed"] == ()
    assert nav_counts.read(agent)["attention"] == 0
    with pytest.raises(Conflict):
        delivery.set_aside(agent, delivery_id)
    delivery.retry(agent, delivery_id)
    sending.send(delivery_id)
    assert found(delivery_id).tries == 2


def test_a_sender_that_slept_through_its_turn_cannot_pass_the_point_of_no_return(
    agent: Actor, address: str
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    with unit_of_work() as unit:
        claimed = delivery.begin(unit, delivery_id)
        assert claimed is not None
        sleeper = claimed[1].id
    sending.send(delivery_id)  # another worker takes over and sends
    with pytest.raises(Conflict):
        delivery.commit_marker(delivery_id, sleeper)
    with reading() as session:
        outcomes = list(session.scalars(select(DeliveryAttempt.outcome)))
    assert outcomes == ["died", "sent"]


def test_a_job_that_comes_before_its_time_comes_back_at_its_time(
    agent: Actor, address: str
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    with unit_of_work() as unit:
        row = unit.session.get_one(Delivery, delivery_id)
        row.run_at = unit.now + timedelta(minutes=3)
    with pytest.raises(RunAgain) as again:
        sending.send(delivery_id)
    assert timedelta(minutes=2) < again.value.after <= timedelta(minutes=3)
    assert found(delivery_id).state == DeliveryState.QUEUED


def test_a_message_that_waits_without_a_job_is_given_one(agent: Actor, address: str) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    with unit_of_work() as unit:
        for job in unit.session.scalars(select(Job).where(Job.name == "delivery.send")):
            unit.session.delete(job)
        row = unit.session.get_one(Delivery, delivery_id)
        row.run_at = unit.now - timedelta(minutes=5)
    assert delivery.adopt_orphans() == 1
    assert delivery.adopt_orphans() == 0


@pytest.mark.parametrize(
    ("has_begun", "state"), [(False, DeliveryState.FAILED), (True, DeliveryState.UNSURE)]
)
def test_a_message_whose_job_was_given_up_is_shown_to_people(
    agent: Actor, *, has_begun: bool, state: DeliveryState
) -> None:
    delivery_id = queue(agent, f"ann@{OWN}")
    with unit_of_work() as unit:
        for job in unit.session.scalars(select(Job).where(Job.name == "delivery.send")):
            job.state = JobState.FAILED
        row = unit.session.get_one(Delivery, delivery_id)
        row.state, row.run_at = DeliveryState.SENDING, unit.now - timedelta(minutes=5)
        row.committing_at = unit.now if has_begun else None
    delivery.adopt_orphans()
    with reading() as session:
        assert session.get_one(Delivery, delivery_id).state == state
        assert session.scalar(select(func.count()).where(Event.name == "reply.failed")) == 1
