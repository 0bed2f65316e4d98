"""Everything that is held of one customer as one archive: JSON, and the files beside it.

What was said to the customer or by them goes in; notes among colleagues do not.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZipFile

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.filenames import safe_filename
from deskcore.domain.kinds import Audience
from deskcore.domain.people import Actor
from deskcore.models import Attachment, Company, Customer, Identity, Message, Status, Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.parts import CustomerRef, Exported, Owned, PrivacyHandler
from deskcore.services import access, files, privacy, ticket_fields
from deskcore.services.unit import reading, unit_of_work

Json = dict[str, object]


def export(actor: Actor, customer_id: int, to: BinaryIO) -> str:
    """Write the archive; returns the name to offer it under. Raises NotFound."""
    access.require(actor, privacy.RIGHT)
    with reading() as session:
        customer = privacy.ref(session, customer_id)
        ids = privacy.whole(session, customer_id)
        told: Json = {
            "made_at": clock.now().isoformat(),
            "customer": _customer(session, ids),
            "tickets": list(_tickets(session, ids)),
        }
        attachments = list(session.scalars(_attachments(ids)))
    with ZipFile(to, "w", ZIP_DEFLATED) as archive:
        for row in attachments:
            if files.path_of(row.digest).exists():
                archive.write(files.path_of(row.digest), _place(row))
        told["plugins"] = _of_plugins(customer, archive)
        archive.writestr("customer.json", json.dumps(told, indent=1, ensure_ascii=False))
    with unit_of_work(actor) as unit:
        unit.audit("customer.exported", f"#{customer_id}")
    return f"customer-{customer_id}.zip"


def _customer(session: Session, ids: list[int]) -> Json:
    row = session.get_one(Customer, ids[0])
    company = session.get(Company, row.company_id) if row.company_id else None
    addresses = session.scalars(select(Identity).where(Identity.customer_id.in_(ids)))
    return {
        "id": row.id,
        "name": row.name,
        "company": company.name if company else "",
        "notes": row.notes,
        "known_since": row.created_at.isoformat(),
        "addresses": [
            {"kind": one.kind, "value": one.value, "name": one.name} for one in addresses
        ],
    }


def _tickets(session: Session, ids: list[int]) -> Iterator[Json]:
    theirs = (
        select(Ticket, Status.key)
        .join(Status, Status.id == Ticket.status_id)
        .where(Ticket.customer_id.in_(ids))
        .order_by(Ticket.id)
    )
    for ticket, status in session.execute(theirs):
        said = (
            select(Message)
            .where(
                Message.ticket_id == ticket.id,
                Message.audience == Audience.CUSTOMER,
                Message.undone_at.is_(None),
            )
            .order_by(Message.id)
        )
        yield {
            "number": ticket.number,
            "subject": ticket.subject,
            "status": status,
            "opened_at": ticket.created_at.isoformat(),
            "fields": {
                name: ticket_fields.plain(value)
                for name, value in ticket_fields.values_of(session, ticket.id).items()
            },
            "messages": [_message(session, row) for row in session.scalars(said)],
        }


def _message(session: Session, row: Message) -> Json:
    attached = session.scalars(select(Attachment).where(Attachment.message_id == row.id))
    return {
        "at": row.created_at.isoformat(),
        "direction": row.direction,
        "from": row.author_address or row.author_name,
        "to": row.to_addresses,
        "cc": row.cc_addresses,
        "subject": row.subject,
        "text": row.visible,
        "quoted": row.quoted,
        "files": [_place(one) for one in attached],
    }


def _attachments(ids: list[int]) -> Select[Attachment]:
    return (
        select(Attachment)
        .join(Message, Message.id == Attachment.message_id)
        .join(Ticket, Ticket.id == Message.ticket_id)
        .where(Ticket.customer_id.in_(ids), Message.audience == Audience.CUSTOMER)
    )


def _place(row: Attachment) -> str:
    return f"files/{row.id}-{row.filename}"


def _of_plugins(customer: CustomerRef, archive: ZipFile) -> Json:
    """Ask every plugin; one that fails is named, for whoever has to answer for the export."""
    told: Json = {}
    for owned in plugins().registry.privacy_handlers.all():
        name = owned.item.name
        try:
            given = _ask(owned, customer)
        except PluginFailed:
            told[name] = {"error": f"The plugin {owned.slug} failed to tell."}
            continue
        if given is None:
            continue
        told[name] = given.data
        for filename, content in given.files.items():
            archive.writestr(f"plugins/{name}/{safe_filename(filename)}", content)
    return told


def _ask(owned: Owned[PrivacyHandler], customer: CustomerRef) -> Exported | None:
    place = f"export {owned.item.name}"
    return plugins().guard.call(owned.slug, place, lambda: _checked(owned.item.export(customer)))


def _checked(given: object) -> Exported | None:
    """Take what can be written, while it is still the plugin's to answer for."""
    if given is None:
        return None
    if not isinstance(given, Exported):
        raise TypeError(f"gave a {type(given).__name__} instead of an Exported")
    json.dumps(given.data)
    return given
