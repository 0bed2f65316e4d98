"""One-time tokens: random, kept as digests, one purpose, one use, a fixed life."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Literal

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deskcore.errors import NotFound
from deskcore.i18n import _
from deskcore.models import OneTimeToken
from deskcore.services.unit import Unit

Purpose = Literal["invite", "reset", "setup"]

LIVES: dict[Purpose, timedelta] = {
    "invite": timedelta(days=7),
    "reset": timedelta(hours=1),
    "setup": timedelta(days=30),
}
TOKEN_BYTES = 32  # 256 bits
SHORTEST = 16  # nothing shorter is looked up


def digest_of(token: str) -> str:
    """Return what is stored of a token or session id: nobody signs in with a stolen database."""
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def issue(
    unit: Unit,
    purpose: Purpose,
    *,
    user_id: int | None = None,
    token: str = "",
    for_id: int | None = None,
) -> str:
    """Make a token for one purpose; earlier ones of the same user and purpose die.

    *token* is given only where people type it; it must be as hard to guess. *for_id* is the user
    in whose name it is made, when that is not who acts.
    """
    token = token or secrets.token_urlsafe(TOKEN_BYTES)
    end_tokens(unit, purpose, user_id=user_id)
    unit.session.add(
        OneTimeToken(
            purpose=purpose,
            digest=digest_of(token),
            user_id=user_id,
            created_by_id=for_id or (unit.actor.id if unit.actor.kind == "user" else None),
            created_at=unit.now,
            expires_at=unit.now + LIVES[purpose],
        )
    )
    return token


def find(session: Session, purpose: Purpose, token: str) -> OneTimeToken | None:
    """Return the unused row of *token*, expired or not; None when there is none."""
    if len(token) < SHORTEST:
        return None
    statement = select(OneTimeToken).where(
        OneTimeToken.purpose == purpose,
        OneTimeToken.digest == digest_of(token),
        OneTimeToken.used_at.is_(None),
    )
    return session.scalars(statement).one_or_none()


def use(unit: Unit, purpose: Purpose, token: str) -> OneTimeToken:
    """Use *token* up; raises NotFound when it is unknown, used or expired."""
    row = find(unit.session, purpose, token)
    if row is None or row.expires_at <= unit.now:
        raise NotFound(_("This link was used already or is too old. Ask for a new one."))
    row.used_at = unit.now
    return row


def end_tokens(unit: Unit, purpose: Purpose, *, user_id: int | None) -> None:
    """Make the unused tokens of a user and purpose useless."""
    unit.session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.purpose == purpose,
            OneTimeToken.user_id.is_(None) if user_id is None else OneTimeToken.user_id == user_id,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=unit.now)
    )
