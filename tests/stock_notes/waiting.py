"""Customers who wait for Sencha, each in a ticket of their own."""

from __future__ import annotations

from datetime import date

from deskcore.domain.people import Actor
from deskcore.services import jobs
from plugins.stock_notes import runs, waits
from plugins.stock_notes.settings import StockSettings
from plugins.stock_notes.waits import Wish
from tests.factories import a_customer, a_ticket

SENCHA = "T-2"
SETTINGS = StockSettings()
TEXTS = {"en": SETTINGS.text_en, "ru": SETTINGS.text_ru, "cs": SETTINGS.text_cs}
HELLO = {
    "en": "Do you have Sencha?",
    "ru": "У вас есть чай Sencha?",
    "cs": "Dobrý den, máte ještě čaj Sencha? Těším se.",
}


def waiting(
    actor: Actor, mailbox: int, number: int, *, language: str = "en", until: date | None = None
) -> int:
    """Have somebody wait; returns the number of their ticket."""
    customer = a_customer(f"Customer {number}", f"wait{number}@customer.test")
    subject = f"answer-{number}-"  # by which the sinks of tests know whose answer it is
    ticket = a_ticket(mailbox, subject=subject, text=HELLO[language], customer=customer)
    assert waits.put(actor, ticket, Wish(product=SENCHA, until=until))
    return ticket


def confirmed(actor: Actor, count: int) -> int:
    """Confirm a telling to so many; returns its id."""
    return runs.confirm(actor, SENCHA, TEXTS, expected=count)


def work() -> None:
    """Do all that is due, as a worker would."""
    while jobs.run_next("test"):
        pass
