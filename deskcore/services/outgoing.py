"""Making an outbound message: its row, its frozen delivery, and the job that will send it.

Message-ID, recipients and body are fixed in the agent's transaction; bytes are rendered once, at
the first try (``delivery.py``).
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.domain.kinds import Audience, DeliveryState, Direction
from deskcore.domain.people import Actor, canonical_email
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryPart,
    Mailbox,
    Message,
    ThreadKey,
    Ticket,
    TicketLeg,
)
from deskcore.services import mailed_links, ticket_kinds
from deskcore.services.rows import put
from deskcore.services.unit import Unit, unit_of_work

MAX_RECIPIENTS = 50
# An address as people type one: strict enough to refuse lists and header tricks, no stricter.
_ADDRESS = re.compile(r"[^\s<>,;:\"()\\@\x00-\x1f\x7f]{1,64}@[^\s<>,;:\"()\\@\x00-\x1f\x7f]{1,255}")


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What is to be said, to whom, from which account, not before when."""

    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    body: str
    run_at: datetime
    signature: str = ""
    is_automatic: bool = False
    previous: dict[str, object] | None = None


def recipients(field: str, typed: Sequence[str]) -> tuple[str, ...]:
    """Return typed addresses in canonical form, without repeats.

    Raises Invalid, naming the first that is not an address, or when there are too many.
    """
    found: dict[str, None] = {}
    for text in typed:
        for piece in re.split(r"[,;\n]", text):
            if not piece.strip():
                continue
            match = re.fullmatch(r"(?:[^<>]*<)?\s*([^<>\s]+)\s*>?\s*", piece.strip())
            address = canonical_email(match.group(1)) if match else ""
            if not _ADDRESS.fullmatch(address):
                problem = _("“%(typed)s” is not a mail address.", typed=piece.strip()[:80])
                raise Invalid([Problem(field=field, message=problem)])
            found[address] = None
    if len(found) > MAX_RECIPIENTS:
        problem = _("Write to at most %(count)d addresses at once.", count=MAX_RECIPIENTS)
        raise Invalid([Problem(field=field, message=problem)])
    return tuple(found)


def create(
    unit: Unit, ticket: Ticket, leg: TicketLeg, account: ChannelAccount, outgoing: Outgoing
) -> tuple[Message, Delivery]:
    """Write the message and its queued delivery, with the job that sends it when its time comes.

    All that a ticket says goes through here; raises Invalid or NotAllowed when its kind forbids it.
    """
    ticket_kinds.require_answer(unit, ticket, outgoing.body, is_automatic=outgoing.is_automatic)
    token = new_token()
    message = Message(
        ticket_id=ticket.id,
        leg_id=leg.id,
        direction=Direction.OUT,
        audience=Audience.CUSTOMER,
        author_user_id=unit.actor.id if unit.actor.kind == "user" else None,
        author_name=unit.actor.name if unit.actor.kind == "user" else "",
        author_address=account.address,
        to_addresses=list(outgoing.to),
        cc_addresses=list(outgoing.cc),
        subject=outgoing.subject,
        visible=outgoing.body,
        quoted=outgoing.signature,
        external_id=_external_id(token, account),
        is_automatic=outgoing.is_automatic,
        warnings=[],
        reply_to=[],
        created_at=unit.now,
        sent_at=unit.now,
    )
    unit.session.add(message)
    unit.session.flush()
    delivery = queue(unit, account, outgoing, token=token, message=message)
    mailed_links.promise(unit, ticket, (*outgoing.to, *outgoing.cc))
    remember(unit, account.mailbox_id, ticket.id, message.id, message.external_id, is_ours=True)
    return message, delivery


def account_for(session: Session, mailbox_id: int) -> ChannelAccount | None:
    """Return the account that new messages of a mailbox go out by, None when it has none."""
    return session.scalars(
        select(ChannelAccount)
        .where(ChannelAccount.mailbox_id == mailbox_id)
        .order_by(ChannelAccount.id)
        .limit(1)
    ).one_or_none()


def signature(mailbox: Mailbox) -> str:
    """Return the mailbox's signature with the mark that mail programs know (RFC 3676, 4.3)."""
    text = mailbox.signature.strip()
    return f"-- \n{text}" if text else ""


def run_at(mailbox: Mailbox, actor: Actor, now: datetime) -> datetime:
    """Return when a message pressed send on now may leave, by the mailbox's undo window."""
    wait = mailbox.undo_seconds if actor.kind == "user" else 0
    return datetime.fromtimestamp(now.timestamp() + wait, tz=now.tzinfo)


def remember(
    unit: Unit, mailbox_id: int, ticket_id: int, message_id: int, key: str, *, is_ours: bool
) -> None:
    """Keep an id that later messages may refer to."""
    if not key:
        return
    row = ThreadKey(
        digest=key_digest(key),
        mailbox_id=mailbox_id,
        ticket_id=ticket_id,
        message_id=message_id,
        is_ours=is_ours,
    )
    put(unit.session, row)


def key_digest(key: str) -> str:
    """Return the form in which ids are stored and compared: any length, one index."""
    return sha256(key.strip().strip("<>").encode("utf-8", "replace")).hexdigest()


def new_token() -> str:
    """Return 144 random bits: what makes a reply ours."""
    return secrets.token_urlsafe(18)


def queue(
    unit: Unit,
    account: ChannelAccount,
    outgoing: Outgoing,
    *,
    token: str,
    message: Message | None = None,
) -> Delivery:
    """Write a frozen delivery, with its job; without a *message* it is the desk's own mail."""
    delivery = Delivery(
        message_id=message.id if message else None,
        ticket_id=message.ticket_id if message else None,
        account_id=account.id,
        key=secrets.token_hex(16),
        token=token,
        external_id=_external_id(token, account),
        state=DeliveryState.QUEUED,
        is_automatic=outgoing.is_automatic,
        previous=outgoing.previous or {},
        run_at=outgoing.run_at,
        created_at=unit.now,
    )
    unit.session.add(delivery)
    unit.session.flush()
    for recipient in dict.fromkeys((*outgoing.to, *outgoing.cc)):
        unit.session.add(DeliveryPart(delivery_id=delivery.id, recipient=recipient))
    enqueue_send(unit, delivery)
    return delivery


def enqueue_send(unit: Unit, delivery: Delivery) -> None:
    """Ask the worker to send a delivery when its time comes."""
    unit.enqueue(
        "delivery.send",
        {"delivery_id": delivery.id},
        run_at=delivery.run_at,
        unique_key=f"delivery:{delivery.id}:{delivery.tries}:{delivery.run_at.timestamp():.0f}",
    )


def hurry(account_id: int) -> None:
    """Try at once what waits for an account's connection, which stands again."""
    waiting = select(Delivery).where(
        Delivery.account_id == account_id,
        Delivery.state == DeliveryState.QUEUED,
        Delivery.tries > 0,  # the others have their own time: it may be undone until then
    )
    with unit_of_work() as unit:
        for delivery in unit.session.scalars(waiting.order_by(Delivery.id).with_for_update()):
            delivery.run_at = unit.now
            enqueue_send(unit, delivery)


def _external_id(token: str, account: ChannelAccount) -> str:
    """Make the Message-ID; its domain is the account's own, as receivers expect."""
    domain = canonical_email(account.address).rpartition("@")[2]
    host = domain if re.fullmatch(r"[a-z0-9.-]{1,200}", domain) else "desk.invalid"
    return f"d.{token}@{host}"
