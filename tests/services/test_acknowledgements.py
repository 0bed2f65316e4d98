"""The budgets of automatic mail: at most so much to one address, then silence and a notice."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from deskcore import clock
from deskcore.domain.kinds import InboundState
from deskcore.models import ChannelAccount, Delivery, DeliveryPart, InboundItem, Mailbox
from deskcore.services import acknowledgements, attention_list, ticket_page
from deskcore.services.unit import reading, unit_of_work
from deskcore.web.ticket_words import event_text
from tests import factories
from tests.services.test_inbound import mail, receive

pytestmark = pytest.mark.usefixtures("app")


def acknowledging(address: str) -> int:
    """Make a mailbox that acknowledges; returns the id of its account."""
    mailbox_id = factories.a_mailbox(address=address)
    with unit_of_work() as unit:
        mailbox = unit.session.get_one(Mailbox, mailbox_id)
        mailbox.sends_acknowledgement, mailbox.acknowledgement_text = True, "We have it."
        of_mailbox = ChannelAccount.mailbox_id == mailbox_id
        return unit.session.scalars(select(ChannelAccount.id).where(of_mailbox)).one()


@pytest.fixture
def account_id(app: Flask) -> int:
    return acknowledging("help@shop.example")


def write(account_id: int, uid: int, **parts: str) -> None:
    receive(account_id, mail(f"question {uid}", message_id=f"{uid}@x.cz", **parts), str(uid))


def automatic() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).where(Delivery.is_automatic)) or 0


def test_one_address_gets_one_automatic_mail_an_hour_from_all_mailboxes(account_id: int) -> None:
    other = acknowledging("sales@shop.example")
    for uid, account in enumerate((account_id, account_id, other), start=1):
        write(account, uid)
    assert automatic() == 1
    with time_machine.travel(clock.now() + timedelta(minutes=61)):
        write(account_id, 4)
    assert automatic() == 2


def test_one_address_gets_five_automatic_mails_a_day(account_id: int) -> None:
    start = clock.now()
    for hour in range(8):
        with time_machine.travel(start + timedelta(minutes=61 * hour)):
            write(account_id, hour)
    assert automatic() == 5


def test_the_budget_is_that_of_whom_the_mail_goes_to_not_of_whom_it_came_from(
    account_id: int,
) -> None:
    for uid in range(4):
        extra = "Reply-To: <One@Robot.example>\r\n"
        write(account_id, uid, sender=f"robot{uid}@robot.example", extra=extra)
    assert automatic() == 1


def test_addresses_that_differ_after_a_plus_are_one(account_id: int) -> None:
    for uid in range(4):
        write(account_id, uid, extra=f"Reply-To: <help+reply+token{uid}@desk.example>\r\n")
    assert automatic() == 1
    with reading() as session:
        recipient = session.scalars(select(DeliveryPart.recipient)).one()
    assert recipient == "help+reply+token0@desk.example"


def test_machines_lists_and_the_desk_itself_get_no_acknowledgement(account_id: int) -> None:
    from_machines = (
        "Auto-Submitted: auto-generated\r\n",
        "Precedence: bulk\r\n",
        "List-Id: <news.customer.example>\r\n",
        "X-Auto-Response-Suppress: All\r\n",
    )
    for uid, extra in enumerate(from_machines):
        write(account_id, uid, sender=f"c{uid}@customer.example", extra=extra)
    write(account_id, len(from_machines), sender="help@shop.example")
    assert automatic() == 0
    write(account_id, len(from_machines) + 1, sender="person@customer.example")
    assert automatic() == 1


def test_nothing_is_acknowledged_to_an_address_of_the_desk_itself(account_id: int) -> None:
    acknowledging("sales@shop.example")
    for uid, address in enumerate(("sales@shop.example", "sales+reply+x@shop.example")):
        write(account_id, uid, extra=f"Reply-To: <{address}>\r\n")
    assert automatic() == 0


def test_a_withheld_answer_stands_on_its_ticket_and_a_quick_one_before_people_once(
    account_id: int,
) -> None:
    for uid in range(5):
        write(account_id, uid)
    owner = factories.a_user("owner")
    said = [event_text(event) for event in ticket_page.read(owner, 1002).events]
    assert any("No automatic answer: jana@example.cz" in sentence for sentence in said)
    (held,) = attention_list.read(owner).inbound
    assert held.ticket_number == 1002
    assert "as if from a machine" in held.reason


def test_a_person_who_writes_twice_in_an_hour_is_no_case_for_attention(account_id: int) -> None:
    start = clock.now()
    for uid, minutes in enumerate((0, 30)):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            write(account_id, uid)
    assert automatic() == 1
    with reading() as session:
        assert set(session.scalars(select(InboundItem.state))) == {InboundState.FILED}


def test_a_mailbox_that_has_sent_its_hundred_falls_silent_and_says_so_once(
    account_id: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(acknowledgements, "PER_MAILBOX_HOUR", 3)
    for uid in range(6):
        write(account_id, uid, sender=f"c{uid}@customer.example")
    assert automatic() == 3
    (held,) = attention_list.read(factories.a_user("owner")).inbound
    assert "this mailbox has sent 100" in held.reason
