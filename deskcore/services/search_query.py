"""Finds tickets: every word somewhere in the ticket, only what the reader may see.

Words may stand in different messages. Rare words are ranked; as soon as one is common the newest
are given, because ranking them all costs more than a page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import ColumnElement, Select, bindparam, func, select
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.domain.query import Query, parse
from deskcore.domain.views import PersonLine, SearchPage, TicketRow
from deskcore.models import Company, Customer, Identity, SearchDocument, Ticket
from deskcore.services import (
    access,
    lists,
    search_conditions,
    search_terms,
    search_text,
    search_words,
)
from deskcore.services.prepared import light
from deskcore.services.search_text import Word
from deskcore.services.unit import is_sqlite, reading

COMMON = 3_000  # documents; ranking more than this takes longer than the rest of the page
FEW = 4 * lists.PAGE  # documents; a ticket has several
PEOPLE = 5
# Documents of the leading word looked at in each round; a round that finds too little is followed
# by a larger one, so a search ends after a few rounds whatever the desk holds.
ROUNDS = (400, 1_600, 6_400, 25_600, 102_400)
NEWEST = (1 << 62) - 1

Conditions = list[ColumnElement[bool]]

_CUSTOMERS = (
    select(Customer.id, Customer.name, Identity.value, Company.name.label("company"))
    .outerjoin(Identity, Identity.customer_id == Customer.id)
    .outerjoin(Company, Company.id == Customer.company_id)
    .where(
        Customer.id.in_(
            select(Ticket.customer_id).where(Ticket.id.in_(bindparam("ticket_ids", expanding=True)))
        )
    )
    .order_by(Customer.name, Customer.id, Identity.id)
)


def find(actor: Actor, typed: str, *, after: str = "") -> SearchPage:
    """Return what *typed* finds; *after* continues a list that is not ranked.

    Nothing typed is an error. When no ticket holds all words, they are taken as beginnings.
    """
    query = parse(typed, further=search_terms.names())
    with reading() as session:
        access.require(actor, "ticket.read", session)
        if query.is_empty:
            return SearchPage(query=query.text)
        jump = _numbered(session, actor, query)
        words = search_text.words(query.words)
        if not words and query.is_only_words:
            return SearchPage(query=query.text, jump_to=jump)
        further, unknown = search_terms.conditions(session, query)
        page = _tickets(session, actor, query, words, after, further)
        if not page.rows and words and not after:
            loose = _tickets(session, actor, query, search_text.beginnings(words), "", further)
            page = replace(loose, is_loose=bool(loose.rows))
        people = _people(session, query, page.rows) if not after else ()
        return replace(page, people=people, jump_to=jump, unknown=unknown)


def _numbered(session: Session, actor: Actor, query: Query) -> int:
    if query.number is None:
        return 0
    statement = select(Ticket.number).where(
        Ticket.number == query.number, access.visible_tickets(actor)
    )
    return session.scalars(statement).one_or_none() or 0


def _tickets(
    session: Session,
    actor: Actor,
    query: Query,
    words: Sequence[Word],
    after: str,
    further: Conditions,
) -> SearchPage:
    asked = [*search_conditions.of(actor, query), *further]
    conditions = [*asked, access.visible_tickets(actor)]
    below = int(after) if after.isdecimal() and len(after) < 19 else NEWEST  # noqa: PLR2004  what a bigint holds
    if not words:
        return _narrowed(session, actor, query, conditions, below)
    counts = {word.text: search_words.count(session, word, COMMON + 1) for word in words}
    by_count = sorted(words, key=lambda word: counts[word.text])
    if not after and counts[by_count[-1].text] <= COMMON:
        narrowed = None if query.is_only_words else asked
        ids = _best(session, actor, words, narrowed, sum(counts.values()))
        rows = lists.rows_of(session, actor, ids)
        return SearchPage(query=query.text, rows=tuple(rows), is_ranked=True)
    found, more = _newest(session, by_count, conditions, below)
    rows = lists.rows_of(session, actor, found)
    return SearchPage(query=query.text, rows=tuple(rows), after=more)


def _narrowed(
    session: Session, actor: Actor, query: Query, conditions: Conditions, below: int
) -> SearchPage:
    """Return the newest tickets that operators alone describe."""
    found = lists.newest_where(session, actor, *conditions, Ticket.id < below, limit=lists.PAGE + 1)
    rows = found[: lists.PAGE]
    more = str(rows[-1].id) if len(found) > len(rows) else ""
    return SearchPage(query=query.text, rows=tuple(rows), after=more)


def _best(
    session: Session, actor: Actor, words: Sequence[Word], narrowed: Conditions | None, total: int
) -> list[int]:
    """Return the tickets that hold all words: by their best document, then the newest.

    A few of the best documents make a page nearly always; *total* is how many there are. What is
    scored holds one of the words; that it holds them all must be asked for several only.
    """
    kind = {"is_sqlite": is_sqlite(session), "everything": access.sees_everything(actor)}
    asked = {**access.reach(actor), "asked": search_words.any_of(session, words)}
    several = words if len(words) > 1 else ()
    held = [Ticket.id.in_(search_words.tickets_with(session, word)) for word in several]
    ids: list[int] = []
    for most in (FEW, total):
        if held or narrowed is not None:
            statement = _ranked(**kind).where(*held, *(narrowed or [lists.LISTED]))
            ids = list(session.scalars(statement, {**asked, "most": most}))
        else:
            found = light(session, _ranked_listed(**kind), {**asked, "most": most})
            ids = [row.id for row in found]
        if len(ids) == lists.PAGE or most >= total:
            break
    return ids


@lru_cache(maxsize=4)
def _ranked(*, is_sqlite: bool, everything: bool) -> Select[int]:
    scored = search_words.best(is_sqlite=is_sqlite).subquery()
    return (
        select(Ticket.id)
        .select_from(scored)
        .join(SearchDocument, SearchDocument.id == scored.c.document_id)
        .join(Ticket, Ticket.id == SearchDocument.ticket_id)
        .where(access.tickets_in_reach(everything=everything))
        .group_by(Ticket.id)
        .order_by(func.min(scored.c.score), Ticket.id.desc())
        .limit(lists.PAGE)
    )


@lru_cache(maxsize=4)
def _ranked_listed(*, is_sqlite: bool, everything: bool) -> Select[int]:
    return _ranked(is_sqlite=is_sqlite, everything=everything).where(lists.LISTED)


def _newest(
    session: Session, words: Sequence[Word], conditions: Conditions, below: int
) -> tuple[list[int], str]:
    """Return a page of tickets by their newest document with the first word, and how to go on.

    *words* stand rarest first: the first leads, the others are looked for in its tickets.
    """
    found: dict[int, int] = {}
    for size in ROUNDS:
        documents = search_words.newest(session, words[0], below=below, limit=size)
        first_seen: dict[int, int] = {}
        for document_id, ticket_id in documents:
            first_seen.setdefault(ticket_id, document_id)
        kept = _kept(session, words[1:], conditions, [i for i in first_seen if i not in found])
        found |= {ticket_id: at for ticket_id, at in first_seen.items() if ticket_id in kept}
        if len(found) > lists.PAGE or len(documents) < size:
            break
        below = documents[-1][0]
    page = list(found.items())[: lists.PAGE]
    return [ticket_id for ticket_id, _ in page], str(page[-1][1]) if len(found) > len(page) else ""


def _kept(
    session: Session, words: Sequence[Word], conditions: Conditions, ticket_ids: list[int]
) -> set[int]:
    """Return which tickets meet the conditions and hold all words."""
    left: set[int] = set()
    for start in range(0, len(ticket_ids), 10_000):  # SQLite takes 32,766 values in a statement
        part = Ticket.id.in_(ticket_ids[start : start + 10_000])
        allowed = list(session.scalars(select(Ticket.id).where(part, *conditions)))
        for word in words:
            if allowed:
                allowed = list(search_words.holding(session, word, allowed))
        left.update(allowed)
    return left


def _people(session: Session, query: Query, rows: Sequence[TicketRow]) -> tuple[PersonLine, ...]:
    """Return the customers of what was found whose name or address holds the words themselves."""
    wanted = [search_text.fold(word) for word in (*query.words.split(), *query.sender)]
    if not wanted or not rows:
        return ()
    ticket_ids = [row.id for row in rows]
    found: dict[int, PersonLine] = {}
    for row in light(session, _CUSTOMERS, {"ticket_ids": ticket_ids}):
        called = search_text.fold(f"{row.name} {row.value or ''}")
        if all(word in called for word in wanted):
            line = PersonLine(
                id=row.id, name=row.name, address=row.value or "", company_name=row.company or ""
            )
            found.setdefault(row.id, line)
    return tuple(found.values())[:PEOPLE]
