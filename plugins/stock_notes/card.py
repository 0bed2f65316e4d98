"""What stands beside a ticket: the products it speaks of, where they are in, and who knows what of them."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.api import Actor
from deskcore.api.data import can, heard_of, settings_of
from deskcore.plugin import Product
from plugins.stock_notes import notes, products, waits
from plugins.stock_notes.notes import Note
from plugins.stock_notes.places import KEEP, SLUG
from plugins.stock_notes.products import Heard, Levels
from plugins.stock_notes.settings import StockSettings
from plugins.stock_notes.waits import Wait

SHOWN = 5  # products beside one ticket
LONGEST_TEXT = 5_000  # of what a customer wrote


@dataclass(frozen=True, kw_only=True)
class Shown:
    """One product: what is there, what stands in for it, notes, and whether the customer waits.

    ``product`` is None for one that nobody sells (any more); ``name`` is there in any case.
    """

    key: str
    name: str
    product: Product | None
    levels: Levels
    is_low: bool
    notes: tuple[Note, ...]
    alike: tuple[tuple[Product, int], ...]
    wait: Wait | None


@dataclass(frozen=True, kw_only=True)
class TicketCard:
    """The card: ``typed`` is what was looked for; what nobody offers or failed is said."""

    number: int
    has_customer: bool
    typed: str
    shown: tuple[Shown, ...]
    sold: Heard
    stocked: Heard
    has_refused: bool
    may_keep: bool
    places: tuple[str, ...]

    @property
    def place_choices(self) -> list[tuple[str, str]]:
        """The places as a form offers them."""
        return [(place, place) for place in self.places]


def of_ticket(actor: Actor, number: int, *, typed: str = "") -> TicketCard:
    """Return the card of a ticket: what it names and its customer waits for, or what was typed.

    Raises NotFound. Every sort of thing is asked for once, for all products together.
    """
    heard = heard_of(actor, number)
    ticket = heard.ticket
    theirs, has_refused = (
        waits.standing(actor, ticket.customer_id) if ticket.customer_id else ([], False)
    )
    waiting = {wait.product: wait for wait in theirs if wait.state in waits.OPEN}
    if typed:
        found, sold = products.found_by(typed, SHOWN)
        keys = [product.key for product in found]
    else:
        said = "\n".join((ticket.subject, *heard.texts))[:LONGEST_TEXT]
        found, sold = products.named_in(said, SHOWN)
        keys = list(dict.fromkeys((*(product.key for product in found), *waiting)))[:SHOWN]
        missing = set(keys) - {product.key for product in found}
        found = [*found, *products.by_key(missing)[0].values()] if missing else found
    shown, stocked = _shown(keys, {product.key: product for product in found}, waiting)
    may_keep = can(actor, KEEP)
    return TicketCard(
        number=number,
        has_customer=ticket.customer_id is not None,
        typed=typed,
        shown=shown,
        sold=sold,
        stocked=stocked,
        has_refused=has_refused,
        may_keep=may_keep,
        places=tuple(products.places()) if may_keep and shown else (),
    )


def _shown(
    keys: list[str], known: dict[str, Product], waiting: dict[str, Wait]
) -> tuple[tuple[Shown, ...], Heard]:
    levels, stocked = products.levels_of(keys)
    noted = notes.notes_of(keys) if keys else {}
    missing = [key for key in keys if key in levels and not levels[key].total]
    instead = products.alike(missing)
    low_from = settings_of(SLUG, StockSettings).low_from if keys else 0
    names = {key: known[key].name if key in known else "" for key in keys}
    names |= products.names(key for key, name in names.items() if not name)
    shown = tuple(
        Shown(
            key=key,
            name=names[key],
            product=known.get(key),
            levels=levels.get(key, Levels()),
            is_low=key in levels and levels[key].known and levels[key].total <= low_from,
            notes=tuple(noted.get(key, ())),
            alike=tuple(instead.get(key, ())),
            wait=waiting.get(key),
        )
        for key in keys
    )
    return shown, stocked
