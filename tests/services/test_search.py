"""Search finds tickets in several languages, in any order, and never more than one may see."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.people import Actor
from deskcore.models import Message, Ticket
from deskcore.services import search, search_query, tickets
from deskcore.services.unit import unit_of_work
from tests.factories import a_customer, a_mailbox, a_message, a_team, a_ticket, a_user


def found(actor: Actor, typed: str) -> list[int]:
    return [row.number for row in search_query.find(actor, typed).rows]


@pytest.mark.parametrize(
    ("text", "typed"),
    [
        ("Vaše objednávky jsou na cestě", "objednávku"),
        ("Vaše objednávky jsou na cestě", "OBJEDNAVKA"),
        ("Hnědý kůň na polici", "kun"),
        ("Where are my orders?", "order"),
        ("Где мои заказы?", "заказ"),
        ("Зелёная ёлка", "елки"),
        ("返金してください", "返金"),
        ("상품이 도착하지 않았어요", "상품"),
        ("Rechnung für die Straße", "strasse"),
        ("Order 10432 is late", "10432"),
    ],
)
def test_a_word_is_found_in_its_other_forms(app: Flask, text: str, typed: str) -> None:
    admin = a_user("admin")
    number = a_ticket(a_mailbox(), subject="-", text=text)
    assert found(admin, typed) == [number]


def test_words_may_stand_in_different_messages_and_in_any_order(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, subject="Broken kettle", text="It arrived on Monday.")
    a_message(number, "The courier was friendly.")
    a_ticket(mailbox, subject="Broken spoon", text="Nothing else.")
    assert found(admin, "courier kettle monday") == [number]
    assert found(admin, "courier spoon") == []


def test_people_and_addresses_are_found(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, customer=a_customer("Анна Петрова", "anna@dum.example"))
    a_ticket(mailbox, customer=a_customer("Oliver Brown", "oliver@dum.example"))
    assert found(admin, "анна") == [number]
    assert found(admin, "anna@dum.example") == [number]
    page = search_query.find(admin, "Петрова")
    assert [(person.name, person.address) for person in page.people] == [
        ("Анна Петрова", "anna@dum.example")
    ]


def test_a_beginning_finds_when_nothing_holds_the_whole_word(app: Flask) -> None:
    admin = a_user("admin")
    number = a_ticket(a_mailbox(), subject="Invoice", text="Faktura za konvičku")
    page = search_query.find(admin, "konv")
    assert ([row.number for row in page.rows], page.is_loose) == ([number], True)
    assert search_query.find(admin, "konvičku").is_loose is False


def test_the_best_come_first_however_few_documents_are_looked_at_at_once(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    often = a_ticket(mailbox, subject="-", text="Kettle.")
    for _ in range(3):
        a_message(often, "Kettle, kettle!")
    a_ticket(mailbox, subject="-", text="A kettle. " + "It stands in the kitchen. " * 5)
    a_ticket(mailbox, subject="-", text="A kettle. " + "It stands in the kitchen. " * 20)
    one, both = found(admin, "kettle"), found(admin, "kettle kitchen")
    assert (len(one), len(both)) == (3, 2)
    monkeypatch.setattr(search_query, "FEW", 1)
    assert (found(admin, "kettle"), found(admin, "kettle kitchen")) == (one, both)


def test_agents_find_nothing_in_mailboxes_closed_to_them(app: Flask) -> None:
    ours, theirs = a_mailbox(), a_mailbox()
    agent = a_user(teams=(a_team(ours),))
    number, hidden = a_ticket(ours, text="kettle"), a_ticket(theirs, text="kettle")
    assert found(agent, "kettle") == [number]
    assert search_query.find(agent, str(hidden)).jump_to == 0
    assert search_query.find(agent, f"#{number}").jump_to == number


def test_operators_narrow(app: Flask) -> None:
    mailbox, admin = a_mailbox("Support"), a_user("admin")
    open_one = a_ticket(mailbox, text="kettle", customer=a_customer("Olga", "olga@cz.example"))
    solved = a_ticket(mailbox, text="kettle", status="solved", assignee=admin)
    spam = a_ticket(mailbox, text="kettle", is_spam=True)
    tickets.set_tags(admin, open_one, ["Damaged goods"])
    assert found(admin, "kettle is:solved") == [solved]
    assert found(admin, "kettle is:spam") == [spam]
    assert found(admin, "from:olga") == [open_one]
    assert found(admin, 'tag:"damaged  GOODS"') == [open_one]
    assert found(admin, "assignee:me kettle") == [solved]
    assert found(admin, "in:support is:unassigned") == [open_one]
    assert found(admin, "after:2100-01-01") == []


def test_common_words_give_the_newest_first_and_go_on(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_query, "COMMON", 3)
    monkeypatch.setattr("deskcore.services.lists.PAGE", 4)
    mailbox, admin = a_mailbox(), a_user("admin")
    numbers = [a_ticket(mailbox, text=f"kettle {at}") for at in range(6)]
    first = search_query.find(admin, "kettle")
    assert [row.number for row in first.rows] == numbers[:1:-1]
    assert not first.is_ranked
    rest = search_query.find(admin, "kettle", after=first.after)
    assert [row.number for row in rest.rows] == numbers[1::-1]
    assert found(admin, "kettle 3") == [numbers[3]]


def test_what_was_taken_back_or_renamed_is_not_found_any_more(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, subject="Zebra", text="hello")
    message = a_message(number, "giraffe")
    assert found(admin, "giraffe") == [number]
    with unit_of_work() as unit:
        search.remove_message(unit.session, message)
    tickets.rename(admin, number, "Lion")
    assert found(admin, "giraffe") == []
    assert found(admin, "lion") == [number]


def test_a_changed_message_is_indexed_anew(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, text="before")
    with unit_of_work() as unit:
        ticket = unit.session.scalars(select(Ticket).where(Ticket.number == number)).one()
        message = unit.session.scalars(select(Message)).one()
        message.visible = "afterwards"
        search.index_message(unit.session, ticket, message)
    assert found(admin, "before") == []
    assert found(admin, "afterwards") == [number]


@pytest.mark.parametrize(
    "typed",
    ['"', "'", "*", "a*", "AND", "OR NOT", "NEAR(a b)", "body:x", "(", "a:b:c", "\\", "%", "_",
     "' OR 1=1 --", "is:", 'tag:"', "\x00", "ǀ", "🫖", "a" * 600, "x " * 300, "-1", "& | !", ":*",
     "<->", "\ud800"],
)  # fmt: skip
def test_nothing_typed_makes_search_fail(app: Flask, typed: str) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    a_ticket(mailbox, text="kettle")
    assert found(admin, typed) == []
    assert found(admin, f"from:{typed}") in ([], found(admin, "kettle"))


def test_a_huge_message_is_indexed_in_part(app: Flask) -> None:
    mailbox, admin = a_mailbox(), a_user("admin")
    number = a_ticket(mailbox, text="kettle " + " ".join(f"w{at}" for at in range(300_000)))
    assert found(admin, "kettle w100") == [number]
