"""The customers of ``many``: four of five ask by mail, the fifth in Telegram; some want no news."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import insert, select

from deskcore.domain.people import Actor
from deskcore.models import Identity, Ticket, TicketLeg
from deskcore.plugin.net import network_allowed
from deskcore.services.unit import reading, unit_of_work
from plugins.stock_notes.tables import REFUSALS, WAITS
from plugins.telegram.tests.bot_api import BotApi
from tests import factories
from tests.stock_notes.waiting import SENCHA
from tests.telegram import desk as telegram

REFUSE_EVERY = 18  # of the customers, so many say that they want no news
CHAT_EVERY = 5  # so many have asked in Telegram
FIRST_CHAT = 5_000_000
LANGUAGES = ("en", "ru", "cs")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A customer who asked, by the name the ledgers know them by."""

    name: str
    number: int  # of the customer
    customer_id: int
    ticket_id: int


def by_mail(mailbox_id: int, count: int) -> Iterator[Asked]:
    """Let those ask who write mails."""
    for number in range(count):
        if not is_chat(number):
            name = f"c{number}@customer.test"
            customer = factories.a_customer(f"Customer {number}", name)
            # The subject is how the sink knows whose answer it is.
            ticket = factories.a_ticket(mailbox_id, subject=f"answer-{number}-", customer=customer)
            yield Asked(name=name, number=number, customer_id=customer[0], ticket_id=_id_of(ticket))


def by_chat(bot: BotApi, account_id: int, count: int) -> Iterator[Asked]:
    """Let the others write to the bot, and take in what they write."""
    numbers = [number for number in range(count) if is_chat(number)]
    for number in numbers:
        bot.say("Is Sencha in again?", chat=FIRST_CHAT + number, name=f"Customer {number}")
    with network_allowed():
        while telegram.fetch(account_id):
            pass
    known = select(TicketLeg.ticket_id, Identity.customer_id, Identity.value).join(
        Identity, Identity.id == TicketLeg.identity_id
    )
    with reading() as session:
        rows = session.execute(known.where(TicketLeg.account_id == account_id)).all()
    for row in rows:
        number = int(row.value) - FIRST_CHAT
        yield Asked(
            name=row.value, number=number, customer_id=row.customer_id, ticket_id=row.ticket_id
        )


def is_chat(number: int) -> bool:
    """Whether a customer asks in Telegram."""
    return number % CHAT_EVERY == CHAT_EVERY - 1


def put_on_the_list(actor: Actor, asked: Iterable[Asked]) -> list[str]:
    """Put customers on the list; returns the names of those who want no news."""
    refused = []
    for each in asked:
        with unit_of_work(actor) as unit:
            values = {
                "customer_id": each.customer_id,
                "product": SENCHA,
                "place": "",
                "amount": 1,
                "language": LANGUAGES[each.number % len(LANGUAGES)],
                "ticket_id": each.ticket_id,
                "state": "waiting",
                "reason": "",
                "at": unit.now,
                "by_name": "Eva",
            }
            unit.session.execute(insert(WAITS).values(values))
            if each.number % REFUSE_EVERY == 0:
                no_news = {"customer_id": each.customer_id, "at": unit.now, "by_name": "Eva"}
                unit.session.execute(insert(REFUSALS).values(no_news))
                refused.append(each.name)
    return refused


def _id_of(number: int) -> int:
    with reading() as session:
        return session.scalars(select(Ticket.id).where(Ticket.number == number)).one()


def number_of(name: str) -> int:
    """Return which customer a name in a ledger is."""
    return int(name.partition("@")[0][1:]) if "@" in name else int(name) - FIRST_CHAT
