"""What the plugin keeps of one customer: their reviews, and whether they were asked for one."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from deskcore.api import N_, canonical_email
from deskcore.api.data import reading
from deskcore.plugin import CustomerRef, Exported, PrivacyHandler
from plugins.reviews.review import stars_text
from plugins.reviews.tables import ANSWERS, ASKED, OPTED_OUT, REVIEWS, VERSIONS


def handler() -> PrivacyHandler:
    """Return how they are told and forgotten."""
    return PrivacyHandler(
        name="reviews.reviews",
        label=N_("Their reviews, and requests for one"),
        export=tell,
        erase=forget,
    )


def tell(customer: CustomerRef) -> Exported | None:
    """Return what is known of a customer."""
    with reading() as session:
        reviews = session.execute(select(REVIEWS).where(_theirs(customer))).all()
        asked = session.execute(select(ASKED).where(ASKED.c.customer_id == customer.id)).all()
        out = session.execute(
            select(OPTED_OUT).where(OPTED_OUT.c.customer_id == customer.id)
        ).first()
        earlier = session.execute(
            select(VERSIONS).where(VERSIONS.c.review_id.in_([row.id for row in reviews]))
        ).all()
    if not (reviews or asked or out):
        return None
    said = [
        {
            "stars": stars_text(row.tenths),
            "title": row.title,
            "text": row.text,
            "product": row.product,
            "link": row.link,
            "came": row.arrived_at.isoformat(),
            "before": [each.text for each in earlier if each.review_id == row.id],
        }
        for row in reviews
    ]
    requests = [{"at": row.at.isoformat(), "outcome": row.outcome} for row in asked]
    return Exported(data={"reviews": said, "asked": requests, "not_to_be_asked": out is not None})


def forget(session: Session, customer: CustomerRef) -> int:
    """Remove it. What stands on the site is there, and its author's to delete."""
    ids = list(session.scalars(select(REVIEWS.c.id).where(_theirs(customer))))
    gone = len(ids)
    for table in (VERSIONS, ANSWERS):
        session.execute(delete(table).where(table.c.review_id.in_(ids)))
    session.execute(delete(REVIEWS).where(REVIEWS.c.id.in_(ids)))
    for table in (ASKED, OPTED_OUT):
        theirs = select(table.c.customer_id).where(table.c.customer_id == customer.id)
        gone += len(list(session.scalars(theirs)))
        session.execute(delete(table).where(table.c.customer_id == customer.id))
    return gone


def _theirs(customer: CustomerRef) -> ColumnElement[bool]:
    addresses = [canonical_email(value) for value in customer.addresses if "@" in value]
    return or_(REVIEWS.c.customer_id == customer.id, REVIEWS.c.email.in_(addresses))
