"""A plugin of the shelf that hangs, crashes or dies does not keep others' messages waiting.

A real worker with all of them; :mod:`tests.shelf.a_stumbler` breaks one at a time in what it does
with messages, and mails and chats of others are timed on their way in and out meanwhile.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from time import monotonic, sleep

import pytest
from sqlalchemy import select

from deskcore.domain.people import SYSTEM
from deskcore.domain.writing import ReplyForm
from deskcore.models import ChannelAccount, Mailbox, Message, Ticket
from deskcore.services import replies, secrets
from deskcore.services.unit import reading, unit_of_work
from plugins.reviews.tests.far_sides import Address
from plugins.telegram.tests.bot_api import BotApi
from plugins.xmpp.tests.network import ADDRESS, COMPONENT, SECRET, XmppNetwork, a_message
from tests import factories
from tests.faults.numbers import question
from tests.faults.stage import Place, Stage
from tests.process.crashing import eventually
from tests.shelf.wheel import SHELF
from tests.telegram.desk import an_account

MOST_DELAY_S = 1.0
ROUNDS = 3
PATIENCE_S = 60.0
STUMBLER = Path(__file__).parent / "a_stumbler"
# Work that is asked for by itself; more of it than a worker has threads.
JOBS: dict[str, tuple[str, dict[str, object]]] = {
    "web_form": ("web_form.forget", {}),
    "catalogue": ("catalogue.import", {"import_id": 0}),
    "reviews": ("reviews.deputies", {}),
    "stock_notes": ("stock_notes.tell", {"run_id": 0}),
}
AT_ONCE = 6
# One that fails often is left alone, and disturbs nobody then: here it is asked each time.
NEVER_LEFT_ALONE = {
    "deskcore.plugin.strikes.FAULTS_ALLOWED": 10**6,
    "deskcore.plugin.strikes.SLOW_ALLOWED": 10**6,
}
# Where each has to have been caught: a test whose fault was never met has shown nothing.
MET = {
    "web_form": {"verdict.judge", "kept.forget_old"},
    "telegram": {"channel.Telegram.receive", "channel.Telegram.render"},
    "xmpp": {"channel.XmppChannel.listen", "channel.XmppChannel.render"},
    "catalogue": {"importing.reading"},
    "cross_sell": {"chances.sent"},
    "reviews": {"channel_site.Site.receive", "arrivals.take_in", "deputies.look"},
    "stock_notes": {"asks.note_asked", "telling.tell"},
}


@dataclass(kw_only=True)
class Street:
    """The desk, and who writes to it and is answered."""

    stage: Stage
    place: Place
    bot: BotApi
    line: XmppNetwork
    told: Path
    tickets: dict[str, int] = field(default_factory=dict)
    undisturbed: dict[str, float] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: iter(range(5000, 9000)))

    def tell(self, slug: str = "", kind: str = "") -> None:
        """Say who stumbles from now on."""
        unfinished = self.told.with_suffix(".new")
        unfinished.write_text(json.dumps({"slug": slug, "kind": kind} if slug else {}))
        unfinished.rename(self.told)

    def met(self, slug: str, kind: str) -> set[str]:
        """Return where somebody has stumbled."""
        path = self.told.parent / "met"
        lines = path.read_text().splitlines() if path.exists() else []
        return {line.split()[2] for line in lines if line.split()[:2] == [kind, slug]}

    def was_caught(self, slug: str, kind: str) -> bool:
        """Whether a plugin has stumbled in every place where it is to."""
        return MET[slug] <= self.met(slug, kind)

    def release(self) -> None:
        """Let those go on who hang, and have others stumble in their place."""
        again = self.told.read_text()
        self.tell()
        sleep(0.3)
        self.tell(**json.loads(again))

    def provoke(self, slug: str) -> None:
        """Give a plugin something to do that nobody else's message brings about."""
        if slug in JOBS:
            name, args = JOBS[slug]
            with unit_of_work(SYSTEM) as unit:
                for _ in range(AT_ONCE):
                    unit.enqueue(name, args)
        if slug == "telegram":
            self.bot.say("Anybody there?", chat=next(self.numbers))
        if slug == "xmpp":
            self.line.drop()

    def answer(self, number: int, body: str) -> None:
        """Answer a ticket of a chat."""
        form = ReplyForm(body=body, to=(), send_anyway=True)
        replies.queue_reply(self.stage.agent, number, form)

    def round(self, *, chats: bool) -> dict[str, float]:
        """Have a message go each way at once; returns how long each took."""
        number, chat = self.stage.next_number(), next(self.numbers)
        seen: dict[str, Callable[[], object]] = {}
        began = monotonic()
        self.place.box.deliver(number, question(number))
        seen["mail in"] = lambda: ticket_of(f"question-{number}-")
        if chats:
            self.bot.say(f"chat-{chat}", chat=chat)
            seen["chat in"] = lambda: said(f"chat-{chat}")
            self.answer(self.tickets["telegram"], f"told-{chat}")
            seen["chat out"] = lambda: any(f"told-{chat}" in each.text for each in self.bot.sent)
        pressed = self.stage.press_send(self.place)
        seen["mail out"] = lambda: self.stage.ledger.of(pressed.number, pressed.recipients[0])
        took: dict[str, float] = {}
        while seen and monotonic() - began < PATIENCE_S:
            for way in [way for way, look in seen.items() if look()]:
                took[way] = monotonic() - began
                del seen[way]
            sleep(0.02)
        assert not seen, (sorted(seen), self.stage.desks[-1].errors[-3000:])
        return took

    def rounds(self, *, chats: bool = True) -> dict[str, float]:
        """Return the median of some rounds for each way."""
        taken = [self.round(chats=chats) for _ in range(ROUNDS)]
        return {way: median(each[way] for each in taken) for way in taken[0]}

    def late(self, took: dict[str, float]) -> dict[str, float]:
        """Return what took so much longer than undisturbed that it counts, and by how much."""
        more = {way: seconds - self.undisturbed[way] for way, seconds in took.items()}
        return {way: seconds for way, seconds in more.items() if seconds > MOST_DELAY_S}

    def timed(self, *, chats: bool) -> dict[str, float]:
        """Time each way; once more what was late, for other tests are at work on the machine."""
        took = self.rounds(chats=chats)
        if self.late(took):
            again = self.rounds(chats=chats)
            took = {way: min(seconds, again[way]) for way, seconds in took.items()}
        return took


