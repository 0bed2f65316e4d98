"""Whoever is shut out gets nothing from the next request on, with the browser they had."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import delete, update

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.models import MailboxTeam, UserSession
from deskcore.services import teams, users
from deskcore.services.unit import unit_of_work
from tests.matrix.routes import RIGHT_OF
from tests.matrix.survey import Seen, Survey, words_in
from tests.matrix.world import SEES

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)

SIGNED_OUT_PAGE = 303
SIGNED_OUT = {SIGNED_OUT_PAGE, 401}


def _deactivated(survey: Survey) -> None:
    users.deactivate(SYSTEM, survey.world.user_ids["agent_a"])


def _another_role(survey: Survey) -> None:
    users.change_role(SYSTEM, survey.world.user_ids["agent_a"], "viewer")


def _ended_by_its_age(survey: Survey) -> None:
    _set_sessions(survey, created_at=clock.now().replace(year=2020))


def _idle_for_too_long(survey: Survey) -> None:
    _set_sessions(survey, last_seen_at=clock.now().replace(year=2020))


def _out_of_the_team(survey: Survey) -> None:
    users.set_teams(SYSTEM, survey.world.user_ids["agent_a"], [])


def _team_is_gone(survey: Survey) -> None:
    teams.delete_team(SYSTEM, survey.world.ids["team a"])


def _mailbox_is_closed(survey: Survey) -> None:
    with unit_of_work(SYSTEM) as unit:
        team_id = survey.world.ids["team a"]
        unit.session.execute(delete(MailboxTeam).where(MailboxTeam.team_id == team_id))


@pytest.mark.parametrize(
    "shut_out", [_deactivated, _another_role, _ended_by_its_age, _idle_for_too_long]
)
def test_a_browser_that_was_shut_out_is_asked_to_sign_in(
    survey: Survey, shut_out: Callable[[Survey], None]
) -> None:
    _apply(survey, shut_out)
    try:
        for seen in _pages(survey):
            answer = survey.visitors["agent_a"].get(seen.cell.path, is_partial=seen.is_partial)
            assert answer.status in SIGNED_OUT, str(seen)
            assert words_in(answer, (seen.cell.path, *seen.cell.names)) == set(), str(seen)
        for seen in _forms(survey):
            answer = survey.visitors["agent_a"].post(seen.cell.path, survey.form(seen.cell))
            assert (answer.status, survey.note()) == (SIGNED_OUT_PAGE, []), str(seen)
    finally:
        survey.bring_back()


@pytest.mark.parametrize("shut_out", [_out_of_the_team, _team_is_gone, _mailbox_is_closed])
def test_a_mailbox_that_was_closed_is_closed_at_once(
    survey: Survey, shut_out: Callable[[Survey], None]
) -> None:
    _apply(survey, shut_out)
    of_mailbox = (SEES["a"], SEES["a"] - {"viewer"})
    hidden = {marker.word for marker in survey.world.markers if marker.readers in of_mailbox}
    hidden -= {survey.world.words[own] for own in ("staff agent_a", "network agent_a")}
    if shut_out is _mailbox_is_closed:  # what is kept for the team is theirs all the same
        hidden -= {survey.world.words[own] for own in ("saved reply a", "saved text a")}
    try:
        for seen in _pages(survey):
            answer = survey.visitors["agent_a"].get(seen.cell.path, is_partial=seen.is_partial)
            assert hidden & words_in(answer, (seen.cell.path, *seen.cell.names)) == set(), str(seen)
    finally:
        survey.bring_back()


def _apply(survey: Survey, shut_out: Callable[[Survey], None]) -> None:
    with survey.app.app_context():
        shut_out(survey)
    survey.note()


def _set_sessions(survey: Survey, **values: object) -> None:
    with unit_of_work(SYSTEM) as unit:
        theirs = update(UserSession).where(UserSession.user_id == survey.world.user_ids["agent_a"])
        unit.session.execute(theirs.values(**values))


def _pages(survey: Survey) -> list[Seen]:
    """Return the pages that agent A had, whole ones and parts, each route once."""
    found: dict[tuple[str, bool], Seen] = {}
    for seen in survey.of(role="agent_a", method="GET", which="own"):
        if RIGHT_OF[seen.cell.endpoint] != "anybody" and seen.answer.status == 200:
            found.setdefault((seen.cell.endpoint, seen.is_partial), seen)
    return list(found.values())


def _forms(survey: Survey) -> list[Seen]:
    """Return the forms that agent A had."""
    return [
        seen
        for seen in list(survey.of(role="agent_a", method="POST", which="own"))
        if RIGHT_OF[seen.cell.endpoint] != "anybody" and seen.changes
    ]
