"""What the desk looks up in reviews: placeholders of texts, tickets by their stars, stars of rows."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from sqlalchemy import Select, select

from deskcore.api import N_, TicketId, UserRef
from deskcore.api.data import can, reading
from deskcore.api.web import current_actor
from deskcore.plugin import Column, Placeholder, SearchTerm, TicketRef
from plugins.reviews.review import drawn, stars_text
from plugins.reviews.rights import READ, SLUG
from plugins.reviews.tables import REVIEWS


def placeholders() -> list[Placeholder]:
    """Say who wrote, about what, and how many stars they gave."""
    return [
        Placeholder(
            name=f"{SLUG}.author",
            label=N_("Who wrote the review"),
            sample="Olga",
            value=_of(lambda row: str(row.author)),
        ),
        Placeholder(
            name=f"{SLUG}.product",
            label=N_("What the review is about"),
            sample="Assam",
            value=_of(lambda row: str(row.product)),
        ),
        Placeholder(
            name=f"{SLUG}.stars",
            label=N_("Stars of the review"),
            sample="4",
            value=_of(lambda row: stars_text(row.tenths)),
        ),
    ]


def terms() -> list[SearchTerm]:
    """Find reviews by their stars."""
    label = N_("reviews of so many stars")
    return [SearchTerm(name="stars", label=label, example="stars:2", tickets=_with_stars)]


def columns(tickets: Collection[TicketId]) -> list[Column]:
    """Say the stars of reviews in their rows, to whoever may read reviews; in one question."""
    if not can(current_actor(), READ):
        return []
    found = select(REVIEWS.c.ticket_id, REVIEWS.c.tenths).where(
        REVIEWS.c.ticket_id.in_(tickets), REVIEWS.c.tenths.is_not(None)
    )
    with reading() as session:
        rows = session.execute(found).all()
    # The number comes first: it is what is heard where stars are not seen, and what no narrow row cuts.
    said = {
        TicketId(row.ticket_id): f"{stars_text(row.tenths)} {drawn(row.tenths)}" for row in rows
    }
    return [Column(label=N_("Stars, of five"), values=said)]


def _with_stars(value: str) -> Select[int] | None:
    if value not in {"1", "2", "3", "4", "5"}:
        return None
    most = int(value) * 10
    return select(REVIEWS.c.ticket_id).where(REVIEWS.c.tenths.between(most - 9, most))


def _of(part: Callable[[Any], str]) -> Callable[[TicketRef, UserRef], str]:
    def value(ticket: TicketRef, _user: UserRef) -> str:
        found = select(REVIEWS.c.author, REVIEWS.c.product, REVIEWS.c.tenths)
        with reading() as session:
            row = session.execute(found.where(REVIEWS.c.ticket_id == ticket.id)).first()
        return part(row) if row is not None else ""

    return value
