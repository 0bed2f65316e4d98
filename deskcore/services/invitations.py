"""Ways in by a one-time link: invitations of new people, and new passwords for old ones.

A link is mailed where the desk can send, and shown to whoever made it, to be handed on; looking at
its page uses nothing up.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore import clock
from deskcore.domain.accounts import IssuedLink, TokenView
from deskcore.domain.people import OWNER, SYSTEM, Actor, canonical_email
from deskcore.errors import Invalid, NotFound
from deskcore.i18n import _
from deskcore.models import OneTimeToken, Role, Team, TeamMember, User
from deskcore.services import notices
from deskcore.services.access import require
from deskcore.services.passwords import hash_password, password_problems
from deskcore.services.sessions import begin_session, end_sessions
from deskcore.services.tokens import LIVES, Purpose, find, issue, use
from deskcore.services.unit import Unit, reading, unit_of_work
from deskcore.services.users import add_user, check_email, check_name, put_into_teams


@dataclass(frozen=True, kw_only=True)
class Invited:
    """Whom to invite, as what, into which teams."""

    email: str
    name: str
    role: str
    team_ids: tuple[int, ...] = ()


def invite(actor: Actor, invited: Invited) -> IssuedLink:
    """Make an account without a password and the link that completes it."""
    require(actor, "people.manage")
    if invited.role == OWNER:
        require(actor, "owner.manage")
    email = canonical_email(invited.email)
    problems = check_email(email) + check_name(invited.name)
    if problems:
        raise Invalid(problems)
    with unit_of_work(actor) as unit:
        user = add_user(unit, email=email, name=invited.name.strip(), role=invited.role)
        put_into_teams(unit, user.id, invited.team_ids)
        link = issue_link(unit, "invite", user)
        unit.audit("user.invited", email, after={"role": invited.role})
    return link


def renew_invitation(actor: Actor, user_id: int) -> IssuedLink:
    """Make a new link for somebody who has not come in yet; the old one dies."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = _person(unit.session, user_id)
        if user.password_hash:
            raise NotFound(_("This person has come in already."))
        link = issue_link(unit, "invite", user)
        unit.audit("user.invited", user.email)
    return link


def make_reset_link(actor: Actor, user_id: int) -> IssuedLink:
    """Make a link with which somebody chooses a new password; owners' are for owners to make."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = _person(unit.session, user_id)
        if _role_of(unit.session, user) == OWNER:
            require(actor, "owner.manage")
        if not user.password_hash:
            raise NotFound(_("This person has no password yet; make a new invitation."))
        link = issue_link(unit, "reset", user)
        unit.audit("user.reset_link", user.email)
    return link


def look_at(purpose: Purpose, token: str) -> TokenView:
    """Return what a link is for; raises NotFound when it is unknown or used up."""
    now = clock.now()
    with reading() as session:
        row = find(session, purpose, token)
        user = session.get(User, row.user_id) if row and row.user_id else None
        if row is None or user is None:
            raise NotFound(_("This link was used already or is too old. Ask for a new one."))
        return TokenView(
            user_id=user.id,
            email=user.email,
            name=user.name,
            role=_role_of(session, user),
            team_names=_team_names(session, user.id),
            issued_by=_issuer(session, row),
            is_expired=row.expires_at <= now,
        )


def accept_invitation(
    token: str, *, name: str, password: str, address: str = "", user_agent: str = ""
) -> str:
    """Complete an invited account, use the link up and sign in; returns the session's id."""
    problems = check_name(name) + password_problems(password)
    if problems:
        raise Invalid(problems)
    stored = hash_password(password)
    with unit_of_work(SYSTEM) as unit:
        user = _person(unit.session, use(unit, "invite", token).user_id or 0)
        user.name, user.password_hash = name.strip(), stored
        session_id = begin_session(unit, user.id, address=address, user_agent=user_agent)
        unit.audit("user.joined", user.email, address=address)
        return session_id


def reset_password(token: str, password: str, *, address: str = "", user_agent: str = "") -> str:
    """Give the link's owner a new password, end their sessions, sign in; returns the session's id."""
    problems = password_problems(password)
    if problems:
        raise Invalid(problems)
    stored = hash_password(password)
    with unit_of_work(SYSTEM) as unit:
        user = _person(unit.session, use(unit, "reset", token).user_id or 0)
        set_password(unit, user, stored, address=address)
        notices.tell_of_new_password(unit, user, address=address, by_link=True)
        return begin_session(unit, user.id, address=address, user_agent=user_agent)


def set_password(unit: Unit, user: User, stored: str, *, address: str = "") -> None:
    """Store a new password hash and sign every browser of the user out."""
    user.password_hash = stored
    end_sessions(unit, user.id)
    unit.audit("user.password", user.email, address=address)


def issue_link(
    unit: Unit, purpose: Purpose, user: User, *, inviter: User | None = None
) -> IssuedLink:
    """Make a link, ending earlier ones, and mail it; *inviter* is who is named, if not who acts."""
    token = issue(unit, purpose, user_id=user.id, for_id=inviter.id if inviter else None)
    name = inviter.name if inviter else unit.actor.name if unit.actor.kind == "user" else ""
    return IssuedLink(
        token=token,
        email=user.email,
        expires_at=unit.now + LIVES[purpose],
        mailed=notices.mail_link(unit, user, purpose, token, invited_by=name),
    )


def _person(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None or user.deactivated_at is not None:
        raise NotFound(_("There is no such person."))
    return user


def _role_of(session: Session, user: User) -> str:
    return session.get_one(Role, user.role_id).key


def _team_names(session: Session, user_id: int) -> tuple[str, ...]:
    statement = (
        select(Team.name)
        .join(TeamMember, TeamMember.team_id == Team.id)
        .where(TeamMember.user_id == user_id)
        .order_by(Team.name)
    )
    return tuple(session.scalars(statement))


def _issuer(session: Session, row: OneTimeToken) -> str:
    issuer = session.get(User, row.created_by_id) if row.created_by_id else None
    return issuer.name if issuer else ""
