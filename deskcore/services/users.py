"""The accounts of people who work here: who they are, what they may, whether they may come in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from deskcore.domain.accounts import Person, PersonState, TeamRef
from deskcore.domain.kinds import Category
from deskcore.domain.people import OWNER, Actor
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import (
    OneTimeToken,
    Role,
    SecondFactor,
    Team,
    TeamMember,
    Ticket,
    User,
    UserSession,
)
from deskcore.services.access import require
from deskcore.services.sessions import end_sessions
from deskcore.services.tickets import unassign_all
from deskcore.services.unit import Unit, reading, unit_of_work

LONGEST_NAME = 120
LONGEST_EMAIL = 254  # RFC 5321


def people(actor: Actor) -> list[Person]:
    """List everybody who works here: active first, then invited, then deactivated, by name."""
    require(actor, "people.manage")
    with reading() as session:
        found = _people(session)
    order: dict[PersonState, int] = {"active": 0, "invited": 1, "deactivated": 2}
    return sorted(found, key=lambda person: (order[person.state], person.name.casefold()))


def person(actor: Actor, user_id: int) -> Person:
    """Return one of them; raises NotFound."""
    require(actor, "people.manage")
    with reading() as session:
        found = _people(session, user_id)
    if not found:
        raise NotFound(_("There is no such person."))
    return found[0]


def add_user(
    unit: Unit, *, email: str, name: str, role: str, password_hash: str = "", language: str = ""
) -> User:
    """Make an account in the caller's transaction; without a password it is an invited one.

    *email* must be canonical. Raises Invalid when somebody has it already.
    """
    taken = unit.session.scalars(select(User.id).where(User.email == email)).first()
    if taken is not None:
        raise Invalid(
            [Problem(field="email", message=_("Somebody here has this address already."))]
        )
    user = User(
        email=email,
        name=name,
        password_hash=password_hash,
        role_id=role_id(unit.session, role),
        locale=language,
        created_at=unit.now,
    )
    unit.session.add(user)
    unit.session.flush()
    return user


def role_id(session: Session, key: str) -> int:
    """Return the id of a role; raises Invalid for one that does not exist."""
    found = session.scalars(select(Role.id).where(Role.key == key)).one_or_none()
    if found is None:
        raise Invalid([Problem(field="role", message=_("Choose one of the roles listed."))])
    return found


def change_role(actor: Actor, user_id: int, role: str) -> None:
    """Give somebody another role; their browsers sign in anew.

    Owners are made and unmade by owners only, and the last one stays.
    """
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = _get(unit.session, user_id)
        before = _role_key(unit.session, user)
        if before == role:
            return
        if OWNER in {before, role}:
            require(actor, "owner.manage")
        user.role_id = role_id(unit.session, role)
        unit.session.flush()
        _keep_an_owner(unit.session, field="role")
        end_sessions(unit, user.id)
        unit.audit("user.role", user.email, before={"role": before}, after={"role": role})


def set_teams(actor: Actor, user_id: int, team_ids: Sequence[int]) -> None:
    """Put somebody into these teams and no others."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = _get(unit.session, user_id)
        before = _team_names(unit.session, user.id)
        put_into_teams(unit, user.id, team_ids)
        after = _team_names(unit.session, user.id)
        if before != after:
            unit.audit("user.teams", user.email, before={"teams": before}, after={"teams": after})


def put_into_teams(unit: Unit, user_id: int, team_ids: Sequence[int]) -> None:
    """Make these the teams of a user, in the caller's transaction; unknown ids are left out."""
    unit.session.execute(delete(TeamMember).where(TeamMember.user_id == user_id))
    known = unit.session.scalars(select(Team.id).where(Team.id.in_(team_ids))).all()
    unit.session.add_all(TeamMember(team_id=team_id, user_id=user_id) for team_id in known)
    unit.session.flush()


