"""Who waits for which tea."""

from __future__ import annotations

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from deskcore.api import CustomerId
from deskcore.api.data import Unit, reading
from deskcore.plugin import CustomerRef, Exported, PrivacyHandler

from .tables import WISHES


def handler() -> PrivacyHandler:
    """Say how wishes are told and forgotten."""
    return PrivacyHandler(
        name="tea_shop.wishes", label="What they wait for", export=tell, erase=forget
    )


def wish(unit: Unit, customer_id: int, tea: str) -> None:
    """Remember that a customer waits for a tea, once."""
    if tea in wishes_of(CustomerId(customer_id)):
        return
    unit.session.execute(insert(WISHES).values(customer_id=customer_id, tea=tea))


def wishes_of(customer_id: CustomerId) -> list[str]:
    """Return what a customer waits for."""
    theirs = select(WISHES.c.tea).where(WISHES.c.customer_id == customer_id)
    with reading() as session:
        return list(session.scalars(theirs.order_by(WISHES.c.tea)))


def tell(customer: CustomerRef) -> Exported | None:
    """Return what a customer waits for, and a slip to print."""
    teas = wishes_of(customer.id)
    slip = f"{customer.name}: {', '.join(teas)}\n"
    return Exported(data={"waits_for": teas}, files={"slip.txt": slip.encode()}) if teas else None


def forget(session: Session, customer: CustomerRef) -> int:
    """Let a customer wait for nothing."""
    theirs = wishes_of(customer.id)
    session.execute(delete(WISHES).where(WISHES.c.customer_id == customer.id))
    return len(theirs)
