"""Second factors and the password once more: to whom a seed is shown, and what waits for proof."""

from __future__ import annotations

from textwrap import wrap

import pytest
from sqlalchemy import update

from deskcore.domain.people import SYSTEM
from deskcore.models import UserSession
from deskcore.services.unit import unit_of_work
from deskcore.web.confirming import is_asking
from tests.matrix.survey import Seen, Survey
from tests.web.conftest import PASSWORD

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)

SET_UP_PAGES = {"second_factor.set_up", "second_factor.first_set_up"}


def test_a_seed_is_shown_to_the_browser_that_sets_it_up_and_to_nobody_else(survey: Survey) -> None:
    pages = [seen for seen in survey.seen if seen.answer.status == 200]
    for role, seed in survey.world.seeds.items():
        if role in {seen.cell.role for seen in pages} and seed not in survey.world.seeds_in_use:
            shown = {(s.cell.role, s.cell.endpoint) for s in pages if _holds(s, seed)}
            assert {who for who, _ in shown} == {role}
            assert {endpoint for _, endpoint in shown} <= SET_UP_PAGES
    used = survey.world.seeds_in_use
    assert [str(seen) for seen in pages for seed in used if _holds(seen, seed)] == []


def test_nothing_grave_is_done_before_the_password_was_typed_again(survey: Survey) -> None:
    """Nor is it said what there is: the password is asked for whatever the address names."""
    grave = [seen for seen in _grave(survey) if seen.cell.role == "owner"]
    assert {seen.cell.which for seen in grave} == {"own", "missing"}
    for seen in grave:
        _ask_again(survey)
        answer = survey.visitors["owner"].post(seen.cell.path, survey.form(seen.cell))
        assert (answer.status, survey.note()) == (422, []), str(seen)
        form = {**survey.form(seen.cell), "confirm_password": PASSWORD}
        done = survey.visitors["owner"].post(seen.cell.path, form)
        assert done.status == seen.answer.status, str(seen)
        survey.bring_back()


def test_the_password_opens_nothing_to_those_without_the_right(survey: Survey) -> None:
    refused = [
        seen for seen in _grave(survey) if seen.cell.role != "owner" and seen.answer.status == 403
    ]
    assert refused
    for seen in refused:
        form = {**survey.form(seen.cell), "confirm_password": PASSWORD}
        assert survey.visitors[seen.cell.role].post(seen.cell.path, form).status == 403, str(seen)
        assert survey.note() == [], str(seen)


def _grave(survey: Survey) -> list[Seen]:
    views = survey.app.view_functions
    return [seen for seen in list(survey.of(method="POST")) if is_asking(views[seen.cell.endpoint])]


def _ask_again(survey: Survey) -> None:
    """Let the last typing of everybody's password be long ago."""
    with survey.app.app_context(), unit_of_work(SYSTEM) as unit:
        unit.session.execute(update(UserSession).values(confirmed_at=None))
    survey.note()


def _holds(seen: Seen, seed: str) -> bool:
    body = seen.answer.body
    return seed in body or " ".join(wrap(seed, 4)) in body
