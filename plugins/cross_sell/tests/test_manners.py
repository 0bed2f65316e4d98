"""When nothing is offered, from values alone; and in which language a customer writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deskcore.api import LANGUAGES, Category, CustomerId, MailboxId, TicketId
from deskcore.api.data import Said
from deskcore.plugin import FieldValue, TicketRef
from plugins.cross_sell import manners
from plugins.cross_sell.language import language_of
from plugins.cross_sell.settings import OfferSettings

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def said(
    *texts: str,
    subject: str = "Kettle",
    kind: str = "question",
    tags: tuple[str, ...] = (),
    category: Category = Category.OPEN,
    **fields: FieldValue,
) -> Said:
    """Return a ticket in which this was said."""
    ticket = TicketRef(
        id=TicketId(1),
        number=1,
        subject=subject,
        category=category,
        mailbox_id=MailboxId(1),
        customer_id=CustomerId(1),
        kind=kind,
    )
    held = {name.replace("__", "."): value for name, value in fields.items()}
    return Said(ticket=ticket, opened_at=NOW, tags=tags, fields=held, texts=texts)


def why(here: Said, *others: Said, **settings: object) -> str:
    """Say why nothing is offered."""
    wanted = OfferSettings(**settings)  # type: ignore[arg-type]  # as each test says
    return manners.objection(here, others, wanted, now=NOW)


def test_a_harmless_question_gets_offers() -> None:
    assert why(said("Which lid fits?"), said("It works well, thank you")) == ""
    assert why(said("An unbroken line, a breakfast, a brake")) == ""


@pytest.mark.parametrize(
    "here",
    [
        said("The lid is broken"),
        said("Fine", "An hour later: I want a REFUND"),
        said("x", subject="Reklamace č. 5"),
        said("Прошу вернуть деньги: ЧАЙНИК РАЗБИТ"),
        said("x", tags=("Stiznost",)),
        said("x", web_form__sort="Complaint"),
        said("x", web_form__words="it came damaged"),
    ],
)
def test_a_complaint_gets_none(here: Said) -> None:
    assert why(here) == manners.COMPLAINT
    solved = Said(
        **{**vars(here), "ticket": TicketRef(**{**vars(here.ticket), "category": Category.SOLVED})}
    )
    assert why(said("x"), here) == manners.OTHER_COMPLAINT
    assert why(said("x"), solved) == ""


def test_ratings_are_known_by_the_names_of_their_fields() -> None:
    assert (
        why(said("x"), said("y", kind="reviews.review", reviews__stars=2.0)) == manners.LOW_RATING
    )
    assert why(said("x"), said("y", surveys__rating=1.0)) == manners.LOW_RATING
    assert why(said("x"), said("y", reviews__stars=4.0)) == ""
    assert why(said("x"), said("y", reviews__stars=2.0), low_rating=0) == ""
    assert why(said("x"), said("y", shop__grams=2.0)) == ""


def test_other_kinds_get_none_unless_they_are_named() -> None:
    assert why(said("x", kind="reviews.review")) == manners.OF_KIND
    assert why(said("x", kind="shop.order"), kinds="question, shop.order") == ""


def test_words_are_the_owners_and_none_is_none() -> None:
    assert why(said("My samovar leaks"), complaint_words="leak, samovar drip") == manners.COMPLAINT
    assert why(said("The samovar drips"), complaint_words="samovar drip") == manners.COMPLAINT
    assert why(said("It is broken"), complaint_words="", complaint_tags="") == ""


def test_the_language_is_told_by_its_letters() -> None:
    for text, language in (
        ("Dobrý den, jakou má konvice šňůru?", "cs"),
        ("Какая крышка подходит?", "ru"),
        ("Which lid fits?", ""),
        ("", ""),
    ):
        assert language_of(text, LANGUAGES) == language
    assert language_of("Какая крышка подходит?", ["en"]) == ""