def ticket_of(subject: str) -> int | None:
    with reading() as session:
        return session.scalar(select(Ticket.number).where(Ticket.subject == subject))


def said(text: str) -> int | None:
    """Return the ticket in which somebody said this."""
    found = select(Ticket.number).join(Message, Message.ticket_id == Ticket.id)
    with reading() as session:
        return session.scalar(found.where(Message.visible == text))


def connect(channel: str, address: str, settings: object, **kept: str) -> int:
    """Give a channel an account in a mailbox of its own."""
    mailbox_id = factories.a_mailbox(address=address)
    with unit_of_work() as unit:
        unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        of_mailbox = select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        account = unit.session.scalars(of_mailbox).one()
        account.channel, account.settings = channel, settings  # type: ignore[assignment]  # as JSON
        account.secrets = secrets.encrypt(kept)
        return account.id


@pytest.fixture
def street(tmp_path: Path, sqlite_url: str) -> Iterator[Street]:
    told = tmp_path / "stumbles.json"
    with (
        Stage(tmp_path, sqlite_url, seed=1, moments=1) as stage,
        BotApi() as bot,
        XmppNetwork() as line,
        Address() as site,
        ExitStack() as stack,
    ):
        shutil.copytree(STUMBLER, stage.instance / "plugins" / "a_stumbler")
        an_account(bot)
        at_xmpp = dict(line.settings) | {"component": COMPONENT}
        connect("xmpp", ADDRESS, at_xmpp, secret=SECRET)
        connect("reviews_site", "site", dict(site.settings), key="Bearer k")
        place = stage.a_mailbox()
        made = Street(stage=stage, place=place, bot=bot, line=line, told=told)
        made.tell()
        stack.callback(made.tell)
        active = ["email", "spam", "saved_replies", "a_stumbler", *SHELF]
        environment = {
            "DESK_PLUGINS": json.dumps(active),
            "DESK_POLL_SECONDS": "1",
            "DESK_TEST_STUMBLES": str(told),
        }
        stage.start(environment=environment, changes=NEVER_LEFT_ALONE)
        bot.say("first over telegram")
        line.offer(a_message("first over xmpp", "first-1"))
        for channel in ("telegram", "xmpp"):
            words = f"first over {channel}"
            made.tickets[channel] = stage.until(partial(said, words), words)
        yield made


@pytest.mark.timeout(400)  # some forty rounds of messages with a worker that somebody disturbs
def test_one_that_hangs_or_crashes_delays_nobody_elses_message(
    street: Street, capsys: pytest.CaptureFixture[str]
) -> None:
    street.rounds()  # the first ones warm up
    street.undisturbed = street.rounds()
    lines = [f"undisturbed: {told(street.undisturbed)}"]
    worst: dict[str, float] = {}
    for slug in (*sorted(set(SHELF) - {"xmpp"}), "xmpp"):  # its line is slow to stand again
        for kind in ("hang", "crash"):
            if slug == "xmpp":
                street.stage.until(lambda: street.line.open, "the line stands", 30)
            street.tell(slug, kind)
            for what, took in disturbed(street, slug, kind).items():
                lines.append(f"{slug}, {kind}, {what}: {told(took)}")
                late = street.late(took).items()
                worst |= {f"{slug}, {kind}, {what}, {way}": seconds for way, seconds in late}
            if not eventually(partial(street.was_caught, slug, kind), timeout_s=20):
                worst[f"{slug}, {kind}, was caught in {street.met(slug, kind)} only"] = 0.0
            street.tell()
    # What ends the worker costs everybody its restart, and nobody a message.
    lines.append(f"the worker was ended: {told(ended(street))}")
    with capsys.disabled():
        print("", *lines, sep="\n  ")
    assert not worst, "\n".join(f"{name}: {seconds:.2f} s" for name, seconds in worst.items())


def disturbed(street: Street, slug: str, kind: str) -> dict[str, dict[str, float]]:
    """Time messages while a plugin stumbles: in what all messages pass, and in work of its own."""
    is_other = slug != "telegram"
    if slug in street.tickets:
        street.answer(street.tickets[slug], "It is.")
        eventually(lambda: any("render" in each for each in street.met(slug, kind)), timeout_s=10)
    if kind == "crash":  # what raises keeps no thread: all of it at once
        street.provoke(slug)
        return {"everywhere": street.timed(chats=is_other)}
    beside = street.timed(chats=is_other)
    street.release()
    street.provoke(slug)
    return {"on the way": beside, "in its own work": street.timed(chats=is_other)}


def ended(street: Street) -> dict[str, float]:
    """Have a plugin end the worker; returns how long messages took that came at that moment."""
    street.tell("catalogue", "exit")
    with unit_of_work(SYSTEM) as unit:
        unit.enqueue(*JOBS["catalogue"])
    street.stage.until(lambda: street.met("catalogue", "exit"), "the worker is ended")
    street.tell()
    return street.round(chats=True)


def told(took: dict[str, float]) -> str:
    return ", ".join(f"{way} {seconds:.2f} s" for way, seconds in took.items())
