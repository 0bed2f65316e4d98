"""Mail that reaches a desk of the tests, people who mark and answer it, and a worker's round."""

from __future__ import annotations

import itertools
from email.message import EmailMessage

from sqlalchemy import select

from deskcore import clock
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.models import ChannelAccount, Job, Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import RawItem
from deskcore.services import events, inbound, replies, tickets
from deskcore.services.unit import reading
from tests import factories

_serial = itertools.count(1)
SPAM_WORDS = "Exclusive casino jackpot bonus, claim your lottery winnings today at"
TEA_WORDS = "Dobrý den, konvička z objednávky přišla rozbitá, prosím o výměnu. Číslo"


class Shop:
    """A mailbox, an owner, and what comes in."""

    def __init__(self) -> None:
        self.owner: Actor = factories.a_user("owner", name="Eva Nová")
        self.mailbox_id = factories.a_mailbox(address="help@shop.example")
        with reading() as session:
            of_mailbox = ChannelAccount.mailbox_id == self.mailbox_id
            self.account_id = session.scalars(select(ChannelAccount.id).where(of_mailbox)).one()

    def receive(
        self, text: str, *, sender: str = "", subject: str = "Hello", **headers: str
    ) -> Ticket:
        """File a mail as the worker does; returns the newest ticket."""
        number = next(_serial)
        mail = EmailMessage()
        mail["From"] = sender or f"Somebody <somebody{number}@customer.example>"
        mail["To"], mail["Subject"] = "help@shop.example", subject
        mail["Message-ID"] = f"<{number}@customer.example>"
        for name, value in headers.items():
            mail[name.replace("_", "-")] = value
        mail.set_content(text)
        item = RawItem(
            external_id=f"{number}",
            cursor=f"{number}",
            received_at=clock.now(),
            content=mail.as_bytes(),
        )
        inbound.file_items(inbound.store(self.account_id, [item]).new_ids)
        return newest()

    def mark(self, ticket: Ticket, *, is_spam: bool) -> None:
        """Press the button on a ticket."""
        tickets.mark_spam(self.owner, ticket.number, is_spam=is_spam)

    def answer(self, ticket: Ticket, to: str = "jana@customer.example") -> None:
        """Answer a ticket as an agent."""
        replies.queue_reply(self.owner, ticket.number, ReplyForm(body="On its way.", to=[to]))

    def teach(self, count: int) -> None:
        """Mark *count* spam mails and answer as many others, and let it be learned."""
        for at in range(count):
            spam = self.receive(
                f"{SPAM_WORDS} https://win.spam.example/{at}", sender=f"Win <w{at}@spam.example>"
            )
            if spam.spam_at is None:
                self.mark(spam, is_spam=True)
            self.answer(self.receive(f"{TEA_WORDS} {at}.", subject="Rozbitá konvička"))
        let_it_learn()


def newest() -> Ticket:
    """Return the ticket that was opened last."""
    with reading() as session:
        return session.scalars(select(Ticket).order_by(Ticket.id.desc()).limit(1)).one()


def let_it_learn() -> None:
    """Tell the plugin's subscribers what happened, in order, as the worker does."""
    events.dispatch()
    with reading() as session:
        due = select(Job).where(Job.name == "event.deliver").order_by(Job.id)
        told = [job for job in session.scalars(due) if job.id not in _told]
    for job in told:
        _told.add(job.id)
        events.deliver(str(job.args["subscription"]), int(str(job.args["event_id"])))
    assert plugins().guard.is_paused("spam") is False


_told: set[int] = set()
