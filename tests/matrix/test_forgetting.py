"""A plugin that forgets a guard shows nobody anything; one that keeps it works for whoever may.

Its routes are walked by the matrix like the desk's own: what is here is why nothing came of them.
"""

from __future__ import annotations

import pytest

from tests.matrix.forgotten import FORGOTTEN
from tests.matrix.survey import Survey
from tests.matrix.world import PEOPLE

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)


@pytest.mark.parametrize("what", sorted(FORGOTTEN))
def test_what_it_forgets_fails_and_its_fault_says_what(survey: Survey, what: str) -> None:
    path, words = FORGOTTEN[what]
    answer = survey.visitors["owner"].get(path)
    assert (answer.status, survey.note()) == (500, [])
    assert not {"Location", "HX-Redirect"} & answer.headers.keys()
    fault = survey.app.extensions["desk_plugins"].guard.last_fault("forgetful")
    assert words in fault.message


def test_what_is_done_well_works(survey: Survey) -> None:
    """The same things with their guards: own settings, a place that the manifest names, home."""
    owner, drawer = survey.visitors["owner"], survey.world.words["drawer"]
    assert drawer in owner.get("/p/careful/drawer").body
    parcel = owner.get("/p/careful/parcel")
    assert (parcel.status, parcel.headers["Location"]) == (303, "https://carrier.example/parcels")
    assert owner.get("/p/forgetful/on?to=%2Fv%2Fopen").headers["Location"] == "/v/open"
    number = survey.world.things["ticket"][0].key
    looked = owner.post(f"/p/careful/tickets/{number}/look", {})
    assert (looked.status, [change.table for change in survey.note()]) == (303, ["audit_entry"])
    survey.bring_back()


@pytest.mark.parametrize("plugin", ["careful", "forgetful"])
def test_no_view_can_forget_whose_ticket_it_is(survey: Survey, plugin: str) -> None:
    """There is no way to a ticket but through somebody's eyes, so both ask alike."""
    for thing in survey.world.things["ticket"]:
        for role in sorted(PEOPLE):
            answer = survey.visitors[role].get(f"/p/{plugin}/tickets/{thing.key}")
            assert answer.status == (200 if role in thing.readers else 404), (role, thing)


def test_a_form_that_forgot_its_token_is_refused(survey: Survey) -> None:
    owner = survey.visitors["owner"]
    number = survey.world.things["ticket"][0].key
    assert "csrf_token" not in _forms(owner.get(f"/p/forgetful/tickets/{number}").body)
    assert "csrf_token" in _forms(owner.get(f"/p/careful/tickets/{number}").body)
    headers = {"Cookie": owner.cookie}
    for path in ("/p/forgetful/drop", f"/p/careful/tickets/{number}/look"):
        answer = owner.client.post(path, headers=headers)
        assert (answer.status_code, survey.note()) == (403, []), path
        assert owner.post(path, {}).status == 303
        survey.bring_back()


def _forms(page: str) -> str:
    """Return what stands in the main part of a page, where the plugin draws."""
    return page.partition("<main")[2].partition("</main>")[0]
