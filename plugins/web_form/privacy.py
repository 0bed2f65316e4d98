"""What the plugin keeps of one customer: that they sent a form, when, and which number it got."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.api import N_, canonical_email
from deskcore.api.data import reading
from deskcore.plugin import CustomerRef, Exported, PrivacyHandler
from plugins.web_form.tables import SENT


def handler() -> PrivacyHandler:
    """Return how it is told and forgotten."""
    return PrivacyHandler(
        name="web_form.sent", label=N_("Web forms they sent"), export=tell, erase=forget
    )


def tell(customer: CustomerRef) -> Exported | None:
    """Return what a customer sent; what they wrote stands in their tickets."""
    with reading() as session:
        rows = session.execute(
            select(SENT).where(SENT.c.email.in_(_addresses(customer))).order_by(SENT.c.at)
        ).all()
    sent = [{"ticket": row.number, "from": row.email, "at": row.at.isoformat()} for row in rows]
    return Exported(data=sent) if sent else None


def forget(session: Session, customer: CustomerRef) -> int:
    """Remove it."""
    theirs = select(SENT.c.page_key).where(SENT.c.email.in_(_addresses(customer)))
    keys = list(session.scalars(theirs))
    session.execute(delete(SENT).where(SENT.c.page_key.in_(keys)))
    return len(keys)


def _addresses(customer: CustomerRef) -> list[str]:
    return [canonical_email(value) for value in customer.addresses]
