"""A desk with one bot: what its worker does, one step at a time."""

from __future__ import annotations

from sqlalchemy import select, update

from deskcore import clock
from deskcore.domain.kinds import Direction
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.models import (
    AwaitedFile,
    ChannelAccount,
    Delivery,
    InboundItem,
    Mailbox,
    Message,
    Ticket,
)
from deskcore.plugin import RawItem
from deskcore.services import awaited_files, channels, inbound, replies, secrets, sending
from deskcore.services.jobs import RunAgain
from deskcore.services.unit import reading, unit_of_work
from plugins.telegram.tests.bot_api import USERNAME, BotApi
from plugins.telegram.tests.pushes import TOKEN
from tests import factories

PLUGINS = ("email", "spam", "telegram")


def an_account(bot: BotApi, **settings: object) -> int:
    """Connect the bot in a mailbox of its own; returns the account's id."""
    mailbox_id = factories.a_mailbox(address=USERNAME)
    with unit_of_work() as unit:
        unit.session.get_one(Mailbox, mailbox_id).undo_seconds = 0
        account = unit.session.scalars(
            select(ChannelAccount).where(ChannelAccount.mailbox_id == mailbox_id)
        ).one()
        account.channel, account.name, account.address = "telegram", "Shop", USERNAME
        account.settings = {**bot.settings, **settings}
        account.secrets = secrets.encrypt({"token": TOKEN})
        return account.id


def fetch(account_id: int) -> int:
    """Ask the bot's server once, store what comes, file it; returns how many items were new."""
    channel = channels.build_by_id(account_id)
    with reading() as session:
        cursor = session.get_one(ChannelAccount, account_id).cursor
    items = list(channel.receive(cursor))
    if not items:
        return 0
    taken = inbound.store(account_id, items)
    channel.acknowledge(items)
    inbound.file_items(taken.new_ids)
    return len(taken.new_ids)


def file(account_id: int, *items: RawItem) -> None:
    """Store and file items, each for itself."""
    for item in items:
        inbound.file_items(inbound.store(account_id, [item]).new_ids)


def fetch_files() -> None:
    """Fetch every file that is awaited, as far as it can be had now."""
    with reading() as session:
        waiting = session.scalars(
            select(AwaitedFile.id).where(AwaitedFile.given_up_at.is_(None)).order_by(AwaitedFile.id)
        ).all()
    for file_id in waiting:
        try:
            awaited_files.fetch(file_id)
        except RunAgain:
            continue


def messages(direction: Direction = Direction.IN) -> list[Message]:
    """List what was said, oldest first."""
    with reading() as session:
        rows = select(Message).where(Message.direction == direction).order_by(Message.id)
        return list(session.scalars(rows))


def tickets() -> list[Ticket]:
    """List the tickets."""
    with reading() as session:
        return list(session.scalars(select(Ticket).order_by(Ticket.id)))


def reasons() -> list[str]:
    """List why items were ignored, or wait."""
    with reading() as session:
        return list(session.scalars(select(InboundItem.reason).where(InboundItem.reason != "")))


def answer(owner: Actor, text: str, *, number: int = 0, **more: object) -> int:
    """Answer a ticket, the newest by default; returns the delivery's id."""
    wanted = number or tickets()[-1].number
    form = ReplyForm(body=text, to=(), send_anyway=True, **more)  # type: ignore[arg-type]  # fields of the form
    return replies.queue_reply(owner, wanted, form).delivery_id


def delivery(delivery_id: int) -> Delivery:
    """Return a delivery as it is now."""
    with reading() as session:
        return session.get_one(Delivery, delivery_id)


def send_once(delivery_id: int) -> str:
    """Have a delivery tried now; returns its state."""
    with unit_of_work() as unit:
        due = update(Delivery).where(Delivery.id == delivery_id).values(run_at=clock.now())
        unit.session.execute(due)
    sending.send(delivery_id)
    return delivery(delivery_id).state


def send(delivery_id: int) -> str:
    """Have a delivery tried until all its parts have left, or one does not."""
    for _part in range(30):
        tries = delivery(delivery_id).tries
        state = send_once(delivery_id)
        if state != "queued" or delivery(delivery_id).tries > tries:
            break
    return state
