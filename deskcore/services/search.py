"""Keeps the search documents, in the transaction of whoever changes a ticket.

One document per message and one header per ticket. A ticket is found when every word of a query
stands in any of its documents, see ``search_query``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from deskcore.domain.kinds import Audience
from deskcore.models import (
    Attachment,
    Identity,
    Message,
    SearchDocument,
    Ticket,
    TicketFieldValue,
    TicketParticipant,
)
from deskcore.services import search_text
from deskcore.services.rows import put
from deskcore.services.unit import is_sqlite

MAX_QUOTED = 5_000  # what a forward carries is worth finding; a long quote was indexed before

_insert_sqlite = text("INSERT INTO search_index(rowid, body) VALUES (:id, :terms)")
_update_sqlite = text("UPDATE search_index SET body = :terms WHERE rowid = :id")
# The terms are letters and digits already: a cast keeps them, to_tsvector would cut them anew.
_write_postgresql = text(
    "UPDATE search_document SET terms = CAST(:terms AS tsvector) WHERE id = :id"
)


def index_message(session: Session, ticket: Ticket, message: Message) -> None:
    """Make *message* findable, or renew what is found of it; flushes the session."""
    session.flush()
    document = session.scalars(
        select(SearchDocument).where(SearchDocument.message_id == message.id)
    ).one_or_none()
    if document is None:
        index_new_message(session, ticket, message)
    else:
        document.audience = message.audience
        _update(session, document, _terms_of(message))


def index_new_message(session: Session, ticket: Ticket, message: Message) -> None:
    """Make a message findable that was just written and has its id; flushes the session."""
    _insert(session, _document_of(ticket, message), _terms_of(message))


def add(session: Session, ticket: Ticket, message: Message, names: Iterable[str]) -> None:
    """Make a new ticket with its first message findable; *names* are those of people and files."""
    rows = (
        _document_of(ticket, message),
        SearchDocument(ticket_id=ticket.id, audience=Audience.CUSTOMER, at=ticket.created_at),
    )
    header = (str(ticket.number), ticket.subject, ticket.customer_name, *names)
    of_message, of_ticket = (put(session, row) for row in rows)
    write_terms(
        session,
        {
            of_message.id: _terms_of(message),
            of_ticket.id: search_text.terms("\n".join(header)),
        },
    )


def index_ticket(session: Session, ticket: Ticket) -> None:
    """Make the ticket findable by subject, number, people and file names; flushes the session."""
    session.flush()
    people = session.execute(
        select(Identity.name, Identity.value)
        .join(TicketParticipant, TicketParticipant.identity_id == Identity.id)
        .where(TicketParticipant.ticket_id == ticket.id)
    )
    files = session.scalars(
        select(Attachment.filename)
        .join(Message, Message.id == Attachment.message_id)
        .where(Attachment.is_remote.is_(False))
        .where(Message.ticket_id == ticket.id, Message.audience == Audience.CUSTOMER)
    )
    parts = [str(ticket.number), ticket.subject, ticket.customer_name]
    parts.extend(f"{row.name} {row.value}" for row in people)
    parts.extend(files)
    parts.extend(map(str, _held_in_fields(session, ticket.id)))
    body = search_text.terms("\n".join(parts))
    document = session.scalars(
        select(SearchDocument).where(
            SearchDocument.ticket_id == ticket.id, SearchDocument.message_id.is_(None)
        )
    ).one_or_none()
    if document is None:
        document = SearchDocument(
            ticket_id=ticket.id, audience=Audience.CUSTOMER, at=ticket.created_at
        )
        _insert(session, document, body)
    else:
        _update(session, document, body)


def remove_message(session: Session, message_id: int) -> None:
    """Take a message out of the index, as when its reply was undone."""
    document = session.scalars(
        select(SearchDocument).where(SearchDocument.message_id == message_id)
    ).one_or_none()
    if document is not None:
        # The index row follows: by a trigger on SQLite, on PostgreSQL it is the same row.
        session.delete(document)
        session.flush()


def write_terms(session: Session, bodies: Mapping[int, str]) -> None:
    """Write the terms of many new documents, by their ids."""
    statement = _insert_sqlite if is_sqlite(session) else _write_postgresql
    rows = [{"id": id_, "terms": _stored(session, body)} for id_, body in bodies.items()]
    session.connection().execute(statement, rows)


def _held_in_fields(session: Session, ticket_id: int) -> list[object]:
    """Return what the further fields of a ticket hold; whole numbers without their decimals."""
    held = select(
        TicketFieldValue.text_value, TicketFieldValue.number_value, TicketFieldValue.date_value
    ).where(TicketFieldValue.ticket_id == ticket_id)
    values = (value for row in session.execute(held) for value in row if value is not None)
    return [int(v) if isinstance(v, float) and v.is_integer() else v for v in values]


def _document_of(ticket: Ticket, message: Message) -> SearchDocument:
    return SearchDocument(
        ticket_id=ticket.id,
        message_id=message.id,
        audience=message.audience,
        at=message.created_at,
    )


def _terms_of(message: Message) -> str:
    parts = (
        message.subject,
        message.author_name,
        message.author_address,
        message.visible,
        message.quoted[:MAX_QUOTED],
    )
    return search_text.terms("\n".join(parts))


def _insert(session: Session, document: SearchDocument, body: str) -> None:
    session.add(document)
    session.flush()
    statement = _insert_sqlite if is_sqlite(session) else _write_postgresql
    session.execute(statement, {"id": document.id, "terms": _stored(session, body)})


def _update(session: Session, document: SearchDocument, body: str) -> None:
    session.flush()
    statement = _update_sqlite if is_sqlite(session) else _write_postgresql
    session.execute(statement, {"id": document.id, "terms": _stored(session, body)})


def _stored(session: Session, body: str) -> str:
    if is_sqlite(session):
        return body
    # Once each: a tsvector without positions is smaller, and rank counts words, not places.
    return " ".join(dict.fromkeys(body.split()))
