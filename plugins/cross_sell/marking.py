"""What whoever answers does with an offer: put it in, put it away, note that it was taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from deskcore.api import Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import add_to_draft, fold, read_customer, read_ticket, require
from plugins.cross_sell import chances, goods, links, offers, suggesting
from plugins.cross_sell.chances import Chance
from plugins.cross_sell.offer import Offer
from plugins.cross_sell.places import USE
from plugins.cross_sell.suggesting import Fitting


@dataclass(frozen=True, kw_only=True)
class Made:
    """An offer that was put into an answer of this ticket, or taken in it, and how far it got."""

    chance_id: int
    name: str
    inserted_at: datetime | None
    sent_at: datetime | None
    clicked_at: datetime | None
    taken_at: datetime | None


def put_in(actor: Actor, number: int, offer_id: int, address: str, *, puts_in: bool) -> str:
    """Note that an offer was put in; returns what there is to tell of that.

    With *puts_in* the text goes below the draft, for browsers that cannot do it themselves.
    """
    require(actor, USE)
    found = suggesting.fitting(actor, number)
    match = suggesting.pick(found, offer_id)
    if puts_in:
        shown = suggesting.suggestions(actor, found, address)
        text = next(each.filled.text for each in shown if each.match.offer.id == offer_id)
        add_to_draft(actor, number, text)
    chances.put_in(actor, found.chance(match))
    return _("The text is in your answer. Nothing was sent.")


def dismiss(actor: Actor, number: int, offer_id: int, reason: str) -> None:
    """Put an offer away in this ticket."""
    require(actor, USE)
    found = suggesting.fitting(actor, number)
    chances.dismiss(actor, found.chance(suggesting.pick(found, offer_id)), reason)


def take(actor: Actor, number: int, offer_id: int, code: str) -> str:
    """Note that a ticket's customer took an offer, by its code when one was told; returns its name.

    This is asked in the same way whether somebody is shown offers or not, or the control share would
    take nothing.
    """
    require(actor, USE)
    ticket = read_ticket(actor, number)
    if ticket.customer_id is None:
        raise Invalid([Problem(field="", message=_("This ticket has no customer yet."))])
    offer = _of_code(code) if code.strip() else offers.one(offer_id)
    chance = Chance(
        offer_id=offer.id,
        product=offer.value,
        ticket=ticket,
        token=links.token_of(links.key(), offer.id, ticket.id),
    )
    chances.take(actor, chance, how="code" if code.strip() else "mark")
    return offer.name


def not_taken(actor: Actor, number: int, chance_id: int) -> None:
    """Take back that something was taken; it must be of this ticket's customer."""
    require(actor, USE)
    ticket = read_ticket(actor, number)
    past = chances.past_of(ticket.customer_id or 0)
    if chance_id not in {row.id for row in past.chances}:
        raise NotFound(_("There is no such offer here."))
    chances.not_taken(actor, chance_id)


def hand_in(actor: Actor, code: str, amount: int) -> str:
    """Note codes handed in by people nobody asked who they are; returns the offer's name."""
    require(actor, USE)
    offer = _of_code(code)
    chances.hand_in(actor, offer.id, amount)
    return offer.name


def set_wish(actor: Actor, customer_id: int, *, is_wanted: bool) -> None:
    """Keep whether a customer wants offers; raises NotFound for one *actor* may not see."""
    require(actor, USE)
    read_customer(actor, customer_id)
    if is_wanted:
        chances.opt_in(actor, customer_id)
    else:
        chances.opt_out(actor, customer_id, by_name=actor.name)


def made(found: Fitting) -> list[Made]:
    """Return what was put in or taken in this ticket, the newest first; asks nothing without any."""
    rows = [row for row in found.past.in_ticket(found.ticket.id) if row.inserted_at or row.taken_at]
    if not rows:
        return []
    products = goods.known([row.product for row in rows])
    return [
        Made(
            chance_id=row.id,
            name=products[row.product].name if row.product in products else row.product,
            inserted_at=row.inserted_at,
            sent_at=row.sent_at,
            clicked_at=row.clicked_at,
            taken_at=row.taken_at,
        )
        for row in rows
    ]


def takable(found: Fitting) -> list[tuple[int, str]]:
    """Return the offers that a customer may have taken, for a menu: all of them, for everybody."""
    return [(offer.id, offer.name) for offer in found.offers]


def _of_code(code: str) -> Offer:
    typed = fold(code.strip())
    for offer in offers.every():
        if offer.code and fold(offer.code) == typed:
            return offer
    problem = _("No offer has the code “%(code)s”.", code=code.strip()[:60])
    raise Invalid([Problem(field="code", message=problem)])
