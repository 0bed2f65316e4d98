"""What tickets ask for: noted when they come in, so that search and unmet demand find them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select

from deskcore.api import N_, SYSTEM, Actor, DomainEvent, MessageReceived, now
from deskcore.api.data import (
    insert_into,
    opening_of,
    reading,
    require,
    seen_by,
    settings_of,
    unit_of_work,
)
from deskcore.plugin import SearchTerm, Subscription
from plugins.stock_notes import products
from plugins.stock_notes.card import LONGEST_TEXT, SHOWN
from plugins.stock_notes.places import SEE, SLUG
from plugins.stock_notes.products import Heard
from plugins.stock_notes.settings import StockSettings
from plugins.stock_notes.tables import ASKS, CARDS, WAITS

MOST_KEYS = 2_000  # products that tickets of all times ask for, in one search
LISTED = 200
LOOKED_BACK = timedelta(days=90)


@dataclass(frozen=True, kw_only=True)
class Unmet:
    """A product that was asked for and not there: in how many tickets, and how many wait.

    ``is_sold`` is False for what nobody sells; ``total`` is how many are there by now.
    """

    product: str
    name: str
    asked: int
    waiting: int
    is_sold: bool
    is_watched: bool
    total: int


def subscriptions() -> list[Subscription]:
    """Say what the plugin is told of."""
    return [Subscription(name="stock_notes.asked", events=(MessageReceived,), handle=note_asked)]


def note_asked(event: DomainEvent) -> None:
    """Note which products a new ticket names; being told twice changes nothing."""
    if not isinstance(event, MessageReceived) or not event.first or event.ticket_id is None:
        return
    opening = opening_of(SYSTEM, event.ticket_id)
    if opening is None or opening.is_spam:
        return
    said = f"{opening.message.subject}\n{opening.message.text}"[:LONGEST_TEXT]
    found, _heard = products.named_in(said, SHOWN)
    levels, _heard = products.levels_of(product.key for product in found)
    with unit_of_work() as unit:
        for key, counted in levels.items():
            values = {
                "ticket_id": event.ticket_id,
                "product": key,
                "customer_id": event.customer_id,
                "was_missing": counted.known and not counted.total,
                "at": unit.now,
            }
            statement = insert_into(unit.session, ASKS).values(values)
            unit.session.execute(statement.on_conflict_do_nothing())


def about_stock(value: str) -> Select[int] | None:
    """Find tickets that ask for what is low, gone, or back by now; None for another word."""
    if value not in {"low", "none", "back"}:
        return None
    with reading() as session:
        asked = select(ASKS.c.product).distinct().order_by(ASKS.c.product).limit(MOST_KEYS)
        keys = list(session.scalars(asked))
    levels, _heard = products.levels_of(keys)
    low_from = settings_of(SLUG, StockSettings).low_from if value == "low" else 0
    found = [
        key
        for key, counted in levels.items()
        if counted.known and (counted.total > 0 if value == "back" else counted.total <= low_from)
    ]
    tickets = select(ASKS.c.ticket_id).where(ASKS.c.product.in_(found))
    return tickets.where(ASKS.c.was_missing) if value == "back" else tickets


TERMS = [
    SearchTerm(
        name="stock",
        label=N_("about goods that are low (low), gone (none) or back (back)"),
        example="stock:low",
        tickets=about_stock,
    )
]


def unmet(actor: Actor) -> tuple[list[Unmet], Heard]:
    """Return what was asked for and not there in the last 90 days, or is waited for; most wanted first."""
    require(actor, SEE)
    since = now() - LOOKED_BACK
    in_vain = select(ASKS.c.product, func.count()).where(
        ASKS.c.was_missing, ASKS.c.at >= since, ASKS.c.ticket_id.in_(seen_by(actor))
    )
    on_lists = select(WAITS.c.product, func.count()).where(WAITS.c.state.in_(("waiting", "failed")))
    with reading() as session:
        asked = {row[0]: row[1] for row in session.execute(in_vain.group_by(ASKS.c.product))}
        waiting = {row[0]: row[1] for row in session.execute(on_lists.group_by(WAITS.c.product))}
        watched = set(session.scalars(select(CARDS.c.product).where(CARDS.c.lane != "told")))
    ranked = sorted(
        asked.keys() | waiting.keys(),
        key=lambda key: (-waiting.get(key, 0), -asked.get(key, 0), key),
    )[:LISTED]
    known, _heard = products.by_key(ranked)
    names = products.names(ranked)
    levels, heard = products.levels_of(ranked)
    return [
        Unmet(
            product=key,
            name=names[key],
            asked=asked.get(key, 0),
            waiting=waiting.get(key, 0),
            is_sold=key in known,
            is_watched=key in watched,
            total=levels[key].total if key in levels else 0,
        )
        for key in ranked
    ], heard
