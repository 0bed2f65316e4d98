"""Finds tickets: every word somewhere in the ticket, only what the reader may see.

Words are looked up as sets of tickets and intersected, so they may stand in different messages.
Rare words are ranked; as soon as one is common the newest are given, because ranking them all
costs more than a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Select,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.domain.query import Query, parse
from deskcore.domain.views import PersonLine, SearchPage, TicketRow
from deskcore.models import Company, Customer, Identity, SearchDocument, Ticket
from deskcore.services import access, lists, search_conditions, search_text
from deskcore.services.search_text import Word
from deskcore.services.unit import is_sqlite, reading

COMMON = 3_000  # documents; ranking more than this takes longer than the rest of the page
PEOPLE = 5

_fts = table("search_index", column("rowid"), column("body"), column("rank"))
_terms: ColumnClause[str] = literal_column("search_document.terms")


def find(actor: Actor, typed: str, *, after: str = "") -> SearchPage:
    """Return what *typed* finds; *after* continues a list that is not ranked.

    Nothing typed is an error. When no ticket holds all words, they are taken as beginnings.
    """
    query = parse(typed)
    with reading() as session:
        access.require(actor, "ticket.read", session)
        if query.is_empty:
            return SearchPage(query=query.text)
        jump = _numbered(session, actor, query)
        words = search_text.words(query.words)
        if not words and query.is_only_words:
            return SearchPage(query=query.text, jump_to=jump)
        page = _tickets(session, actor, query, words, after)
        if not page.rows and words and not after:
            loose = _tickets(session, actor, query, search_text.beginnings(words), "")
            page = replace(loose, is_loose=bool(loose.rows))
        people = _people(session, query, page.rows) if not after else ()
        return replace(page, people=people, jump_to=jump)


def _numbered(session: Session, actor: Actor, query: Query) -> int:
    if query.number is None:
        return 0
    statement = select(Ticket.number).where(
        Ticket.number == query.number, access.visible_tickets(actor)
    )
    return session.scalars(statement).one_or_none() or 0


def _tickets(
    session: Session, actor: Actor, query: Query, words: Sequence[Word], after: str
) -> SearchPage:
    conditions = search_conditions.of(actor, query)
    common = [word for word in words if _is_common(session, word)]
    rare = [word for word in words if word not in common]
    conditions += [Ticket.id.in_(_ticket_ids(session, word)) for word in rare]
    if rare and not common and not after:
        ids = _best(session, actor, words, conditions)
        rows = lists.rows_of(session, actor, ids)
        return SearchPage(query=query.text, rows=tuple(rows), is_ranked=True)
    # One look into each ticket, newest first, ends early: a common word is in most of them.
    conditions += [_holds(session, word) for word in common]
    if after.isdecimal() and len(after) < 19:  # noqa: PLR2004  what a bigint holds
        conditions.append(Ticket.id < int(after))
    found = lists.newest_where(session, actor, *conditions, limit=lists.PAGE + 1)
    rows = found[: lists.PAGE]
    more = str(rows[-1].id) if len(found) > len(rows) else ""
    return SearchPage(query=query.text, rows=tuple(rows), after=more)


def _is_common(session: Session, word: Word) -> bool:
    matching = _documents(session, word).limit(COMMON + 1)
    count = session.scalar(select(func.count()).select_from(matching.subquery()))
    return (count or 0) > COMMON


def _documents(session: Session, word: Word) -> Select[*tuple[Any, ...]]:
    """Select the index rows that hold a word; the first column joins to the document's id."""
    if is_sqlite(session):
        return select(_fts.c.rowid).where(_fts.c.body.op("MATCH")(_sqlite_match(word)))
    return select(SearchDocument.id).where(_postgresql_match(word))


def _ticket_ids(session: Session, word: Word) -> Select[*tuple[Any, ...]]:
    return select(SearchDocument.ticket_id).where(SearchDocument.id.in_(_documents(session, word)))


def _holds(session: Session, word: Word) -> ColumnElement[bool]:
    """Whether the ticket of the row at hand holds a word in any document."""
    own = select(SearchDocument.id).where(SearchDocument.ticket_id == Ticket.id)
    if is_sqlite(session):
        own = own.join(_fts, _fts.c.rowid == SearchDocument.id).where(
            _fts.c.body.op("MATCH")(_sqlite_match(word))
        )
    else:
        own = own.where(_postgresql_match(word))
    return own.exists()


def _best(
    session: Session, actor: Actor, words: Sequence[Word], conditions: list[ColumnElement[bool]]
) -> list[int]:
    """Return the ids of the tickets that hold the words best: by their best document, then new."""
    score: ColumnElement[Any] = _fts.c.rank
    if is_sqlite(session):
        wanted = " OR ".join(f"({_sqlite_match(word)})" for word in words)
        documents = (
            select(SearchDocument.ticket_id, score.label("score"))
            .join(_fts, _fts.c.rowid == SearchDocument.id)
            .where(_fts.c.body.op("MATCH")(wanted))
        )
    else:
        asked = cast(" | ".join(f"({_postgresql_query(word)})" for word in words), TSQUERY)
        score = -func.ts_rank(_terms, asked)
        documents = select(SearchDocument.ticket_id, score.label("score")).where(
            _terms.op("@@")(asked)
        )
    ranked = documents.subquery()
    statement = (
        select(Ticket.id)
        .join(ranked, ranked.c.ticket_id == Ticket.id)
        .where(*conditions, access.visible_tickets(actor))
        .group_by(Ticket.id)
        .order_by(func.min(ranked.c.score), Ticket.id.desc())
        .limit(lists.PAGE)
    )
    return list(session.scalars(statement))


def _sqlite_match(word: Word) -> str:
    # Terms are letters and digits only, so the quotes cannot be left.
    return " OR ".join(f'"{term}"{" *" if word.is_prefix else ""}' for term in word.terms)


def _postgresql_query(word: Word) -> str:
    return " | ".join(f"'{term}'{':*' if word.is_prefix else ''}" for term in word.terms)


def _postgresql_match(word: Word) -> ColumnElement[bool]:
    # A cast keeps the terms as they are; to_tsquery would cut them by rules of its own.
    return _terms.op("@@", is_comparison=True)(cast(_postgresql_query(word), TSQUERY))


def _people(session: Session, query: Query, rows: Sequence[TicketRow]) -> tuple[PersonLine, ...]:
    """Return the customers of what was found whose name or address holds the words themselves."""
    wanted = [search_text.fold(word) for word in (*query.words.split(), *query.sender)]
    if not wanted or not rows:
        return ()
    statement = (
        select(Customer.id, Customer.name, Identity.value, Company.name.label("company"))
        .outerjoin(Identity, Identity.customer_id == Customer.id)
        .outerjoin(Company, Company.id == Customer.company_id)
        .where(
            Customer.id.in_(
                select(Ticket.customer_id).where(Ticket.id.in_([row.id for row in rows]))
            )
        )
        .order_by(Customer.name, Customer.id, Identity.id)
    )
    found: dict[int, PersonLine] = {}
    for row in session.execute(statement):
        called = search_text.fold(f"{row.name} {row.value or ''}")
        if all(word in called for word in wanted):
            line = PersonLine(
                id=row.id, name=row.name, address=row.value or "", company_name=row.company or ""
            )
            found.setdefault(row.id, line)
    return tuple(found.values())[:PEOPLE]
