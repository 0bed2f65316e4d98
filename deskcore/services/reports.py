"""News of what we sent: shown on the message it is about, never as a ticket of its own.

A report that fits no message of ours is filed as automatic mail, so that somebody sees it.
"""

from __future__ import annotations

from sqlalchemy import select

from deskcore.domain import events, remote_images
from deskcore.domain.kinds import Audience, Direction, InboundState
from deskcore.domain.messages import Address, DeliveryReport, InboundMessage
from deskcore.domain.people import canonical_email
from deskcore.models import (
    ChannelAccount,
    Delivery,
    DeliveryPart,
    Identity,
    InboundItem,
    Message,
    Ticket,
)
from deskcore.services import (
    changes,
    channels,
    counters,
    filing,
    notice_returns,
    search,
    threading,
    ticket_kinds,
    tickets,
)
from deskcore.services import delivery as states
from deskcore.services.unit import Unit

# News that nobody has to read: where a message stands says it.
_QUIET = {"delivered", "read"}


def apply(unit: Unit, account: ChannelAccount, item: InboundItem, report: DeliveryReport) -> None:
    """Put a report on the delivery it speaks of; the item becomes ``filed``."""
    keys = tuple(channels.own_key(account, key) for key in report.references)
    delivery = threading.find_delivery(unit.session, report.tokens, keys)
    if delivery is None and report.message is None and not channels.is_mail(account):
        changes.wait_with_report(unit, account, item, report)
        return
    if delivery is None:
        kept = filing.file_message(unit, account, item, _unmatched(item, report))
        kept.report = _facts(report)
        return
    if delivery.ticket_id is None:
        notice_returns.bounced(unit, item, delivery, report)
        return
    ticket = unit.session.get_one(Ticket, delivery.ticket_id)
    parts = _parts(unit, delivery, report)
    states.reported(delivery, report.status, report.detail, parts)
    item.state, item.ticket_id = InboundState.FILED, ticket.id
    is_quiet = report.status in _QUIET and report.message is None
    if not is_quiet:
        item.message_id = _keep(unit, ticket, report).id
    _tell(unit, ticket, delivery, report, parts, adds_message=not is_quiet)


def _parts(unit: Unit, delivery: Delivery, report: DeliveryReport) -> list[DeliveryPart]:
    rows = list(
        unit.session.scalars(select(DeliveryPart).where(DeliveryPart.delivery_id == delivery.id))
    )
    named = {canonical_email(recipient) for recipient in report.recipients}
    chosen = [row for row in rows if row.recipient in named]
    if chosen or len(rows) > 1:
        return chosen
    return rows  # one recipient: a forwarder's address does not change whom we wrote to


def _keep(unit: Unit, ticket: Ticket, report: DeliveryReport) -> Message:
    """Keep the report itself in the thread, for colleagues only."""
    said = report.message
    row = Message(
        ticket_id=ticket.id,
        direction=Direction.IN,
        audience=Audience.INTERNAL,
        author_name=said.sender.name if said else "",
        author_address=said.sender.value if said else "",
        subject=said.subject if said else "",
        visible=(said.visible or said.text) if said else report.detail,
        quoted=said.quoted if said else "",
        html=(said.html or None) if said else None,
        remote_images=remote_images.count(said.html) if said else 0,
        external_id=said.external_id if said else "",
        is_automatic=True,
        takes_no_answer=True,
        report=_facts(report),
        warnings=[],
        reply_to=[],
        to_addresses=[],
        cc_addresses=[],
        created_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    search.index_message(unit.session, ticket, row)
    return row


def _facts(report: DeliveryReport) -> dict[str, object]:
    return {
        "status": report.status,
        "recipients": list(report.recipients),
        "detail": report.detail[:2000],
    }


def _tell(
    unit: Unit,
    ticket: Ticket,
    delivery: Delivery,
    report: DeliveryReport,
    parts: list[DeliveryPart],
    *,
    adds_message: bool,
) -> None:
    recipients = [part.recipient for part in parts]
    with counters.changing(unit, ticket):
        ticket.message_count += adds_message
        is_lost = report.status == "bounced" and not delivery.is_automatic
        # The customer was not answered after all: somebody has to look again.
        if is_lost and (status := ticket_kinds.after_failure(unit, ticket)) is not None:
            tickets.set_status(unit, ticket, status, cause="failure")
    if report.status == "bounced":
        for identity in unit.session.scalars(
            select(Identity).where(Identity.kind == "email", Identity.value.in_(recipients))
        ):
            identity.is_bouncing = True
    unit.record(
        events.ReplyReported(
            ticket_id=ticket.id,
            mailbox_id=ticket.mailbox_id,
            message_id=delivery.message_id or 0,
            status=report.status,
            recipients=tuple(recipients),
            detail=report.detail[:500],
        )
    )


def _unmatched(item: InboundItem, report: DeliveryReport) -> filing.Judged:
    if report.message is not None:
        return filing.Judged(message=report.message)
    message = InboundMessage(
        external_id=item.external_id,
        sender=Address(value="mailer-daemon@unknown.invalid"),
        subject="Delivery report",
        text=report.detail,
        visible=report.detail,
        is_auto=True,
    )
    return filing.Judged(message=message)
