"""What the plugin keeps of one customer: what they wait for, ask for, and do not want to be told."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.api import N_
from deskcore.api.data import reading
from deskcore.plugin import CustomerRef, Exported, PrivacyHandler
from plugins.stock_notes.tables import ASKS, REFUSALS, WAITS


def handler() -> PrivacyHandler:
    """Return how it is told and forgotten."""
    return PrivacyHandler(
        name="stock_notes.waits",
        label=N_("What they wait for and asked for"),
        export=tell,
        erase=forget,
    )


def tell(customer: CustomerRef) -> Exported | None:
    """Return what is kept of a customer."""
    with reading() as session:
        waits = session.execute(select(WAITS).where(WAITS.c.customer_id == customer.id)).all()
        asks = session.execute(select(ASKS).where(ASKS.c.customer_id == customer.id)).all()
        refusal = session.execute(
            select(REFUSALS).where(REFUSALS.c.customer_id == customer.id)
        ).one_or_none()
    if not (waits or asks or refusal):
        return None
    return Exported(
        data={
            "waits": [
                {
                    "product": row.product,
                    "place": row.place,
                    "amount": row.amount,
                    "until": row.until.isoformat() if row.until else None,
                    "since": row.at.isoformat(),
                    "state": row.state,
                    "ended": row.ended_at.isoformat() if row.ended_at else None,
                }
                for row in waits
            ],
            "asked_for": [{"product": row.product, "at": row.at.isoformat()} for row in asks],
            "wants_no_news_since": refusal.at.isoformat() if refusal else None,
        }
    )


def forget(session: Session, customer: CustomerRef) -> int:
    """Remove it; returns how many rows went."""
    gone = 0
    for table in (WAITS, ASKS, REFUSALS):
        theirs = delete(table).where(table.c.customer_id == customer.id)
        gone += len(session.execute(theirs.returning(table.c.customer_id)).all())
    return gone
