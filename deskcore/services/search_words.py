"""Where words stand: the only module that speaks the two databases' full-text languages.

Terms are letters and digits, so no quoting can be left from inside one. A document's id grows with
time, so "newest" is the highest id.
"""

from __future__ import annotations

from collections.abc import Sequence
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

from deskcore.models import SearchDocument
from deskcore.services.search_text import Word
from deskcore.services.unit import is_sqlite

_fts = table("search_index", column("rowid"), column("body"), column("rank"))
_terms: ColumnClause[str] = literal_column("search_document.terms")


def count(session: Session, word: Word, limit: int) -> int:
    """Return in how many documents a word stands, counted up to *limit*."""
    few = _documents(session, word).limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def tickets_with(session: Session, word: Word) -> Select[*tuple[Any, ...]]:
    """Select the ids of the tickets that hold a word; for words that are not common."""
    return select(SearchDocument.ticket_id).where(SearchDocument.id.in_(_documents(session, word)))


def newest(session: Session, word: Word, *, below: int, limit: int) -> list[tuple[int, int]]:
    """Return (document, ticket) of the newest documents that hold a word, under an id."""
    identity = _identity(session)
    ids = _documents(session, word).where(identity < below).order_by(identity.desc()).limit(limit)
    rows = session.execute(
        select(SearchDocument.id, SearchDocument.ticket_id)
        .where(SearchDocument.id.in_(ids))
        .order_by(SearchDocument.id.desc())
    )
    return [(row.id, row.ticket_id) for row in rows]


def holding(session: Session, word: Word, ticket_ids: Sequence[int]) -> set[int]:
    """Return which of these tickets hold a word in any document."""
    theirs = SearchDocument.ticket_id.in_(ticket_ids)
    if not is_sqlite(session):
        found = select(SearchDocument.ticket_id).where(theirs, _postgresql_match(word))
        return set(session.scalars(found))
    # One walk over the word's documents between the first and the last of the tickets': looking
    # each one up alone costs a thousand times more.
    ticket_by_document = {
        row.id: row.ticket_id
        for row in session.execute(
            select(SearchDocument.id, SearchDocument.ticket_id).where(theirs)
        )
    }
    if not ticket_by_document:
        return set()
    within = _fts.c.rowid.between(min(ticket_by_document), max(ticket_by_document))
    matching = session.scalars(_documents(session, word).where(within))
    return {ticket_by_document[row] for row in matching if row in ticket_by_document}


def scores(session: Session, words: Sequence[Word]) -> Select[*tuple[Any, ...]]:
    """Select (ticket_id, score) of every document with any of the words; less is better."""
    score: ColumnElement[Any] = _fts.c.rank
    if is_sqlite(session):
        wanted = " OR ".join(f"({_sqlite_match(word)})" for word in words)
        return (
            select(SearchDocument.ticket_id, score.label("score"))
            .join(_fts, _fts.c.rowid == SearchDocument.id)
            .where(_fts.c.body.op("MATCH")(wanted))
        )
    asked = cast(" | ".join(f"({_postgresql_query(word)})" for word in words), TSQUERY)
    score = -func.ts_rank(_terms, asked)
    return select(SearchDocument.ticket_id, score.label("score")).where(_terms.op("@@")(asked))


def _documents(session: Session, word: Word) -> Select[*tuple[Any, ...]]:
    if is_sqlite(session):
        return select(_fts.c.rowid).where(_fts.c.body.op("MATCH")(_sqlite_match(word)))
    return select(SearchDocument.id).where(_postgresql_match(word))


def _identity(session: Session) -> ColumnElement[Any]:
    found: ColumnElement[Any] = _fts.c.rowid
    if not is_sqlite(session):
        found = literal_column("search_document.id")
    return found


def _sqlite_match(word: Word) -> str:
    return " OR ".join(f'"{term}"{" *" if word.is_prefix else ""}' for term in word.terms)


def _postgresql_query(word: Word) -> str:
    return " | ".join(f"'{term}'{':*' if word.is_prefix else ''}" for term in word.terms)


def _postgresql_match(word: Word) -> ColumnElement[bool]:
    # A cast keeps the terms as they are; to_tsquery would cut them by rules of its own.
    return _terms.op("@@", is_comparison=True)(cast(_postgresql_query(word), TSQUERY))
