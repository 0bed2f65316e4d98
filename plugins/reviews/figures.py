"""Figures of reviews: each leads to the list it was counted from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from deskcore.api import Actor, _
from deskcore.api.data import reading
from plugins.reviews.inbox import OPEN, visible
from plugins.reviews.kinds import WAITING
from plugins.reviews.tables import REVIEWS

_TWO_DAYS = 48  # hours; beyond them nobody counts in hours


@dataclass(frozen=True, kw_only=True)
class Figures:
    """How many there are; ``median_s`` is None while nothing was answered."""

    open: int
    waiting: int
    answered: int
    median_s: int | None

    @property
    def median_words(self) -> str:
        """Say the median in words, in the reader's language."""
        if self.median_s is None:
            return "–"
        hours = self.median_s / 3600
        if hours < 1:
            return _("%(count)s min", count=round(self.median_s / 60))
        if hours < _TWO_DAYS:
            return _("%(count)s h", count=round(hours, 1))
        return _("%(count)s days", count=round(hours / 24, 1))


def figures(actor: Actor) -> Figures:
    """Count the reviews that somebody may see."""
    seen = visible(actor)
    state, answered = REVIEWS.c.state, REVIEWS.c.answered_at.is_not(None)
    with reading() as session:
        count = session.execute(
            select(
                func.count().filter(state.in_(OPEN)),
                func.count().filter(state.in_(WAITING)),
                func.count().filter(answered),
            ).where(seen)
        ).one()
        middle = list(
            session.scalars(
                select(REVIEWS.c.took_s)
                .where(seen, answered)
                .order_by(REVIEWS.c.took_s)
                .offset(max(0, (count[2] - 1) // 2))
                .limit(2 - count[2] % 2)
            )
        )
    median = round(sum(middle) / len(middle)) if middle else None
    return Figures(open=count[0], waiting=count[1], answered=count[2], median_s=median)
