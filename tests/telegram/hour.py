"""An hour of a shop's Telegram in minutes, with a share of everything going wrong.

    .venv/bin/python -m tests.telegram                # 18,000 messages: an hour at 5 a second
    .venv/bin/python -m tests.telegram --messages 900

Customers write, every fifth message is answered, and 2 % of all requests meet a 429, an error of
Telegram's own, a gate's, a line that breaks before or after, or half an answer; pages repeat
updates, and the desk dies now and then between fetching and storing. At the end whoever looks after
the desk settles what is "perhaps sent" by looking into the chats. Then the books of both sides must
balance: each message in once, each answer out once.
"""

from __future__ import annotations

import gc
import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

from sqlalchemy import select, update

from deskcore.domain.kinds import DeliveryState, Direction, InboundState, JobState
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.models import ChannelAccount, Delivery, InboundItem, Job, Message, Ticket
from deskcore.plugin.channel import ChannelFailure
from deskcore.services import channels, delivery, inbound, jobs, replies
from deskcore.services.unit import reading, unit_of_work
from plugins.telegram.tests.answers import Chaos
from plugins.telegram.tests.bot_api import ANN, BotApi
from tests import factories
from tests.telegram import desk

CUSTOMERS = 1500
ANSWERED_EVERY = 5
PAGE = 100
DEATHS = 0.02
_MB = 1024 * 1024


@dataclass(kw_only=True)
class Books:
    """What both sides say at the end."""

    said: Counter[str] = field(default_factory=Counter)
    filed: Counter[str] = field(default_factory=Counter)
    answered: Counter[str] = field(default_factory=Counter)
    arrived: Counter[str] = field(default_factory=Counter)
    settled: int = 0
    deaths: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    open_items: int = 0
    open_deliveries: int = 0
    tickets: int = 0
    memory_mb: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def problems(self) -> list[str]:
        """Say where the books do not balance."""
        found = {
            "lost on the way in": (self.said - self.filed).total(),
            "twice on the way in": (self.filed - self.said).total(),
            "lost on the way out": (self.answered - self.arrived).total(),
            "twice on the way out": (self.arrived - self.answered).total(),
            "not filed": self.open_items,
            "not sent": self.open_deliveries,
        }
        return [f"{count} {what}" for what, count in found.items() if count]

    @property
    def growth_mb(self) -> float:
        """How much the process grew after its first quarter."""
        return self.memory_mb[-1] - self.memory_mb[0] if self.memory_mb else 0.0


