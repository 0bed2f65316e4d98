"""What came of offers: counted anew each time from the chances, and the chances behind each figure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, false, func, select, true

from deskcore.api import Actor, now
from deskcore.api.data import reading, require
from plugins.cross_sell.chances import REASONS
from plugins.cross_sell.places import MANAGE
from plugins.cross_sell.statistics import Comparison, Share, compare
from plugins.cross_sell.tables import CHANCES, HANDED_IN, OFFERS

PERIODS = (30, 90, 365, 0)  # days; 0 is ever since
LISTED = 100
_C = CHANCES.c
_IS_SHOWN = and_(_C.shown_at.is_not(None), _C.is_control.is_(false()))
# Every figure by its name: which chances it counts. The period is that of the first moment.
FIGURES: Mapping[str, ColumnElement[bool]] = {
    "shown": _IS_SHOWN,
    "inserted": and_(_IS_SHOWN, _C.inserted_at.is_not(None)),
    "sent": and_(_IS_SHOWN, _C.sent_at.is_not(None)),
    "clicked": and_(_IS_SHOWN, _C.clicked_at.is_not(None)),
    "taken": and_(_IS_SHOWN, _C.taken_at.is_not(None)),
    "dismissed": and_(_IS_SHOWN, _C.dismissed_at.is_not(None)),
    **{f"dismissed_{reason}": and_(_IS_SHOWN, _C.dismissed_for == reason) for reason in REASONS},
    "control": and_(_C.shown_at.is_not(None), _C.is_control.is_(true())),
    "control_taken": and_(
        _C.shown_at.is_not(None), _C.is_control.is_(true()), _C.taken_at.is_not(None)
    ),
    "unasked": and_(_C.shown_at.is_(None), _C.taken_at.is_not(None)),
}


@dataclass(frozen=True, kw_only=True)
class Figures:
    """The figures of one offer, or with ``offer_id`` 0 of all together."""

    offer_id: int
    name: str
    counts: Mapping[str, int]
    handed_in: int
    comparison: Comparison


def figures(actor: Actor, *, days: int) -> list[Figures]:
    """Return the figures of all together, then of each offer by name."""
    require(actor, MANAGE.name)
    since = _since(days)
    with reading() as session:
        names = session.execute(select(OFFERS.c.id, OFFERS.c.name).order_by(OFFERS.c.name)).all()
        counted = select(_C.offer_id, *(_count(name) for name in FIGURES)).where(_within(since))
        rows = {row.offer_id: row for row in session.execute(counted.group_by(_C.offer_id))}
        amounts = select(HANDED_IN.c.offer_id, func.sum(HANDED_IN.c.amount).label("amount")).where(
            HANDED_IN.c.at >= since if since else true()
        )
        handed = {
            row.offer_id: int(row.amount)
            for row in session.execute(amounts.group_by(HANDED_IN.c.offer_id))
        }
        groups = {row.offer_id: row for row in session.execute(_groups(since, by_offer=True))}
        everybody = session.execute(_groups(since, by_offer=False)).one()
    each = [
        Figures(
            offer_id=offer.id,
            name=offer.name,
            counts=_counts(rows.get(offer.id)),
            handed_in=handed.get(offer.id, 0),
            comparison=_comparison(groups.get(offer.id)),
        )
        for offer in names
    ]
    total = Figures(
        offer_id=0,
        name="",
        counts={name: sum(one.counts[name] for one in each) for name in FIGURES},
        handed_in=sum(one.handed_in for one in each),
        comparison=_comparison(everybody),
    )
    return [total, *each]


def behind(
    actor: Actor, figure: str, *, days: int, offer_id: int = 0, after: int = 0
) -> list[Row[tuple[object, ...]]]:
    """Return the chances that a figure counts, the newest first; one more than fits a page."""
    require(actor, MANAGE.name)
    statement = (
        select(CHANCES, OFFERS.c.name)
        .join(OFFERS, OFFERS.c.id == _C.offer_id)
        .where(FIGURES[figure], _within(_since(days)))
        .where(_C.offer_id == offer_id if offer_id else true(), _C.id < after if after else true())
        .order_by(_C.id.desc())
        .limit(LISTED + 1)
    )
    with reading() as session:
        return list(session.execute(statement).all())


def handed_in(actor: Actor, *, days: int, offer_id: int = 0) -> list[Row[tuple[object, ...]]]:
    """Return the codes that were handed in without a name, the newest first."""
    require(actor, MANAGE.name)
    since = _since(days)
    statement = (
        select(HANDED_IN, OFFERS.c.name)
        .join(OFFERS, OFFERS.c.id == HANDED_IN.c.offer_id)
        .where(HANDED_IN.c.at >= since if since else true())
        .where(HANDED_IN.c.offer_id == offer_id if offer_id else true())
        .order_by(HANDED_IN.c.id.desc())
        .limit(LISTED)
    )
    with reading() as session:
        return list(session.execute(statement).all())


def _since(days: int) -> datetime | None:
    return now() - timedelta(days=days) if days else None


def _within(since: datetime | None) -> ColumnElement[bool]:
    return func.coalesce(_C.shown_at, _C.taken_at) >= since if since else true()


def _count(name: str) -> ColumnElement[int]:
    return func.sum(case((FIGURES[name], 1), else_=0)).label(name)


def _counts(row: Row[tuple[object, ...]] | None) -> dict[str, int]:
    return {name: int(getattr(row, name)) if row is not None else 0 for name in FIGURES}


def _groups(since: datetime | None, *, by_offer: bool) -> Select[*tuple[Any, ...]]:
    """Count customers of each group, and those who took something.

    Who was in both, since the share was changed meanwhile, is left out: they tell nothing.
    """
    of_offer = [_C.offer_id] if by_offer else []
    in_control = case((_C.is_control.is_(true()), 1), else_=0)
    took = case((_C.taken_at.is_not(None), 1), else_=0)
    one = (
        select(
            *of_offer,
            func.max(in_control).label("is_control"),
            func.max(took).label("took"),
        )
        .where(_C.shown_at.is_not(None), _within(since))
        .group_by(*of_offer, _C.customer_id)
        .having(func.max(in_control) == func.min(in_control))
        .subquery()
    )
    shown = one.c.is_control == 0
    sums = {
        "shown": shown,
        "shown_took": and_(shown, one.c.took == 1),
        "control": ~shown,
        "control_took": and_(~shown, one.c.took == 1),
    }
    counts = [
        func.coalesce(func.sum(case((each, 1), else_=0)), 0).label(name)
        for name, each in sums.items()
    ]
    if not by_offer:
        return select(*counts)
    return select(one.c.offer_id, *counts).group_by(one.c.offer_id)


def _comparison(row: Row[tuple[object, ...]] | None) -> Comparison:
    if row is None:
        return compare(Share(some=0, all=0), Share(some=0, all=0))
    return compare(
        Share(some=row.shown_took, all=row.shown), Share(some=row.control_took, all=row.control)
    )
