"""The step between the password and the desk: a code of the second factor, or its set-up.

A session that awaits one is nobody's for everything else (``sessions.resume``); passing the step
ends it and begins another, so no id from before is good afterwards.
"""

from __future__ import annotations

from datetime import timedelta

import pyotp
from sqlalchemy import select, update

from deskcore import clock
from deskcore.domain.accounts import HalfWay
from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import User, UserSession
from deskcore.services import second_factor
from deskcore.services.desk_settings import desk_settings
from deskcore.services.sessions import ID_BYTES, begin_session, end_sessions
from deskcore.services.throttle import count_try
from deskcore.services.tokens import digest_of
from deskcore.services.unit import Unit, reading, unit_of_work

LIFE = timedelta(minutes=15)
MOST_CODES = 10


def half_way(token: str) -> HalfWay | None:
    """Return who has shown the password of this session and nothing more; None for all others."""
    if len(token) < ID_BYTES:
        return None
    statement = (
        select(UserSession, User)
        .join(User, User.id == UserSession.user_id)
        .where(
            UserSession.digest == digest_of(token),
            UserSession.awaits != "",
            UserSession.ended_at.is_(None),
            UserSession.created_at > clock.now() - LIFE,
            User.deactivated_at.is_(None),
        )
    )
    with reading() as session:
        found = session.execute(statement).one_or_none()
    if found is None:
        return None
    row, user = found
    return HalfWay(
        session_id=row.id,
        user_id=user.id,
        email=user.email,
        language=user.locale,
        awaits="code" if row.awaits == "code" else "set_up",
    )


def pass_code(who: HalfWay, typed: str, *, address: str = "", user_agent: str = "") -> str:
    """Let somebody in by a code of their app or a recovery code; returns the new session's id.

    Raises Invalid for a wrong code, NotFound when the attempt is over (ten wrong codes end it),
    TooManyTries while tries at this account are slowed down.
    """
    count_try(who.email, address)
    with unit_of_work(SYSTEM) as unit:
        tries = _count_code(unit, who.session_id)
        if tries and second_factor.is_code(unit, who.user_id, typed):
            end_sessions(unit, who.user_id, only_id=who.session_id)
            return begin_session(
                unit, who.user_id, address=address, user_agent=user_agent, is_proven=True
            )
        if tries >= MOST_CODES:
            end_sessions(unit, who.user_id, only_id=who.session_id)
        unit.audit("sign_in.failed", who.email, address=address)
    if not 0 < tries < MOST_CODES:
        raise NotFound(_("Too many wrong codes. Begin again with your password."))
    raise Invalid([Problem(field="code", message=second_factor.wrong_code())])


def set_up_of(session_id: int) -> tuple[str, str]:
    """Return what this browser shows to a phone: the seed to type, and its ``otpauth:`` address.

    Both are empty when it is not setting one up.
    """
    with reading() as session:
        row = session.get_one(UserSession, session_id)
        seed = second_factor.opened(row.seed)
        email = session.get_one(User, row.user_id).email
    desk = desk_settings().name or "Deskcore"
    address = pyotp.TOTP(seed).provisioning_uri(name=email, issuer_name=desk) if seed else ""
    return seed, address


def finish_set_up(
    session_id: int, typed: str, *, address: str = "", user_agent: str = ""
) -> tuple[str, list[str]]:
    """Turn on the factor that a browser has shown to a phone, by its first code.

    Every session of the user ends but a new one for here; returns its id and the recovery codes.
    Raises Invalid for a wrong code, NotFound when another browser was quicker at sign-in.
    """
    with unit_of_work(SYSTEM) as unit:
        row = unit.session.get_one(UserSession, session_id)
        # Who has shown the password only does not replace a factor.
        if row.ended_at is not None or (
            row.awaits and second_factor.has_one(unit.session, row.user_id)
        ):
            raise NotFound(_("This was done in another browser. Begin again with your password."))
        codes = second_factor.keep(unit, row.user_id, second_factor.opened(row.seed), typed)
        row.seed = b""
        end_sessions(unit, row.user_id)
        token = begin_session(
            unit, row.user_id, address=address, user_agent=user_agent, is_proven=True
        )
        unit.audit("second_factor.on", address=address)
        return token, codes


def _count_code(unit: Unit, session_id: int) -> int:
    """Count a code before it is judged; 0 when this attempt is over."""
    counted = (
        update(UserSession)
        .where(
            UserSession.id == session_id,
            UserSession.awaits == "code",
            UserSession.ended_at.is_(None),
            UserSession.wrong_codes < MOST_CODES,
        )
        .values(wrong_codes=UserSession.wrong_codes + 1)
        .returning(UserSession.wrong_codes)
    )
    return unit.session.scalar(counted) or 0