def run(
    *,
    messages: int,
    share: float = 0.02,
    seed: int = 1,
    tell: Callable[[str], object] = str,
) -> Books:
    """Live through the hour on the desk of the context that this is called in."""
    books, began, dice = Books(), monotonic(), random.Random(seed)  # noqa: S311  it plays, it guards nothing
    owner = factories.a_user("owner")
    with BotApi() as bot:
        account_id = desk.an_account(bot)
        bot.chaos = Chaos(share=share, seed=seed)
        for number in range(messages):
            text = f"Message {number}"
            bot.say(text, chat=ANN + dice.randrange(min(CUSTOMERS, messages // 4)))
            books.said[text] += 1
            if (number + 1) % PAGE == 0:
                bot.repeats_updates = dice.random() < share * 5
                _round(bot, account_id, books, dice)
                _answer(owner, books)
            if (number + 1) % (messages // 4) == 0:
                books.memory_mb.append(_memory_mb())
                tell(
                    f"{number + 1} messages, {books.memory_mb[-1]:.0f} MB, {monotonic() - began:.0f} s"
                )
        _finish(bot, account_id, owner, books, dice)
        books.faults = dict(bot.chaos.played)
        books.arrived = Counter(sent.text for sent in bot.sent)
    _read(books)
    books.seconds = monotonic() - began
    return books


def _round(bot: BotApi, account_id: int, books: Books, dice: random.Random) -> None:
    """Fetch until nothing waits there, and do what there is to do."""
    while bot.waiting:
        _fetch(account_id, books, dice)
    _work()
    bot.requests.clear()  # its diary is not the desk's memory


def _fetch(account_id: int, books: Books, dice: random.Random) -> None:
    """Serve the account as a fetcher does, or die between fetching and storing."""
    channel = channels.build_by_id(account_id)
    try:
        with reading() as session:
            cursor = session.get_one(ChannelAccount, account_id).cursor
        items = list(channel.receive(cursor))
        if dice.random() < DEATHS:
            books.deaths += 1
            return
        if items:
            inbound.store(account_id, items)
            channel.acknowledge(items)
        channel.wait(0.01)  # asks with what is stored, which confirms it
    except ChannelFailure:
        return


def _work() -> None:
    """Run jobs until none is due; what waits for another minute is due now."""
    while True:
        while jobs.run_next("the hour"):
            pass
        if not _hurry():
            return


def _hurry() -> bool:
    """Let an hour's waits be over; False when nothing waits."""
    waiting = (DeliveryState.QUEUED, DeliveryState.SENDING)
    with unit_of_work() as unit:
        late = unit.session.execute(
            update(Delivery)
            .where(Delivery.state.in_(waiting), Delivery.run_at > unit.now)
            .values(run_at=unit.now)
        ).rowcount  # type: ignore[attr-defined]  # a cursor's
        jobs_late = unit.session.execute(
            update(Job)
            .where(
                Job.state == JobState.READY,
                Job.name.in_(("delivery.send", "inbound.file")),
                Job.run_at > unit.now,
            )
            .values(run_at=unit.now)
        ).rowcount  # type: ignore[attr-defined]  # as above
    return bool(late or jobs_late)


def _answer(owner: Actor, books: Books) -> None:
    """Answer every fifth of the messages that came since the last time."""
    begun = books.answered.total()
    with reading() as session:
        rows = session.execute(
            select(Message.visible, Ticket.number)
            .join(Ticket, Ticket.id == Message.ticket_id)
            .where(Message.direction == Direction.IN)
            .order_by(Message.id)
            .offset(begun * ANSWERED_EVERY)
        ).all()
    for text, number in rows[::ANSWERED_EVERY]:
        answer = f"Answer to {text}"
        replies.queue_reply(owner, number, ReplyForm(body=answer, to=(), send_anyway=True))
        books.answered[answer] += 1


def _finish(bot: BotApi, account_id: int, owner: Actor, books: Books, dice: random.Random) -> None:
    """Do the rest, and settle by the chats what nobody could know."""
    while True:
        _round(bot, account_id, books, dice)
        unsure = list(_unsure())
        if not unsure:
            return
        arrived = {sent.text for sent in bot.sent}
        for delivery_id, text in unsure:
            books.settled += 1
            settle = delivery.mark_sent if text in arrived else delivery.retry
            settle(owner, delivery_id)


def _unsure() -> Iterator[tuple[int, str]]:
    with reading() as session:
        rows = session.execute(
            select(Delivery.id, Message.visible)
            .join(Message, Message.id == Delivery.message_id)
            .where(Delivery.state == DeliveryState.UNSURE)
        ).all()
    yield from ((row.id, row.visible) for row in rows)


def _read(books: Books) -> None:
    """Read the desk's books."""
    filed = (InboundState.FILED, InboundState.DUPLICATE)
    with reading() as session:
        said = select(Message.visible).where(Message.direction == Direction.IN)
        books.filed = Counter(session.scalars(said))
        books.open_items = len(
            session.scalars(select(InboundItem.id).where(InboundItem.state.not_in(filed))).all()
        )
        books.open_deliveries = len(
            session.scalars(select(Delivery.id).where(Delivery.state != DeliveryState.SENT)).all()
        )
        books.tickets = len(session.scalars(select(Ticket.id)).all())


def _memory_mb() -> float:
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / _MB
