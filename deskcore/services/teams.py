"""Teams: people who share work, and the mailboxes that are open to them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.domain.accounts import MailboxRef, TeamRef, TeamView
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, NotFound, Problem
from deskcore.i18n import _
from deskcore.models import Mailbox, MailboxTeam, Team, TeamMember, User
from deskcore.services.access import require
from deskcore.services.unit import Unit, reading, unit_of_work

LONGEST_NAME = 80


def teams(actor: Actor) -> list[TeamView]:
    """List the teams by name, with their people and mailboxes."""
    require(actor, "people.manage")
    with reading() as session:
        members: dict[int, set[int]] = defaultdict(set)
        for team_id, user_id in session.execute(select(TeamMember.team_id, TeamMember.user_id)):
            members[team_id].add(user_id)
        mailboxes = _mailboxes_by_team(session)
        rows = session.scalars(select(Team).order_by(Team.name)).all()
    return [
        TeamView(
            id=row.id,
            name=row.name,
            member_ids=frozenset(members[row.id]),
            mailboxes=tuple(mailboxes[row.id]),
        )
        for row in rows
    ]


def team(actor: Actor, team_id: int) -> TeamView:
    """Return one team; raises NotFound."""
    for found in teams(actor):
        if found.id == team_id:
            return found
    raise NotFound(_("There is no such team."))


def team_refs() -> list[TeamRef]:
    """List the teams by name, for choosing among them."""
    with reading() as session:
        rows = session.execute(select(Team.id, Team.name).order_by(Team.name))
        return [TeamRef(id=row.id, name=row.name) for row in rows]


def create_team(actor: Actor, name: str) -> int:
    """Make an empty team; returns its id. Raises Invalid for a name that is taken or empty."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        row = Team(name=_free_name(unit.session, name), created_at=unit.now)
        unit.session.add(row)
        unit.session.flush()
        unit.audit("team.created", row.name)
        return row.id


def change_team(actor: Actor, team_id: int, *, name: str, member_ids: Sequence[int]) -> None:
    """Give a team another name and these people, no others."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        row = _get(unit.session, team_id)
        before = _shown(unit.session, row)
        row.name = _free_name(unit.session, name, but=row.id)
        _set_members(unit, row.id, member_ids)
        after = _shown(unit.session, row)
        if before != after:
            unit.audit("team.changed", row.name, before=before, after=after)


def delete_team(actor: Actor, team_id: int) -> None:
    """Remove a team; its people stay, and lose the mailboxes that only it opened to them."""
    require(actor, "people.manage")
    with unit_of_work(actor) as unit:
        row = _get(unit.session, team_id)
        unit.audit("team.deleted", row.name, before=_shown(unit.session, row))
        unit.session.execute(delete(Team).where(Team.id == row.id))


def open_mailbox_to(unit: Unit, mailbox_id: int, team_ids: Sequence[int]) -> None:
    """Open a mailbox to these teams and no others, in the caller's transaction."""
    unit.session.execute(delete(MailboxTeam).where(MailboxTeam.mailbox_id == mailbox_id))
    known = unit.session.scalars(select(Team.id).where(Team.id.in_(team_ids))).all()
    unit.session.add_all(MailboxTeam(mailbox_id=mailbox_id, team_id=team_id) for team_id in known)


def _set_members(unit: Unit, team_id: int, member_ids: Sequence[int]) -> None:
    unit.session.execute(delete(TeamMember).where(TeamMember.team_id == team_id))
    known = unit.session.scalars(select(User.id).where(User.id.in_(member_ids))).all()
    unit.session.add_all(TeamMember(team_id=team_id, user_id=user_id) for user_id in known)
    unit.session.flush()


def _mailboxes_by_team(session: Session) -> dict[int, list[MailboxRef]]:
    by_team: dict[int, list[MailboxRef]] = defaultdict(list)
    statement = (
        select(MailboxTeam.team_id, Mailbox.id, Mailbox.name)
        .join(Mailbox, Mailbox.id == MailboxTeam.mailbox_id)
        .where(Mailbox.archived_at.is_(None))
        .order_by(Mailbox.name)
    )
    for team_id, mailbox_id, name in session.execute(statement):
        by_team[team_id].append(MailboxRef(id=mailbox_id, name=name))
    return by_team


def _free_name(session: Session, name: str, *, but: int = 0) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid([Problem(field="name", message=_("Give the team a name."))])
    if len(name) > LONGEST_NAME:
        raise Invalid([Problem(field="name", message=_("Use at most 80 characters."))])
    taken = select(Team.id).where(Team.name == name, Team.id != but)
    if session.execute(taken).first() is not None:
        raise Invalid([Problem(field="name", message=_("A team has this name already."))])
    return name


def _get(session: Session, team_id: int) -> Team:
    row = session.get(Team, team_id)
    if row is None:
        raise NotFound(_("There is no such team."))
    return row


def _shown(session: Session, row: Team) -> dict[str, object]:
    """Return what the audit log keeps of a team."""
    statement = (
        select(User.email)
        .join(TeamMember, TeamMember.user_id == User.id)
        .where(TeamMember.team_id == row.id)
        .order_by(User.email)
    )
    return {"name": row.name, "people": list(session.scalars(statement))}
