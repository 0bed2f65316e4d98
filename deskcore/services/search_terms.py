"""Operators of a search that plugins bring, as ``stock:low``: asked behind the guard."""

from __future__ import annotations

from functools import partial

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.orm import Session

from deskcore.domain.query import Query
from deskcore.models import Ticket
from deskcore.plugin.active import plugins
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Resting
from deskcore.plugin.ticket_parts import SearchTerm


def known() -> list[SearchTerm]:
    """Return the operators of all plugins, by their names."""
    terms = (owned.item for owned in plugins().registry.search_terms.all())
    return sorted(terms, key=lambda term: term.name)


def names() -> frozenset[str]:
    """Return what may stand before a colon, beside the desk's own."""
    return frozenset(term.name for term in known())


def conditions(session: Session, query: Query) -> tuple[list[ColumnElement[bool]], tuple[str, ...]]:
    """Return what plugins' operators demand of a ticket, and those that nothing can be found by.

    Nothing meets one that its plugin fails at or does not understand: all tickets would be a lie.
    """
    found: list[ColumnElement[bool]] = []
    unknown: list[str] = []
    for name, value in query.further:
        condition = _asked(session, name, value)
        if condition is None:
            unknown.append(f"{name}:{value}")
        found.append(false() if condition is None else condition)
    return found, tuple(unknown)


def _asked(session: Session, name: str, value: str) -> ColumnElement[bool] | None:
    owned = plugins().registry.search_terms.get(name)
    if owned is None:
        return None
    work = partial(_tried, session, owned.item, value)
    try:
        return plugins().guard.call(owned.slug, "desk_search_terms", work, patience="pause")
    except (PluginFailed, Resting):
        return None


def _tried(session: Session, term: SearchTerm, value: str) -> ColumnElement[bool] | None:
    """Try a select alone: one that the database refuses must not cost the search."""
    found = term.tickets(value)
    if found is None:
        return None
    condition = Ticket.id.in_(found)
    with session.begin_nested():  # what PostgreSQL refuses spoils the transaction around it
        session.execute(select(Ticket.id).where(condition).limit(1)).first()
    return condition
