"""Links that strangers ask for: a new password, another invitation in place of one too old.

Whoever asks learns nothing of who has an account: the answer is made before anybody looks, and
looking happens in the worker.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from deskcore.domain.people import SYSTEM, canonical_email
from deskcore.models import Delivery, Notice, OneTimeToken, User
from deskcore.services.invitations import issue_link
from deskcore.services.jobs import job
from deskcore.services.throttle import count_try
from deskcore.services.tokens import Purpose, digest_of
from deskcore.services.unit import Unit, unit_of_work

# Links a person is sent in an hour by asking: strangers must not fill somebody's mailbox.
PER_HOUR = 3


def ask_for_password(email: str, *, address: str = "") -> None:
    """Have a link for a new password sent to *email*, if somebody here has that address.

    Does the same work whoever it belongs to. Raises TooManyTries while asking is slowed down.
    """
    email = canonical_email(email)
    count_try(f"reset {email}", address)
    with unit_of_work(SYSTEM) as unit:
        unit.enqueue("links.password", {"email": email})


def ask_for_invitation(token: str, *, address: str = "") -> None:
    """Have a new invitation sent to whoever the old one *token* was for, if it was one.

    Raises TooManyTries while asking is slowed down.
    """
    digest = digest_of(token)
    count_try(f"invite {digest}", address)
    with unit_of_work(SYSTEM) as unit:
        unit.enqueue("links.invitation", {"digest": digest})


@job("links.password")
def send_password_link(email: str) -> None:
    """Mail a link for a new password, which ends earlier ones."""
    with unit_of_work(SYSTEM) as unit:
        user = unit.session.scalars(
            select(User).where(User.email == email, User.password_hash != "")
        ).one_or_none()
        if user is not None and _may_be_sent(unit, user, "reset"):
            issue_link(unit, "reset", user)
            unit.audit("user.reset_asked", user.email)


@job("links.invitation")
def send_invitation_again(digest: str) -> None:
    """Mail a new invitation in the name of whoever made the old one, once for each."""
    with unit_of_work(SYSTEM) as unit:
        old = unit.session.scalars(
            select(OneTimeToken).where(
                OneTimeToken.purpose == "invite",
                OneTimeToken.digest == digest,
                OneTimeToken.used_at.is_(None),
                OneTimeToken.expires_at <= unit.now,
            )
        ).one_or_none()
        user = unit.session.get(User, old.user_id) if old and old.user_id else None
        if old is None or user is None or user.password_hash:
            return
        if _may_be_sent(unit, user, "invite"):
            inviter = unit.session.get(User, old.created_by_id) if old.created_by_id else None
            issue_link(unit, "invite", user, inviter=inviter)
            unit.audit("user.invited", user.email)


def _may_be_sent(unit: Unit, user: User, purpose: Purpose) -> bool:
    sent = unit.session.scalar(
        select(func.count())
        .select_from(Notice)
        .join(Delivery, Delivery.id == Notice.delivery_id)
        .where(
            Notice.user_id == user.id,
            Notice.kind == purpose,
            Delivery.created_at > unit.now - timedelta(hours=1),
        )
    )
    return user.deactivated_at is None and (sent or 0) < PER_HOUR
