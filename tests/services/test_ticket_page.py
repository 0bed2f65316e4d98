"""What the page of a ticket is given: complete, permitted, and at a fixed price."""

from __future__ import annotations

import pytest
from flask import Flask

from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.writing import DraftForm, Upload
from deskcore.errors import NotFound
from deskcore.services import drafts, ticket_page, tickets
from tests.factories import a_customer, a_mailbox, a_message, a_team, a_ticket, a_user
from tests.statements import statements


def test_the_page_shows_what_was_said_and_how_far_answers_have_come(app: Flask) -> None:
    mailbox, petr = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, text="The spout is broken.")
    a_message(number, "We have three left.", direction=Direction.NOTE, author=petr)
    a_message(
        number,
        "A new one is on its way.",
        direction=Direction.OUT,
        author=petr,
        delivery=DeliveryState.FAILED,
    )
    page = ticket_page.read(petr, number)
    assert [(message.kind, message.visible) for message in page.messages] == [
        ("customer", "The spout is broken."),
        ("note", "We have three left."),
        ("agent", "A new one is on its way."),
    ]
    sent = page.messages[2].delivery
    assert sent is not None
    assert (sent.state, sent.detail) == ("failed", "550 no such user")
    assert page.seen_upto == page.messages[2].id
    assert [message.is_unread for message in page.messages] == [True, False, False]


def test_a_ticket_of_a_closed_mailbox_is_not_found(app: Flask) -> None:
    number = a_ticket(a_mailbox())
    with pytest.raises(NotFound):
        ticket_page.read(a_user(teams=(a_team(a_mailbox()),)), number)


def test_an_answer_goes_to_whoever_wrote_last_and_those_copied(app: Flask) -> None:
    mailbox, petr = a_mailbox(address="help@shop.example"), a_user("admin")
    number = a_ticket(mailbox, customer=a_customer("Jana", "jana@example.cz"))
    a_message(number, "With my husband in copy.", cc=("karel@example.cz", "help@shop.example"))
    to = ticket_page.read(petr, number).recipients
    assert (to.to, to.cc, to.name) == (("jana@example.cz",), ("karel@example.cz",), "Jana")
    assert to.sender == "help@shop.example"


def test_only_agents_who_see_the_mailbox_can_be_chosen(app: Flask) -> None:
    mailbox = a_mailbox()
    inside = a_user(name="Eva", teams=(a_team(mailbox),))
    a_user(name="Outsider")
    a_user("viewer", name="Viewer", teams=(a_team(mailbox),))
    boss = a_user("owner", name="Boss")
    page = ticket_page.read(boss, a_ticket(mailbox))
    assert [(agent.id, agent.label) for agent in page.agents] == [
        (boss.id, "Boss"),
        (inside.id, "Eva"),
    ]


def test_other_tickets_of_the_customer_stand_beside_but_no_hidden_ones(app: Flask) -> None:
    ours, theirs, jana = a_mailbox(), a_mailbox(), a_customer()
    agent = a_user(teams=(a_team(ours),))
    number, older = a_ticket(ours, customer=jana), a_ticket(ours, customer=jana, subject="Older")
    a_ticket(theirs, customer=jana, subject="Hidden")
    card = ticket_page.read(agent, number).customer
    assert card is not None
    assert [(other.number, other.subject) for other in card.others] == [(older, "Older")]


def test_a_draft_comes_with_its_files_and_is_its_writers_alone(app: Flask) -> None:
    mailbox, petr, eva = a_mailbox(), a_user("admin"), a_user("admin", name="Eva")
    number = a_ticket(mailbox)
    drafts.save(petr, number, DraftForm(mode="reply", body="Dear Jana"))
    drafts.add_files(petr, number, "reply", [Upload(filename="offer.txt", content=b"offer")])
    draft = ticket_page.read(petr, number).drafts["reply"]
    assert (draft.body, [file.filename for file in draft.files]) == ("Dear Jana", ["offer.txt"])
    assert ticket_page.read(eva, number).drafts == {}


def test_the_page_costs_the_same_however_long_the_thread(app: Flask) -> None:
    mailbox, petr = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox)
    costs = set()
    for count in (1, 15):
        for at in range(count):
            a_message(number, f"again {at}", direction=Direction.OUT, delivery=DeliveryState.SENT)
            tickets.set_tags(petr, number, [f"tag{at}"])
        with statements() as seen:
            ticket_page.read(petr, number)
        costs.add(len(seen))
    assert costs == {7}


def test_a_very_long_thread_gives_its_newest_messages_first(app: Flask) -> None:
    mailbox, petr = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, text="the first")
    for at in range(101):
        a_message(number, f"again {at}")
    page = ticket_page.read(petr, number)
    assert (len(page.messages), page.messages[-1].visible, page.has_earlier) == (
        100,
        "again 100",
        True,
    )
    whole = ticket_page.read(petr, number, all_messages=True)
    assert (len(whole.messages), whole.messages[0].visible) == (102, "the first")
