"""Signed-in browsers: sign in, recognise, end. The cookie's id is random and kept as a digest.

``begin_session`` is the one door: whichever way somebody comes (password, invitation, reset link),
it asks for the second factor of those who have one or must.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, delete, select, true, update
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.accounts import BrowserSession, SignedInUser
from deskcore.domain.people import SYSTEM, Actor, canonical_email
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import Role, TeamMember, User, UserSession
from deskcore.services import second_factor
from deskcore.services.access import DECIDED, decisions, require
from deskcore.services.passwords import verify_password
from deskcore.services.prepared import Found, light
from deskcore.services.throttle import KNOWN_FOR, count_try, forget_tries, network_of
from deskcore.services.tokens import digest_of
from deskcore.services.unit import Unit, reading, unit_of_work

IDLE = timedelta(hours=12)
LIFE = timedelta(days=14)
CONFIRMED_FOR = timedelta(minutes=10)
TOUCH_EVERY = timedelta(minutes=5)  # the idle time need not be exact; a write per page would cost
ID_BYTES = 32

# Made once: every request of a signed-in browser asks it.
_RESUMED = (
    select(
        UserSession.id.label("session_id"),
        UserSession.created_at,
        UserSession.last_seen_at,
        UserSession.ended_at,
        UserSession.awaits,
        UserSession.confirmed_at,
        User.id,
        User.name,
        User.email,
        User.locale,
        User.time_zone,
        User.theme,
        User.density,
        User.has_shortcuts,
        User.deactivated_at,
        Role.key.label("role"),
        TeamMember.team_id,
        DECIDED.label("decided"),
    )
    .join(User, User.id == UserSession.user_id)
    .join(Role, Role.id == User.role_id)
    .outerjoin(TeamMember, TeamMember.user_id == User.id)
    .where(UserSession.digest == bindparam("digest"))
)


def sign_in(email: str, password: str, *, address: str = "", user_agent: str = "") -> str:
    """Begin a session and return its secret id for the cookie; it may await a second factor.

    Raises Invalid in the same words, and after the same time, for a wrong password, an unknown
    account and a deactivated one; TooManyTries while tries are slowed down.
    """
    # PostgreSQL takes no NUL; with another sign in its place it is nobody's address.
    email = canonical_email(email).replace("\0", "\ufffd")
    count_try(email, address)
    user_id, stored = _password_of(email)
    if not verify_password(stored, password):
        with unit_of_work(SYSTEM) as unit:
            # A password typed into the wrong field must not be kept.
            unit.audit("sign_in.failed", email if "@" in email else "", address=address)
        message = _("The address and the password do not belong together.")
        raise Invalid([Problem(field="email", message=message)])
    with unit_of_work(SYSTEM) as unit:
        return begin_session(unit, user_id, address=address, user_agent=user_agent)


def begin_session(
    unit: Unit, user_id: int, *, address: str = "", user_agent: str = "", is_proven: bool = False
) -> str:
    """Sign a user in without asking for a password, in the caller's transaction.

    Unless the second factor *is_proven*, the session of somebody who has one waits for its code,
    and that of somebody who must have one for its set-up; until then it opens nothing.
    """
    token = secrets.token_urlsafe(ID_BYTES)
    user = unit.session.get_one(User, user_id)
    unit.actor = Actor(kind="user", id=user.id, name=user.name)  # from here on it is they who act
    awaits = "" if is_proven else second_factor.asked_of(unit.session, user)
    unit.session.add(
        UserSession(
            digest=digest_of(token),
            user_id=user_id,
            created_at=unit.now,
            last_seen_at=unit.now,
            user_agent=user_agent[:255],
            address=network_of(address),
            awaits=awaits,
            seed=second_factor.sealed(second_factor.new_seed()) if awaits == "set_up" else b"",
        )
    )
    if awaits:
        unit.audit("sign_in.password", user.email, address=address)
    else:
        forget_tries(unit.session, user.email, address)
        unit.audit("sign_in", user.email, address=address)
    return token


def resume(token: str) -> SignedInUser | None:
    """Return whom a cookie's id belongs to; None when it has ended, idled away or never was."""
    if len(token) < ID_BYTES:
        return None
    now = clock.now()
    with reading() as session:
        rows = light(session, _RESUMED, {"digest": digest_of(token)})
    if not rows:
        return None
    row = rows[0]
    if not _is_alive(row, now) or row.deactivated_at is not None:
        return None
    if now - row.last_seen_at > TOUCH_EVERY:
        _touch(row.session_id)
    teams = frozenset(row.team_id for row in rows if row.team_id is not None)
    granted, refused = decisions(row.decided, row.role)
    return SignedInUser(
        session_id=row.session_id,
        actor=Actor(
            kind="user",
            id=row.id,
            role=row.role,
            name=row.name,
            team_ids=teams,
            granted=granted,
            refused=refused,
        ),
        email=row.email,
        language=row.locale,
        time_zone=row.time_zone,
        theme=row.theme,
        density=row.density,
        has_shortcuts=row.has_shortcuts,
        is_confirmed=row.confirmed_at is not None and now - row.confirmed_at < CONFIRMED_FOR,
    )