def deactivate(actor: Actor, user_id: int) -> int:
    """Shut somebody out at once; their unsolved tickets go back to nobody. Returns how many.

    History keeps their name. Nobody can shut themselves out, nor the last owner.
    """
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = _get(unit.session, user_id)
        if user.deactivated_at is not None:
            return 0
        if user.id == actor.id:
            raise Invalid([Problem(field="", message=_("You cannot deactivate yourself."))])
        if _role_key(unit.session, user) == OWNER:
            require(actor, "owner.manage")
        user.deactivated_at = unit.now
        unit.session.flush()
        _keep_an_owner(unit.session, field="")
        end_sessions(unit, user.id)
        unit.session.execute(
            update(OneTimeToken)
            .where(OneTimeToken.user_id == user.id, OneTimeToken.used_at.is_(None))
            .values(used_at=unit.now)
        )
        freed = unassign_all(unit, user.id)
        unit.audit("user.deactivated", user.email, after={"tickets": freed})
        return freed


def reactivate(actor: Actor, user_id: int) -> None:
    """Let somebody in again, with the role and teams they had."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        user = _get(unit.session, user_id)
        if _role_key(unit.session, user) == OWNER:
            require(actor, "owner.manage")
        if user.deactivated_at is not None:
            user.deactivated_at = None
            unit.audit("user.reactivated", user.email)


def check_name(name: str, field: str = "name") -> list[Problem]:
    """Say what is wrong with a person's name."""
    if not name.strip():
        return [Problem(field=field, message=_("Enter a name; colleagues see it."))]
    if len(name) > LONGEST_NAME:
        return [Problem(field=field, message=_("Use at most 120 characters."))]
    return []


def check_email(email: str, field: str = "email") -> list[Problem]:
    """Say what is wrong with a canonical mail address that a person typed."""
    local, at, domain = email.rpartition("@")
    is_plain = all(ch.isprintable() and not ch.isspace() for ch in email) and "@" not in local
    if not (local and at and domain and is_plain) or domain.startswith(".") or ".." in domain:
        text = _("Enter a mail address in the form name@example.com.")
        return [Problem(field=field, message=text)]
    if len(email) > LONGEST_EMAIL:
        return [Problem(field=field, message=_("This address is too long."))]
    return []


def _people(session: Session, user_id: int | None = None) -> list[Person]:
    seen = (
        select(func.max(UserSession.last_seen_at))
        .where(UserSession.user_id == User.id)
        .scalar_subquery()
    )
    open_tickets = (
        select(func.count())
        .where(Ticket.assignee_id == User.id, Ticket.category != Category.SOLVED)
        .scalar_subquery()
    )
    statement = (
        select(User, Role.key, seen, open_tickets, SecondFactor.user_id.is_not(None))
        .join(Role, Role.id == User.role_id)
        .outerjoin(SecondFactor, SecondFactor.user_id == User.id)
    )
    if user_id is not None:
        statement = statement.where(User.id == user_id)
    teams = _teams_by_user(session)
    return [
        Person(
            id=user.id,
            name=user.name,
            email=user.email,
            role=role,
            state=_state(user),
            teams=tuple(teams[user.id]),
            last_seen_at=last_seen,
            created_at=user.created_at,
            open_tickets=count,
            has_second_factor=has_factor,
        )
        for user, role, last_seen, count, has_factor in session.execute(statement)
    ]


def _teams_by_user(session: Session) -> dict[int, list[TeamRef]]:
    by_user: dict[int, list[TeamRef]] = defaultdict(list)
    statement = (
        select(TeamMember.user_id, Team.id, Team.name)
        .join(Team, Team.id == TeamMember.team_id)
        .order_by(Team.name)
    )
    for user_id, team_id, name in session.execute(statement):
        by_user[user_id].append(TeamRef(id=team_id, name=name))
    return by_user


def _state(user: User) -> PersonState:
    if user.deactivated_at is not None:
        return "deactivated"
    return "active" if user.password_hash else "invited"


def _get(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise NotFound(_("There is no such person."))
    return user


def _role_key(session: Session, user: User) -> str:
    return session.get_one(Role, user.role_id).key


def _team_names(session: Session, user_id: int) -> list[str]:
    return [team.name for team in _teams_by_user(session)[user_id]]


def _keep_an_owner(session: Session, *, field: str) -> None:
    """Raise Invalid when nobody could own the desk after this change."""
    owners = session.scalar(
        select(func.count())
        .select_from(User)
        .join(Role, Role.id == User.role_id)
        .where(Role.key == OWNER, User.deactivated_at.is_(None), User.password_hash != "")
    )
    if not owners:
        text = _("The desk needs an owner. Make somebody else an owner first.")
        raise Invalid([Problem(field=field, message=text)])
