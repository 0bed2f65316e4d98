"""What comes back about the desk's own mail: it is put on that mail and opens no ticket.

A report may quote the link that was sent, so a link whose mail came back ends, and the item can
be looked at by admins alone (``attention.raw``).
"""

from __future__ import annotations

from sqlalchemy import select

from deskcore.domain.kinds import DeliveryState
from deskcore.domain.messages import DeliveryReport, InboundMessage
from deskcore.i18n import N_
from deskcore.models import Delivery, InboundItem, Notice
from deskcore.services import notices, threading
from deskcore.services.tokens import LIVES, end_tokens
from deskcore.services.unit import Unit


def take_in(unit: Unit, item: InboundItem, message: InboundMessage) -> bool:
    """Whether *message* was a program's answer to the desk's own mail, or that mail itself.

    What a person answers becomes a ticket, like anything a person writes.
    """
    if not (message.is_auto or message.is_own):
        return False
    delivery = threading.find_delivery(unit.session, message.keys.tokens)
    if delivery is None or delivery.ticket_id is not None:
        return False
    if message.is_own:
        words = N_("It came back to a mailbox of this desk; the link in it has ended.")
        _came_back(unit, item, delivery, words)
    else:
        _note(unit, item, delivery, N_("A program answered it."))
    return True


def bounced(unit: Unit, item: InboundItem, delivery: Delivery, report: DeliveryReport) -> None:
    """Put a report on the mail it speaks of."""
    words = report.detail or N_("The mail server could not deliver it.")
    if report.status == "bounced":
        _came_back(unit, item, delivery, words)
    else:
        _note(unit, item, delivery, words)


def _came_back(unit: Unit, item: InboundItem, delivery: Delivery, words: str) -> None:
    notice = _note(unit, item, delivery, words)
    if delivery.state == DeliveryState.CANCELLED:
        return
    delivery.state = DeliveryState.BOUNCED
    notices.forget_words(unit, delivery.id)
    if notice.kind in LIVES:
        end_tokens(unit, notice.kind, user_id=notice.user_id)


def _note(unit: Unit, item: InboundItem, delivery: Delivery, words: str) -> Notice:
    notice = unit.session.scalars(select(Notice).where(Notice.delivery_id == delivery.id)).one()
    notice.item_id, delivery.detail = item.id, words[:2000]
    item.reason = f"About the desk's own mail to {notice.address}."
    return notice