def sign_out(actor: Actor, session_id: int) -> None:
    """End the session this browser has."""
    end_own_session(actor, session_id, action="sign_out")


def own_sessions(actor: Actor, current_id: int) -> list[BrowserSession]:
    """List the living sessions of *actor*, the present one first, then by last use."""
    with reading() as session:
        found = _living(session, actor.id, current_id)
    return sorted(found, key=lambda view: not view.is_current)


def sessions_of(actor: Actor, user_id: int) -> list[BrowserSession]:
    """List the living sessions of somebody who works here, by last use."""
    require(actor, "people.manage")
    with reading() as session:
        return _living(session, user_id)


def end_own_session(actor: Actor, session_id: int, *, action: str = "session.ended") -> None:
    """End one of the actor's own sessions; one that is not theirs is left alone."""
    with unit_of_work(actor) as unit:
        if _end(unit, actor.id, UserSession.id == session_id):
            unit.audit(action)


def end_other_sessions(actor: Actor, session_id: int) -> int:
    """End every session of the actor but this one; returns how many."""
    with unit_of_work(actor) as unit:
        ended = _end(unit, actor.id, UserSession.id != session_id)
        if ended:
            unit.audit("session.ended", after={"browsers": ended})
    return ended


def end_sessions_of(actor: Actor, user_id: int, session_id: int | None = None) -> int:
    """End one session of somebody who works here, or all of them; returns how many."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = unit.session.get(User, user_id)
        if user is None:
            raise NotFound(_("There is no such person."))
        ended = _end(unit, user_id, true() if session_id is None else UserSession.id == session_id)
        if ended:
            unit.audit("session.ended", user.email, after={"browsers": ended})
    return ended


def end_sessions(
    unit: Unit, user_id: int, *, except_id: int | None = None, only_id: int | None = None
) -> None:
    """End a user's sessions in the caller's transaction: all, all *except* or *only* one."""
    which = true() if except_id is None else UserSession.id != except_id
    _end(unit, user_id, which if only_id is None else UserSession.id == only_id)


def confirm(actor: Actor, session_id: int, password: str, *, address: str = "") -> None:
    """Note that the person at this browser has just shown the password again.

    Raises Invalid or TooManyTries as ``confirm_password`` does.
    """
    confirm_password(actor, password, address=address, field="confirm_password")
    with unit_of_work(actor) as unit:
        unit.session.get_one(UserSession, session_id).confirmed_at = unit.now


def confirm_password(actor: Actor, password: str, *, address: str = "", field: str) -> None:
    """Make sure that the person at the keyboard is *actor*, before something grave.

    Raises Invalid at *field* when the password is not theirs; slowed down like sign-in.
    """
    email, stored = _account_of(actor)
    count_try(email, address)
    if not verify_password(stored, password):
        raise Invalid([Problem(field=field, message=_("This is not your password."))])
    with unit_of_work(actor) as unit:
        forget_tries(unit.session, email, address)


def forget_old() -> None:
    """Remove sessions too old to be used and to tell which networks an account came from."""
    with unit_of_work() as unit:
        old = UserSession.created_at < unit.now - max(LIFE, KNOWN_FOR)
        unit.session.execute(delete(UserSession).where(old))


def _is_alive(row: Found, now: datetime) -> bool:
    if row.ended_at is not None or row.awaits:
        return False
    return bool(now - row.last_seen_at <= IDLE and now - row.created_at <= LIFE)


def _living(session: Session, user_id: int, current_id: int = 0) -> list[BrowserSession]:
    now = clock.now()
    statement = (
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.awaits == "",
            UserSession.last_seen_at > now - IDLE,
            UserSession.created_at > now - LIFE,
        )
        .order_by(UserSession.last_seen_at.desc())
    )
    return [
        BrowserSession(
            id=row.id,
            user_agent=row.user_agent,
            address=row.address,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_current=row.id == current_id,
        )
        for row in session.scalars(statement)
    ]


def _end(unit: Unit, user_id: int, which: ColumnElement[bool]) -> int:
    """End those of a user's sessions, half-way ones included; returns how many."""
    ended = unit.session.execute(
        update(UserSession)
        .where(UserSession.user_id == user_id, UserSession.ended_at.is_(None), which)
        .values(ended_at=unit.now)
        .returning(UserSession.id)
    )
    return len(ended.all())


def _touch(session_id: int) -> None:
    with unit_of_work(SYSTEM) as unit:
        unit.session.execute(
            update(UserSession).where(UserSession.id == session_id).values(last_seen_at=unit.now)
        )


def _password_of(email: str) -> tuple[int, str]:
    """Return id and hash of the active account of an address; (0, "") when there is none."""
    statement = select(User.id, User.password_hash).where(
        User.email == email, User.deactivated_at.is_(None)
    )
    with reading() as session:
        row = session.execute(statement).one_or_none()
    return (row.id, row.password_hash) if row else (0, "")


def _account_of(actor: Actor) -> tuple[str, str]:
    with reading() as session:
        user = _user(session, actor)
        return user.email, user.password_hash


def _user(session: Session, actor: Actor) -> User:
    return session.get_one(User, actor.id)
