"""Teams: who is in them and what they open."""

from __future__ import annotations

import pytest
from flask import Flask

from deskcore.domain.people import SYSTEM
from deskcore.errors import Invalid, NotAllowed, NotFound
from deskcore.services import access, mailboxes, teams
from deskcore.services.mailboxes import MailboxProperties
from deskcore.services.unit import reading
from tests.factories import a_mailbox, a_user

pytestmark = pytest.mark.usefixtures("app")


def test_a_mailbox_opened_to_a_team_is_seen_by_its_people() -> None:
    petr, ours, theirs = a_user(), a_mailbox(), a_mailbox()
    team_id = teams.create_team(SYSTEM, "Orders")
    teams.change_team(SYSTEM, team_id, name="Orders", member_ids=[petr.id])
    mailboxes.change_mailbox(SYSTEM, ours, MailboxProperties(name="Ours"), [team_id])
    with reading() as session:
        actor = access.actor_of(session, petr.id)
        assert actor is not None
        assert access.visible_mailbox_ids(session, actor) == [ours]
    assert theirs != ours


def test_a_deleted_team_leaves_its_people_and_closes_its_mailboxes() -> None:
    petr, mailbox = a_user(), a_mailbox()
    team_id = teams.create_team(SYSTEM, "Orders")
    teams.change_team(SYSTEM, team_id, name="Orders", member_ids=[petr.id])
    mailboxes.change_mailbox(SYSTEM, mailbox, MailboxProperties(name="Ours"), [team_id])
    teams.delete_team(SYSTEM, team_id)
    with reading() as session:
        actor = access.actor_of(session, petr.id)
        assert actor is not None
        assert access.visible_mailbox_ids(session, actor) == []
    with pytest.raises(NotFound):
        teams.team(SYSTEM, team_id)


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "Orders"])
def test_a_team_needs_a_name_of_its_own(name: str) -> None:
    teams.create_team(SYSTEM, "Orders")
    with pytest.raises(Invalid):
        teams.create_team(SYSTEM, name)


def test_agents_make_no_teams(app: Flask) -> None:
    with pytest.raises(NotAllowed):
        teams.create_team(a_user(), "Mine")
