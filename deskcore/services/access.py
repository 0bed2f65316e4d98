"""Who may see and do what, as predicates that go into every query.

A ticket is visible through its mailbox alone: owners and admins see all mailboxes, everybody else
those opened to one of their teams. What may be done depends on the role's grants.
"""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import ColumnElement, Select, bindparam, func, select, true
from sqlalchemy.orm import Session

from deskcore.domain.people import ADMIN, AGENT, OWNER, ROLES, VIEWER, Actor, Permission
from deskcore.errors import NotAllowed, NotFound
from deskcore.i18n import _
from deskcore.models import Mailbox, MailboxTeam, Role, RoleGrant, TeamMember, Ticket, User
from deskcore.plugin.active import plugins

_WORKERS = (OWNER, ADMIN, AGENT)
_ADMINS = (OWNER, ADMIN)
_MAILBOXES_IN_REACH = select(MailboxTeam.mailbox_id).where(
    MailboxTeam.team_id.in_(bindparam("team_ids", expanding=True))
)

PERMISSIONS: dict[str, Permission] = {
    permission.name: permission
    for permission in (
        Permission(name="ticket.read", label="Read tickets", roles=ROLES),
        Permission(name="ticket.reply", label="Answer customers", roles=_WORKERS),
        Permission(name="ticket.note", label="Write internal notes", roles=_WORKERS),
        Permission(name="ticket.change", label="Assign, tag, solve tickets", roles=_WORKERS),
        Permission(name="ticket.delete", label="Delete and restore tickets", roles=_ADMINS),
        Permission(name="customer.change", label="Edit customers", roles=_WORKERS),
        Permission(name="customer.erase", label="Export and erase customers", roles=_ADMINS),
        Permission(name="attention.handle", label="Retry what failed", roles=_WORKERS),
        Permission(name="mailbox.manage", label="Connect and change mailboxes", roles=_ADMINS),
        Permission(name="people.manage", label="Invite and manage people", roles=_ADMINS),
        Permission(name="plugins.manage", label="See and manage plugins", roles=_ADMINS),
        Permission(name="desk.manage", label="Change the desk's settings", roles=_ADMINS),
        Permission(name="audit.read", label="Read the audit log", roles=_ADMINS),
        Permission(name="owner.manage", label="Make and remove owners", roles=(OWNER,)),
    )
}


# Which role was given which right, for all rights that somebody decided on: every decision names
# the owner, too. One text, since it comes with the person who asks, at every request.
DECIDED = (
    select(func.aggregate_strings(Role.key + ":" + RoleGrant.permission, " "))
    .join(RoleGrant, RoleGrant.role_id == Role.id)
    .scalar_subquery()
)


def declared(name: str) -> Permission | None:
    """Return a right of the desk or of an active plugin; None when nobody declares it."""
    if name in PERMISSIONS:
        return PERMISSIONS[name]
    owned = plugins().registry.permissions.get(name)
    return owned.item if owned else None


def decisions(decided: str | None, role: str) -> tuple[frozenset[str], frozenset[str]]:
    """Read ``DECIDED`` for a role: what it was granted and what it was refused."""
    pairs = [pair.partition(":") for pair in (decided or "").split()]
    granted = frozenset(right for key, _colon, right in pairs if key == role)
    return granted, frozenset(pair[2] for pair in pairs) - granted


def can(actor: Actor, permission: str, session: Session | None = None) -> bool:
    """Whether *actor* has a right; the system has all.

    The four built-in roles hold what the permission declares, or what was decided of a plugin's;
    another role (with *session*) what its grants say. An undeclared permission is nobody's.
    """
    if actor.kind == "system":
        return True
    right = declared(permission)
    if right is None or actor.kind != "user":
        return False
    if actor.role in ROLES and permission not in PERMISSIONS:
        is_held = actor.role in right.roles and permission not in actor.refused
        return is_held or permission in actor.granted or actor.role == OWNER
    if actor.role in ROLES:
        return actor.role in right.roles
    if session is None:
        return False
    granted = (
        select(RoleGrant.role_id)
        .join(Role)
        .where(Role.key == actor.role, RoleGrant.permission == permission)
    )
    return session.execute(granted).first() is not None


