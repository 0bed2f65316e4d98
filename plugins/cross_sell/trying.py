"""Which tickets would have seen an offer, by what is known now: nothing is written."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta

from deskcore.api import Actor, now
from deskcore.api.data import Said, require, said, settings_of
from plugins.cross_sell import offers, suggesting
from plugins.cross_sell.chances import Past
from plugins.cross_sell.matching import Match
from plugins.cross_sell.offer import Offer
from plugins.cross_sell.places import MANAGE, SLUG
from plugins.cross_sell.settings import OfferSettings
from plugins.cross_sell.suggesting import Fitting

DAYS = 30
AT_ONCE = 100  # tickets of one look: each asks the catalogue what it speaks of


@dataclass(frozen=True, kw_only=True)
class Tried:
    """What a look found: tickets that would have seen the offer, and why others would not.

    ``before`` is where to look further back, 0 at the end of the time.
    """

    offer: Offer
    looked_at: int
    seen: list[tuple[Said, Match]]
    withheld: dict[str, int]
    before: int


def look(actor: Actor, offer_id: int, *, before: int = 0) -> Tried:
    """Look through the tickets of the last days that *actor* may see.

    Left out of account is what was made before, and a season or an end: it is asked what would have
    been seen if it were made now.
    """
    require(actor, MANAGE.name)
    offer, settings, at = offers.one(offer_id), settings_of(SLUG, OfferSettings), now()
    heard = said(actor, since=at - timedelta(days=DAYS), before=before, limit=AT_ONCE)
    by_customer: defaultdict[int, list[Said]] = defaultdict(list)
    for each in heard:
        by_customer[each.ticket.customer_id or 0].append(each)
    seen: list[tuple[Said, Match]] = []
    withheld: defaultdict[str, int] = defaultdict(int)
    for each in heard:
        if each.ticket.customer_id is None:
            continue
        found = Fitting(ticket=each.ticket, past=Past(key=""))
        beside = by_customer[each.ticket.customer_id]
        found = suggesting.consider(found, beside, [offer], settings, at=at)
        seen += [(each, match) for match in found.matches]
        if found.withheld:
            withheld[found.withheld] += 1
    more = heard[-1].ticket.id if len(heard) == AT_ONCE else 0
    return Tried(offer=offer, looked_at=len(heard), seen=seen, withheld=dict(withheld), before=more)
