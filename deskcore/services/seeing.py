"""Seeing the desk as somebody else: what they see, with their rights, and nothing can be changed.

Whoever looks stays signed in as themselves; the web layer refuses every change meanwhile.
"""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy.orm import Session

from deskcore.domain.accounts import SignedInUser
from deskcore.domain.people import OWNER, Actor
from deskcore.errors import NotAllowed, NotFound
from deskcore.i18n import _
from deskcore.models import User
from deskcore.services import access
from deskcore.services.unit import reading, unit_of_work

RIGHT = "people.manage"


def begin(actor: Actor, user_id: int) -> str:
    """Write down that *actor* looks as somebody; returns whose name it is.

    Raises NotFound for nobody and NotAllowed for oneself, who is shut out, and owners.
    """
    access.require(actor, RIGHT)
    with unit_of_work(actor) as unit:
        if unit.session.get(User, user_id) is None:
            raise NotFound(_("There is no such person."))
        seen = _seen(unit.session, actor, user_id)
        if seen is None:
            raise NotAllowed(
                _(
                    "You can look as anybody who works here and is not shut out, as an owner only "
                    "when you are one."
                )
            )
        unit.audit("user.seen_as", seen.name)
    return seen.name


def seen_as(user: SignedInUser, user_id: int) -> SignedInUser | None:
    """Return what *user* is while looking as somebody; None when that is not possible any more.

    Language, zone, colours and keys stay those of the one who looks. Says nothing in words: it is
    asked before anybody knows in which language.
    """
    with reading() as session:
        seen = _seen(session, user.actor, user_id)
    return replace(user, actor=seen, seen_by=user.actor) if seen else None


def _seen(session: Session, actor: Actor, user_id: int) -> Actor | None:
    """Return whom *actor* may look as."""
    if not access.can(actor, RIGHT, session):
        return None
    seen = access.actor_of(session, user_id)
    if seen is None or seen.id == actor.id or (seen.role == OWNER and actor.role != OWNER):
        return None
    return seen
