"""The filter learns from people, files with reasons, and says nothing while it knows too little."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from deskcore.api.data import change_settings
from deskcore.models import Delivery, Event, Mailbox, Ticket
from deskcore.services import lists, ticket_page
from deskcore.services.unit import reading, unit_of_work
from deskcore.web.ticket_words import judged
from plugins.spam import memory
from plugins.spam.bayes import Seen
from plugins.spam.settings import SpamSettings
from plugins.spam.tables import LESSONS, TOKENS
from plugins.spam.verdict import judge
from tests.spam.mails import SPAM_WORDS, TEA_WORDS, Shop, let_it_learn
from tests.spam.test_tokens import message
from tests.statements import statements

ENOUGH = 6


@pytest.fixture
def taught(shop: Shop) -> Shop:
    """Give a shop whose filter has learned enough to speak."""
    settings = SpamSettings(lessons_needed=ENOUGH - 1)
    change_settings(shop.owner, "spam", settings)
    shop.teach(ENOUGH)
    return shop


def reasons(shop: Shop, ticket: Ticket) -> str:
    _flag, found = judged(ticket_page.read(shop.owner, ticket.number))
    return " ".join(found)


def test_what_resembles_marked_mail_is_filed_under_spam_with_its_reasons(taught: Shop) -> None:
    ticket = taught.receive(f"{SPAM_WORDS} https://win.spam.example/x", sender="new@spam.example")
    assert ticket.spam_at is not None
    said = reasons(taught, ticket)
    assert "Words seen mostly in spam:" in said
    assert "jackpot" in said
    assert "spam.example" in said
    assert "has not written before" in said
    assert f"after {ENOUGH} spam and {ENOUGH} other tickets" in said
    assert ticket.number in [row.number for row in lists.page(taught.owner, "spam").rows]
    assert ticket.number not in [row.number for row in lists.page(taught.owner, "open").rows]


def test_other_mail_is_left_alone(taught: Shop) -> None:
    ticket = taught.receive(f"{TEA_WORDS} 99.", subject="Rozbitá konvička")
    assert ticket.spam_at is None
    assert reasons(taught, ticket) == ""


def test_the_filter_says_nothing_until_it_has_learned_enough_of_both(shop: Shop) -> None:
    for at in range(ENOUGH):
        shop.mark(shop.receive(f"{SPAM_WORDS} {at}"), is_spam=True)
    let_it_learn()
    assert memory.totals() == Seen(spam=ENOUGH, ham=0)
    assert shop.receive(SPAM_WORDS).spam_at is None
    shop.teach(ENOUGH)
    assert memory.totals().ham == ENOUGH  # fewer than the 20 that the settings ask for
    assert shop.receive(SPAM_WORDS).spam_at is None


def test_not_spam_brings_a_ticket_back_and_is_learned(taught: Shop) -> None:
    ticket = taught.receive(SPAM_WORDS)
    assert ticket.spam_at is not None
    before = memory.totals()
    taught.mark(ticket, is_spam=False)
    let_it_learn()
    assert ticket.number in [row.number for row in lists.page(taught.owner, "open").rows]
    assert memory.totals() == Seen(spam=before.spam, ham=before.ham + 1)


def test_the_filter_does_not_learn_from_itself(taught: Shop) -> None:
    before = memory.totals()
    assert taught.receive(SPAM_WORDS).spam_at is not None
    let_it_learn()
    assert memory.totals() == before


def test_a_changed_mind_is_unlearned_to_the_last_token(shop: Shop) -> None:
    ticket = shop.receive(SPAM_WORDS)
    shop.mark(ticket, is_spam=True)
    let_it_learn()
    shop.mark(ticket, is_spam=False)
    let_it_learn()
    assert memory.totals() == Seen(spam=0, ham=1)
    with reading() as session:
        assert session.scalar(select(func.max(TOKENS.c.spam))) == 0
        assert set(session.scalars(select(TOKENS.c.ham))) == {1}


def test_being_told_twice_teaches_once(shop: Shop) -> None:
    ticket = shop.receive(SPAM_WORDS)
    for _ in range(2):
        with unit_of_work() as unit:
            memory.learn(unit, ticket.number, [7, 8], is_spam=True)
    assert seen(7) == Seen(spam=1, ham=0)


def test_the_oldest_lessons_are_forgotten_with_their_tokens(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "KEPT", 3)
    for number in range(1, 9):
        with unit_of_work() as unit:
            memory.learn(unit, number, [number, 999], is_spam=True)
    with reading() as session:
        kept = sorted(session.scalars(select(LESSONS.c.number)))
        tokens = sorted(session.scalars(select(TOKENS.c.digest)))
    assert kept == [6, 7, 8]
    assert tokens == [0, 6, 7, 8, 999]
    assert seen(999) == Seen(spam=3, ham=0)
    assert memory.totals() == Seen(spam=3, ham=0)


def test_a_word_or_two_decide_nothing(taught: Shop) -> None:
    assert taught.receive("Jackpot?", subject="Casino").spam_at is None


def test_customers_whom_somebody_answered_are_not_called_spam(taught: Shop) -> None:
    sender = "Jana <jana@teapots.example>"
    known = taught.receive("Kde je moje objednávka?", sender=sender)
    taught.answer(known)
    assert taught.receive(SPAM_WORDS, sender=sender).spam_at is None
    stranger = taught.receive(SPAM_WORDS, sender="Petr <petr@teapots.example>")
    assert stranger.spam_at is not None


def test_what_only_looks_like_spam_stays_open_with_a_warning(taught: Shop) -> None:
    settings = SpamSettings(lessons_needed=ENOUGH - 1, files_spam=False)
    change_settings(taught.owner, "spam", settings)
    ticket = taught.receive(SPAM_WORDS)
    assert ticket.spam_at is None
    flag, found = judged(ticket_page.read(taught.owner, ticket.number))
    assert flag == "suspicious"
    assert any("jackpot" in reason for reason in found)


def test_switched_off_it_only_learns(taught: Shop) -> None:
    settings = SpamSettings(lessons_needed=ENOUGH - 1, files_spam=False, warns=False)
    change_settings(taught.owner, "spam", settings)
    ticket = taught.receive(SPAM_WORDS)
    assert ticket.spam_at is None
    assert reasons(taught, ticket) == ""


@pytest.mark.parametrize("files_spam", [True, False])
def test_spam_gets_no_acknowledgement_and_neither_does_what_looks_like_it(
    taught: Shop, *, files_spam: bool
) -> None:
    settings = SpamSettings(lessons_needed=ENOUGH - 1, files_spam=files_spam)
    change_settings(taught.owner, "spam", settings)
    acknowledging(taught)
    taught.receive(SPAM_WORDS, sender="new@spam.example")
    assert acknowledged() == 0
    taught.receive(f"{TEA_WORDS} 98.", sender="Karel <karel@customer.example>")
    assert acknowledged() == 1


def test_a_mail_is_judged_by_few_statements(taught: Shop) -> None:
    with statements() as found:
        judge(message(f"{TEA_WORDS} 1."))
    assert len(found) <= 4
    with statements() as found:
        judge(message(SPAM_WORDS))
    assert len(found) <= 5


def test_a_person_who_marks_it_needs_no_reasons(shop: Shop) -> None:
    ticket = shop.receive("Hello")
    shop.mark(ticket, is_spam=True)
    with reading() as session:
        event = session.scalars(select(Event).where(Event.name == "ticket.flagged")).one()
    assert event.data["reasons"] == []


def seen(digest: int) -> Seen:
    with reading() as session:
        return memory.recall(session, [digest])[digest]


def acknowledging(shop: Shop) -> None:
    with unit_of_work() as unit:
        mailbox = unit.session.get_one(Mailbox, shop.mailbox_id)
        mailbox.sends_acknowledgement, mailbox.acknowledgement_text = True, "We have it."


def acknowledged() -> int:
    with reading() as session:
        automatic = select(func.count()).where(Delivery.is_automatic)
        return session.scalar(automatic) or 0
