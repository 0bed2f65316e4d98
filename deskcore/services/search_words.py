"""Where words stand: the only module that speaks the two databases' full-text languages.

Terms are letters and digits, so no quoting can be left from inside one. A document's id grows with
time, so "newest" is the highest id.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnClause,
    ColumnElement,
    Integer,
    Select,
    String,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    select,
    table,
)
from sqlalchemy.orm import Session

from deskcore.models import SearchDocument
from deskcore.services.prepared import light
from deskcore.services.search_text import Word
from deskcore.services.unit import is_sqlite

_fts = table("search_index", column("rowid"), column("body"), column("rank"))
_terms: ColumnClause[str] = literal_column("search_document.terms")


def count(session: Session, word: Word, limit: int) -> int:
    """Return in how many documents a word stands, counted up to *limit*."""
    is_here = is_sqlite(session)
    asked = (_sqlite_match if is_here else _postgresql_query)(word)
    [row] = light(session, _count(is_sqlite=is_here), {"asked": asked, "limit": limit})
    return int(row[0])


@lru_cache(maxsize=2)
def _count(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    few = _matching(bindparam("asked", type_=String()), is_sqlite=is_sqlite)
    return select(func.count()).select_from(
        few.limit(bindparam("limit", type_=Integer())).subquery()
    )


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
        found = select(SearchDocument.ticket_id).where(
            theirs, _postgresql_match(_postgresql_query(word))
        )
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


def best(*, is_sqlite: bool) -> Select[*tuple[Any, ...]]:
    """Select (document_id, score) of the ``most`` best documents of what is ``asked``.

    Less is better. The engine sorts them itself: joining every document to its ticket first costs
    more than finding them.
    """
    asked: Any = bindparam("asked", type_=String())
    most: Any = bindparam("most", type_=Integer())
    if is_sqlite:
        found = select(_fts.c.rowid.label("document_id"), _fts.c.rank.label("score"))
        return found.where(_fts.c.body.op("MATCH")(asked)).order_by(_fts.c.rank).limit(most)
    score = -func.ts_rank(_terms, _tsquery(asked))
    found = select(SearchDocument.id.label("document_id"), score.label("score"))
    return found.where(_postgresql_match(asked)).order_by(score).limit(most)


def any_of(session: Session, words: Sequence[Word]) -> str:
    """Write the question for documents with any of the words."""
    if is_sqlite(session):
        return " OR ".join(f"({' OR '.join(_sqlite_terms(word, word.terms))})" for word in words)
    return " | ".join(f"({_postgresql_query(word)})" for word in words)


def _documents(session: Session, word: Word) -> Select[*tuple[Any, ...]]:
    if is_sqlite(session):
        return _matching(_sqlite_match(word), is_sqlite=True)
    return _matching(_postgresql_query(word), is_sqlite=False)


def _matching(asked: Any, *, is_sqlite: bool) -> Select[*tuple[Any, ...]]:  # noqa: ANN401  a text or a parameter
    if is_sqlite:
        return select(_fts.c.rowid).where(_fts.c.body.op("MATCH")(asked))
    return select(SearchDocument.id).where(_postgresql_match(asked))


def _identity(session: Session) -> ColumnElement[Any]:
    found: ColumnElement[Any] = _fts.c.rowid
    if not is_sqlite(session):
        found = literal_column("search_document.id")
    return found


def _sqlite_match(word: Word) -> str:
    # A document with the word itself has its stems as well, so they alone find the same ones.
    return " OR ".join(_sqlite_terms(word, word.terms[1:] or word.terms))


def _sqlite_terms(word: Word, terms: Sequence[str]) -> list[str]:
    return [f'"{term}"{" *" if word.is_prefix else ""}' for term in terms]


def _postgresql_query(word: Word) -> str:
    return " | ".join(f"'{term}'{':*' if word.is_prefix else ''}" for term in word.terms)


def _postgresql_match(asked: Any) -> ColumnElement[bool]:  # noqa: ANN401  a text or a parameter
    return _terms.op("@@", is_comparison=True)(_tsquery(asked))


def _tsquery(asked: Any) -> ColumnElement[Any]:  # noqa: ANN401  as above
    """Cast to what it is, which keeps the terms: to_tsquery would cut them by rules of its own."""
    from sqlalchemy.dialects.postgresql import TSQUERY  # noqa: PLC0415  large, and not for SQLite

    return cast(asked, TSQUERY)
