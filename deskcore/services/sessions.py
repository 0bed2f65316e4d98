"""Signed-in browsers: sign in, recognise, end. The cookie's id is random and kept as a digest."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.accounts import BrowserSession, SignedInUser
from deskcore.domain.people import SYSTEM, Actor, canonical_email
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _
from deskcore.models import Role, TeamMember, User, UserSession
from deskcore.services.passwords import verify_password
from deskcore.services.throttle import count_try, forget_tries, network_of
from deskcore.services.tokens import digest_of
from deskcore.services.unit import Unit, reading, unit_of_work

IDLE = timedelta(hours=12)
LIFE = timedelta(days=14)
TOUCH_EVERY = timedelta(minutes=5)  # the idle time need not be exact; a write per page would cost
ID_BYTES = 32


def sign_in(email: str, password: str, *, address: str = "", user_agent: str = "") -> str:
    """Begin a session and return its secret id for the cookie.

    Raises Invalid in the same words, and after the same time, for a wrong password, an unknown
    account and a deactivated one; TooManyTries while tries are slowed down.
    """
    email = canonical_email(email)
    count_try(email, address)
    user_id, stored = _password_of(email)
    if not verify_password(stored, password):
        with unit_of_work(SYSTEM) as unit:
            # A password typed into the wrong field must not be kept.
            unit.audit("sign_in.failed", email if "@" in email else "", address=address)
        message = _("The address and the password do not belong together.")
        raise Invalid([Problem(field="email", message=message)])
    with unit_of_work(SYSTEM) as unit:
        forget_tries(unit.session, email, address)
        return begin_session(unit, user_id, address=address, user_agent=user_agent)


def begin_session(unit: Unit, user_id: int, *, address: str = "", user_agent: str = "") -> str:
    """Sign a user in without asking for a password, in the caller's transaction."""
    token = secrets.token_urlsafe(ID_BYTES)
    user = unit.session.get_one(User, user_id)
    unit.actor = Actor(kind="user", id=user.id, name=user.name)  # from here on it is they who act
    unit.session.add(
        UserSession(
            digest=digest_of(token),
            user_id=user_id,
            created_at=unit.now,
            last_seen_at=unit.now,
            user_agent=user_agent[:255],
            address=network_of(address),
        )
    )
    unit.audit("sign_in", user.email, address=address)
    return token


def resume(token: str) -> SignedInUser | None:
    """Return whom a cookie's id belongs to; None when it has ended, idled away or never was."""
    if len(token) < ID_BYTES:
        return None
    now = clock.now()
    with reading() as session:
        rows = session.execute(
            select(UserSession, User, Role.key, TeamMember.team_id)
            .join(User, User.id == UserSession.user_id)
            .join(Role, Role.id == User.role_id)
            .outerjoin(TeamMember, TeamMember.user_id == User.id)
            .where(UserSession.digest == digest_of(token))
        ).all()
    if not rows:
        return None
    row, user, role, _team = rows[0]
    if not _is_alive(row, now) or user.deactivated_at is not None:
        return None
    if now - row.last_seen_at > TOUCH_EVERY:
        _touch(row.id)
    teams = frozenset(team_id for *_rest, team_id in rows if team_id is not None)
    return SignedInUser(
        session_id=row.id,
        actor=Actor(kind="user", id=user.id, role=role, name=user.name, team_ids=teams),
        email=user.email,
        language=user.locale,
        time_zone=user.time_zone,
        theme=user.theme,
        density=user.density,
        has_shortcuts=user.has_shortcuts,
    )


def sign_out(actor: Actor, session_id: int) -> None:
    """End the session this browser has."""
    end_own_session(actor, session_id, action="sign_out")


def own_sessions(actor: Actor, current_id: int) -> list[BrowserSession]:
    """List the living sessions of *actor*, the present one first, then by last use."""
    now = clock.now()
    statement = (
        select(UserSession)
        .where(
            UserSession.user_id == actor.id,
            UserSession.ended_at.is_(None),
            UserSession.last_seen_at > now - IDLE,
            UserSession.created_at > now - LIFE,
        )
        .order_by(UserSession.last_seen_at.desc())
    )
    with reading() as session:
        rows = session.scalars(statement).all()
    return sorted(
        (
            BrowserSession(
                id=row.id,
                user_agent=row.user_agent,
                address=row.address,
                created_at=row.created_at,
                last_seen_at=row.last_seen_at,
                is_current=row.id == current_id,
            )
            for row in rows
        ),
        key=lambda view: not view.is_current,
    )


def end_own_session(actor: Actor, session_id: int, *, action: str = "session.ended") -> None:
    """End one of the actor's own sessions; one that is not theirs is left alone."""
    with unit_of_work(actor) as unit:
        ended = unit.session.execute(
            update(UserSession)
            .where(
                UserSession.id == session_id,
                UserSession.user_id == actor.id,
                UserSession.ended_at.is_(None),
            )
            .values(ended_at=unit.now)
            .returning(UserSession.id)
        ).first()
        if ended is not None:
            unit.audit(action)


def end_sessions(unit: Unit, user_id: int, *, except_id: int | None = None) -> None:
    """End every session of a user, but for *except_id*, in the caller's transaction."""
    statement = update(UserSession).where(
        UserSession.user_id == user_id, UserSession.ended_at.is_(None)
    )
    if except_id is not None:
        statement = statement.where(UserSession.id != except_id)
    unit.session.execute(statement.values(ended_at=unit.now))


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


def _is_alive(row: UserSession, now: datetime) -> bool:
    return row.ended_at is None and now - row.last_seen_at <= IDLE and now - row.created_at <= LIFE


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
