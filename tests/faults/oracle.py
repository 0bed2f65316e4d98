"""The oracle: whether every mail and every answer of a run is where it has to be, exactly once.

Reads the desk's database through its models, its files, and the ledgers of the servers.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from sqlalchemy import select

from deskcore.domain.kinds import DeliveryState, Direction, InboundState
from deskcore.models import Delivery, DeliveryPart, InboundItem, Message, Ticket
from deskcore.services import files
from deskcore.services.unit import reading
from tests.faults.numbers import question_in
from tests.faults.stage import Place, Pressed, Stage

_TRIAGE = {InboundState.FAILED, InboundState.HELD}
_GONE = {DeliveryState.SENT, DeliveryState.DELIVERED, DeliveryState.READ, DeliveryState.BOUNCED}
_SHOWN = {
    DeliveryState.QUEUED: "queued",
    DeliveryState.SENDING: "queued",
    DeliveryState.HELD: "failed",
    DeliveryState.FAILED: "failed",
    DeliveryState.UNSURE: "perhaps sent",
}


class Broken(AssertionError):
    """A promise did not hold; the text is the ledger."""


@dataclass(kw_only=True)
class Account:
    """The ledger of one run: where everything is, and what is wrong with that."""

    inbound: Counter[str] = field(default_factory=Counter)
    outbound: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        lines = [f"  in:  {_counts(self.inbound)}", f"  out: {_counts(self.outbound)}"]
        return "\n".join(lines + [f"  WRONG: {each}" for each in self.wrong])

    def check(self) -> None:
        """Raise Broken unless every promise held."""
        if self.wrong:
            raise Broken(f"\n{self}")


def account_for(stage: Stage) -> Account:
    """Look for every mail sent in and every answer that was to go out."""
    found = Account()
    for place in stage.places:
        look_in(place, found)
    for pressed in stage.pressed:
        for recipient in pressed.recipients:
            _look_out(stage, pressed, recipient, found)
    return found


def missing(place: Place) -> set[int]:
    """Return the numbers of a mailbox that no person sees yet."""
    items = _Items(place)
    return {
        number for number in place.box.sent_in if not items.entries[number] + items.triage[number]
    }


def unsettled(stage: Stage) -> list[int]:
    """Return the answers that are still on their way."""
    with reading() as session:
        moving = session.scalars(
            select(Delivery.id).where(
                Delivery.state.in_([DeliveryState.QUEUED, DeliveryState.SENDING])
            )
        ).all()
    return [each.number for each in stage.pressed if each.delivery_id in moving]


class _Items:
    """What the desk has of one mailbox, counted by number."""

    def __init__(self, place: Place) -> None:
        self.entries: Counter[int] = Counter()
        self.triage: Counter[int] = Counter()
        self.stored: Counter[int] = Counter()
        self.damaged: list[int] = []
        with reading() as session:
            items = session.scalars(
                select(InboundItem).where(InboundItem.account_id == place.account_id)
            ).all()
            messages = session.execute(
                select(Message.id, Message.subject, Message.visible)
                .join(Ticket, Ticket.id == Message.ticket_id)
                .where(Ticket.mailbox_id == place.mailbox_id, Message.direction == Direction.IN)
            ).all()
        by_message = dict(self._read(items, place))
        for row in messages:
            number = by_message.get(row.id) or question_in(f"{row.subject} {row.visible}".encode())
            if number is not None:
                self.entries[number] += 1

    def _read(self, items: object, place: Place) -> Iterator[tuple[int, int]]:
        for item in items:  # type: ignore[attr-defined]  # rows of the model
            content = files.read(item.digest)
            number = question_in(content) or 0
            is_copy = item.duplicate_of_id is not None
            if content != place.box.sent_in.get(number) and not is_copy:
                self.damaged.append(number)
            if item.message_id is not None:
                yield item.message_id, number
            elif item.state in _TRIAGE:
                self.triage[number] += 1
            elif item.state == InboundState.STORED:
                self.stored[number] += 1


def look_in(place: Place, found: Account) -> None:
    """Look for every mail sent in to a mailbox, in the desk that is open."""
    items, waiting = _Items(place), set(place.box.waiting())
    found.inbound["sent in"] += len(place.box.sent_in)
    for number in place.box.sent_in:
        name = f"mail {number} of {place.box.address}"
        seen = items.entries[number] + items.triage[number]
        if seen > 1:
            found.inbound["twice"] += 1
            found.wrong.append(f"{name} is there {seen} times")
        elif items.triage[number]:
            found.inbound["needs attention"] += 1
        elif seen:
            found.inbound["entries"] += 1
        elif items.stored[number]:
            found.inbound["stored, not filed"] += 1
        elif number in waiting:
            found.inbound["waiting on the server"] += 1
        else:
            found.inbound["lost"] += 1
            found.wrong.append(f"{name} is nowhere")
    found.wrong.extend(f"mail {n} of {place.box.address} is not whole" for n in items.damaged)


def _look_out(stage: Stage, pressed: Pressed, recipient: str, found: Account) -> None:
    found.outbound["pressed"] += 1
    copies = stage.ledger.of(pressed.number, recipient)
    with reading() as session:
        state = session.get_one(Delivery, pressed.delivery_id).state
        part = session.scalars(
            select(DeliveryPart.state).where(
                DeliveryPart.delivery_id == pressed.delivery_id,
                DeliveryPart.recipient == recipient,
            )
        ).one()
    name = f"answer {pressed.number} to {recipient}"
    is_gone = part in _GONE
    shown = "sent" if is_gone else _SHOWN.get(DeliveryState(state), str(state))
    if not is_gone and part == DeliveryState.FAILED:
        shown = "failed"
    found.outbound[shown] += 1
    if not copies and is_gone:
        found.outbound["lost"] += 1
        found.wrong.append(f"{name} is called sent and is not in the sink")
    if copies and shown in {"failed", "queued"} and copies[-1].answered:
        found.wrong.append(f"{name} is called {shown} and is in the sink")
    if len(copies) > 1:
        found.outbound["twice"] += 1
        if any(copy.answered for copy in copies[:-1]):
            found.wrong.append(f"{name} went {len(copies)} times though the sink had answered")
        if len({copy.message_id for copy in copies}) > 1:
            found.wrong.append(f"{name} went under several Message-IDs")


def _counts(counted: Counter[str]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counted.items()) or "nothing"
