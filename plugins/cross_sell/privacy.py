"""What the plugin keeps of one customer: offers they were made, what they did, and whether they want any."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from deskcore.api import N_
from deskcore.api.data import reading
from deskcore.plugin import CustomerRef, Exported, PrivacyHandler
from plugins.cross_sell.tables import CHANCES, OFFERS, OPT_OUTS

_STEPS = ("shown_at", "inserted_at", "sent_at", "dismissed_at", "clicked_at", "taken_at")


def handler() -> PrivacyHandler:
    """Return how offers are told and forgotten."""
    return PrivacyHandler(
        name="cross_sell.offers", label=N_("Offers they were made"), export=tell, erase=forget
    )


def tell(customer: CustomerRef) -> Exported | None:
    """Return the offers of a customer, and since when they want none."""
    theirs = (
        select(CHANCES, OFFERS.c.name)
        .join(OFFERS, OFFERS.c.id == CHANCES.c.offer_id)
        .where(CHANCES.c.customer_id == customer.id)
        .order_by(CHANCES.c.id)
    )
    with reading() as session:
        rows = session.execute(theirs).all()
        wish = select(OPT_OUTS.c.at).where(OPT_OUTS.c.customer_id == customer.id)
        opted_out_at = session.scalars(wish).first()
    if not rows and opted_out_at is None:
        return None
    told = [
        {
            "offer": row.name,
            "product": row.product,
            "ticket": row.ticket_number,
            **{step: _text(getattr(row, step)) for step in _STEPS if getattr(row, step)},
            **({"put_away_because": row.dismissed_for} if row.dismissed_for else {}),
        }
        for row in rows
    ]
    return Exported(data={"offers": told, "wants_no_offers_since": _text(opted_out_at)})


def forget(session: Session, customer: CustomerRef) -> int:
    """Remove them; the figures shrink by as much."""
    count = 0
    for table in (CHANCES, OPT_OUTS):
        theirs = table.c.customer_id == customer.id
        found = select(func.count()).select_from(table).where(theirs)
        count += session.scalars(found).one()
        session.execute(delete(table).where(theirs))
    return count


def _text(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""
