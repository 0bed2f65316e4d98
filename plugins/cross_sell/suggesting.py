"""What is offered in a ticket: asks what is said, known, sold and in stock, and puts it together.

Nothing is written here and nothing is sent: a person puts a text into an answer, or does not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from deskcore.api import LANGUAGES, SYSTEM, Actor, Filled, NotFound, _, now
from deskcore.api.data import Said, read_ticket, said, settings_of
from deskcore.plugin import Product, TicketRef
from plugins.cross_sell import goods, links, manners, matching, offers, wording
from plugins.cross_sell.chances import Chance, Past, past_of, rest_since
from plugins.cross_sell.language import language_of
from plugins.cross_sell.matching import Match
from plugins.cross_sell.offer import Offer
from plugins.cross_sell.places import SLUG
from plugins.cross_sell.settings import OfferSettings

_OTHERS = 50  # tickets of the same customer that are looked at, the newest


@dataclass(frozen=True, kw_only=True)
class Fitting:
    """What fits a ticket, for whoever is to see it: ``withheld`` says in English why nothing is.

    With ``is_control`` nothing is shown either; it is noted what would have been. ``offers`` are all
    that there are, over ones too: a customer may have taken any.
    """

    ticket: TicketRef
    past: Past
    matches: tuple[Match, ...] = ()
    is_control: bool = False
    withheld: str = ""
    language: str = ""
    offers: tuple[Offer, ...] = ()

    def chance(self, match: Match) -> Chance:
        """Return an offer of these as a chance to be noted."""
        return Chance(
            offer_id=match.offer.id,
            product=match.product.key,
            ticket=self.ticket,
            token=links.token_of(self.past.key, match.offer.id, self.ticket.id),
            is_control=self.is_control,
        )


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    """An offer as it may be put into the answer."""

    match: Match
    language: str
    filled: Filled
    terms: str
    link: str


def fitting(actor: Actor, number: int) -> Fitting:
    """Return what fits a ticket that *actor* may see; raises NotFound for another."""
    ticket = read_ticket(actor, number)
    if ticket.customer_id is None:
        return Fitting(ticket=ticket, past=Past(key=""), withheld=manners.NOBODY)
    past = past_of(ticket.customer_id)
    every, at = offers.every(), now()
    found = Fitting(ticket=ticket, past=past, offers=tuple(every))
    if past.opted_out_at is not None:
        return _withheld(found, manners.OPTED_OUT)
    known = [offer for offer in every if offer.state(at.date()) == "on"]
    if not known:
        return found
    # As the desk itself: a complaint in a mailbox that the reader cannot see is a complaint.
    heard = said(SYSTEM, ids=[ticket.id], customer_id=ticket.customer_id, limit=_OTHERS)
    return consider(found, heard, known, settings_of(SLUG, OfferSettings), at=at)


def consider(
    found: Fitting,
    heard: list[Said],
    known: list[Offer],
    settings: OfferSettings,
    *,
    at: datetime,
) -> Fitting:
    """Judge a ticket by what was said in it, first in *heard*, and by its customer's other tickets."""
    here = [each for each in heard if each.ticket.id == found.ticket.id]
    if not here:
        return _withheld(found, manners.OF_KIND)  # among the spam, or deleted
    others = [each for each in heard if each.ticket.id != found.ticket.id]
    objection = manners.objection(here[0], others, settings, now=at)
    if objection:
        return _withheld(found, objection)
    text = "\n".join((here[0].ticket.subject, *here[0].texts))
    ticket, past = found.ticket, found.past
    since = rest_since(at, settings.rest_days)

    def may(offer: Offer, product: Product) -> bool:
        return not past.rests(offer.id, product.key, ticket.id, since=since)

    tags = {tag for each in heard for tag in each.tags}
    matches = matching.matches(known, goods.about(text, known), customer_tags=tags, may=may)
    return replace(
        found,
        matches=tuple(matches[: settings.most]),
        is_control=links.is_control(past.key, ticket.customer_id or 0, settings.control_percent),
        language=language_of(text, LANGUAGES),
    )


def suggestions(actor: Actor, found: Fitting, address: str) -> list[Suggestion]:
    """Return the offers that *actor* may put in, each with its words; none in the control share.

    *address* is where the customers' side begins, "" while it is closed: then links lead to the shop
    at once, and presses are not counted.
    """
    if found.is_control or not found.matches:
        return []
    wanted = [(match, found.language, link_of(found, match, address)) for match in found.matches]
    filled = wording.words(actor, found.ticket.number, wanted)
    return [
        Suggestion(
            match=match,
            language=language,
            filled=text,
            terms=match.offer.texts[language].terms,
            link=link,
        )
        for (match, _wanted, link), (language, text) in zip(wanted, filled, strict=True)
    ]


def link_of(found: Fitting, match: Match, address: str) -> str:
    """Return the link that a customer is given, "" when it would lead nowhere."""
    url = match.offer.url or match.product.url
    if not url or not address:
        return url
    return f"{address}{links.path_of(found.chance(match).token)}"


def pick(found: Fitting, offer_id: int) -> Match:
    """Return one of the offers that fit; raises NotFound when it is not made here any more."""
    for match in () if found.is_control else found.matches:
        if match.offer.id == offer_id:
            return match
    raise NotFound(_("This offer is not made in this ticket any more. Take it out of your answer."))


def _withheld(found: Fitting, why: str) -> Fitting:
    return replace(found, withheld=why)