def require(actor: Actor, permission: str, session: Session | None = None) -> None:
    """Raise NotAllowed, naming the right, unless *actor* has it."""
    if can(actor, permission, session):
        return
    right = declared(permission)
    label = right.label if right else permission
    message = _("This needs the right “%(label)s”.", label=_(label))
    raise NotAllowed(message, permission=permission)


def visible_mailboxes(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Mailbox rows that *actor* may see."""
    if sees_everything(actor):
        return true()
    return Mailbox.id.in_(_mailboxes_of(actor))


def visible_tickets(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on Ticket rows that *actor* may see; AND it into every query."""
    if sees_everything(actor):
        return true()
    return Ticket.mailbox_id.in_(_mailboxes_of(actor))


def reach(actor: Actor) -> dict[str, object]:
    """Return the parameters that say whose ``in_reach`` conditions are asked for."""
    return {"actor_id": actor.id, "team_ids": sorted(actor.team_ids)}


def mailboxes_in_reach(*, everything: bool) -> ColumnElement[bool]:
    """Return ``visible_mailboxes`` for a statement that is made once; give it ``reach(actor)``."""
    return true() if everything else Mailbox.id.in_(_MAILBOXES_IN_REACH)


def tickets_in_reach(*, everything: bool, of: type[Ticket] = Ticket) -> ColumnElement[bool]:
    """Return ``visible_tickets`` for a statement that is made once; give it ``reach(actor)``.

    *of* is an alias, for a query that meets tickets twice.
    """
    return true() if everything else of.mailbox_id.in_(_MAILBOXES_IN_REACH)


def visible_mailbox_ids(session: Session, actor: Actor) -> list[int]:
    """Return the ids of the mailboxes *actor* may see, smallest first."""
    statement = select(Mailbox.id).where(visible_mailboxes(actor)).order_by(Mailbox.id)
    return list(session.scalars(statement))


def get_visible(session: Session, actor: Actor, number: int) -> Ticket:
    """Return the ticket with this number.

    Raises NotFound both when there is none and when it is not for *actor*: they must look alike.
    """
    require(actor, "ticket.read", session)
    statement = _one_visible(everything=sees_everything(actor))
    ticket = session.scalars(statement, {**reach(actor), "number": number}).one_or_none()
    if ticket is None:
        message = _("There is no such ticket, or it is in a mailbox you cannot see.")
        raise NotFound(message)
    return ticket


def actor_of(session: Session, user_id: int) -> Actor | None:
    """Return the actor a signed-in user is now, None when deactivated or gone."""
    row = session.execute(
        select(User.id, User.name, Role.key, DECIDED.label("decided"))
        .join(Role, Role.id == User.role_id)
        .where(User.id == user_id, User.deactivated_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    teams = session.scalars(select(TeamMember.team_id).where(TeamMember.user_id == user_id))
    granted, refused = decisions(row.decided, row.key)
    return Actor(
        kind="user",
        id=row.id,
        role=row.key,
        name=row.name,
        team_ids=frozenset(teams),
        granted=granted,
        refused=refused,
    )


def users_with_access(session: Session, mailbox_id: int) -> list[tuple[int, str]]:
    """Return (id, name) of the active users who can be given tickets of a mailbox, by name."""
    by_team = (
        select(TeamMember.user_id)
        .join(MailboxTeam, MailboxTeam.team_id == TeamMember.team_id)
        .where(MailboxTeam.mailbox_id == mailbox_id)
    )
    statement = (
        select(User.id, User.name)
        .join(Role, Role.id == User.role_id)
        .where(
            User.deactivated_at.is_(None),
            Role.key != VIEWER,
            Role.key.in_(_ADMINS) | User.id.in_(by_team),
        )
        .order_by(User.name, User.id)
    )
    return [(row.id, row.name) for row in session.execute(statement)]


def sees_everything(actor: Actor) -> bool:
    """Whether no mailbox is hidden from *actor*."""
    return actor.kind == "system" or actor.is_admin


@lru_cache(maxsize=2)
def _one_visible(*, everything: bool) -> Select[Ticket]:
    return select(Ticket).where(
        Ticket.number == bindparam("number"), tickets_in_reach(everything=everything)
    )


def _mailboxes_of(actor: Actor) -> ColumnElement[object]:
    return select(MailboxTeam.mailbox_id).where(MailboxTeam.team_id.in_(actor.team_ids))  # type: ignore[return-value]  # a scalar select is what in_ takes
