"""What the plugin keeps of one customer: bans of their own addresses.

What was learned from their mail are digests of single words, which tell nothing of anybody.
"""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.api import N_, canonical_email
from deskcore.api.data import reading
from deskcore.plugin import CustomerRef, Exported, PrivacyHandler
from plugins.spam.tables import BANS


def handler() -> PrivacyHandler:
    """Return how bans are told and forgotten."""
    return PrivacyHandler(
        name="spam.bans", label=N_("Bans of their addresses"), export=tell, erase=forget
    )


def tell(customer: CustomerRef) -> Exported | None:
    """Return the bans of a customer."""
    with reading() as session:
        rows = session.execute(select(BANS).where(BANS.c.who.in_(_addresses(customer)))).all()
    bans = [{"who": row.who, "reason": row.reason, "at": row.at.isoformat()} for row in rows]
    return Exported(data=bans) if bans else None


def forget(session: Session, customer: CustomerRef) -> int:
    """Remove them."""
    theirs = select(BANS.c.id).where(BANS.c.who.in_(_addresses(customer)))
    ids = list(session.scalars(theirs))
    session.execute(delete(BANS).where(BANS.c.id.in_(ids)))
    return len(ids)


def _addresses(customer: CustomerRef) -> list[str]:
    return [canonical_email(value) for value in customer.addresses]
