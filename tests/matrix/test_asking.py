"""What one may ask for: words, names and numbers of others find what words of nobody find."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest

from deskcore.domain.people import SYSTEM
from deskcore.services import tickets
from tests.matrix.survey import Survey
from tests.matrix.visiting import Answer

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)

NOWHERE = "zqnowhere0z"
# Ways in which a page takes words: as they are, or as an operator of the search.
SEARCHES = ("/search?q={}", "/search?q=from%3A{}", "/search?q=in%3A{}", "/search?q=tag%3A{}")
LOOKED_UP = ("/new?find={}", "/new?to={}@customer.example")


def test_a_foreign_word_finds_what_a_word_of_nobody_finds(survey: Survey) -> None:
    """Not the number of hits, not a suggestion, not a "did you mean" tells that it stands there."""
    visitor = survey.visitors["agent_b"]
    hidden = [word for word in survey.world.hidden_from("agent_b") if word.startswith("zq")]
    assert len(hidden) > 100
    nothing = _reduced(visitor.get(f"/search?q={NOWHERE}"), NOWHERE)
    found = [w for w in hidden if _reduced(visitor.get(f"/search?q={w}"), w) != nothing]
    assert found == []
    for pattern in (*SEARCHES, *LOOKED_UP):
        nothing = _reduced(visitor.get(pattern.format(NOWHERE)), NOWHERE)
        for what in ("customer a", "customer address a", "mailbox a", "tag a", "company a"):
            word = survey.world.words[what]
            assert _reduced(visitor.get(pattern.format(quote(word))), word) == nothing, what


def test_an_own_word_is_found(survey: Survey) -> None:
    visitor = survey.visitors["agent_a"]
    for what in ("note a", "visible a", "subject open a", "customer a"):
        word = survey.world.words[what]
        answer = visitor.get(f"/search?q={word}")
        assert str(survey.world.things["ticket"][0].key) in answer.body, what


def test_a_foreign_number_is_not_jumped_to(survey: Survey) -> None:
    ours, theirs = (str(thing.key) for thing in survey.world.things["ticket"])
    visitor = survey.visitors["agent_a"]
    assert visitor.get(f"/search?q={ours}").status == 303
    assert visitor.get(f"/search?q={theirs}").status == 200


def test_a_poll_does_not_tell_what_happens_to_a_foreign_ticket(survey: Survey) -> None:
    visitor = survey.visitors["agent_a"]
    number = next(
        int(thing.key) for thing in survey.world.things["ticket"] if "agent_a" not in thing.readers
    )
    with survey.app.app_context():
        tickets.set_tags(SYSTEM, number, ["fresh"])
    ticket_id = survey.ticket_id(number)
    try:
        page = visitor.get("/v/open").body
        mark = page.split("since=")[1].split("&")[0].split('"')[0]
        asked = [
            visitor.get(f"/live?v=open&since={mark}&id={key}", is_partial=True).status
            for key in (ticket_id, 999_999)
        ]
        assert asked == [204, 204]
    finally:
        survey.bring_back()


def test_a_number_that_no_database_holds_names_nothing(survey: Survey) -> None:
    huge = "9" * 30
    visitor = survey.visitors["owner"]
    number = survey.world.things["ticket"][0].key
    for path in (f"/t/{huge}", f"/admin/people/{huge}", f"/attention/{huge}/raw"):
        assert visitor.get(path).status == 404, path
    for path in (f"/live?number={huge}&id={huge}&since=0", f"/admin/audit?before={huge}"):
        assert visitor.get(path, is_partial=True).status == 200, path
    for name, path in (
        ("mailbox", f"/t/{number}/edit"),
        ("mailbox", "/new/draft"),
        ("message", f"/t/{number}/seen"),
        ("team_ids", f"/admin/people/{survey.world.user_ids['viewer']}/teams"),
    ):
        answer = visitor.post(path, {name: huge, "subject": "S", "body": "B"})
        survey.bring_back()
        assert answer.status < 500, path


def test_a_foreign_mailbox_in_a_form_is_as_good_as_none(survey: Survey) -> None:
    visitor = survey.visitors["agent_a"]
    number = survey.world.things["ticket"][0].key
    forms = {
        f"/t/{number}/edit": {"subject": "S"},
        "/new": {"subject": "S", "body": "B", "to": "new@customer.example"},
        "/new/draft": {"subject": "S", "body": "B"},
    }
    for path, form in forms.items():
        answers = []
        for mailbox_id in (survey.world.ids["mailbox b"], 999_999):
            answer = visitor.post(path, {**form, "mailbox": str(mailbox_id)})
            answers.append(_reduced(answer, f'"{mailbox_id}"'))
            survey.bring_back()
        assert answers[0] == answers[1], path
        assert answers[0][0] < 500, path


def test_typing_the_name_of_a_foreign_company_opens_nothing(survey: Survey) -> None:
    visitor, words = survey.visitors["agent_b"], survey.world.words
    path = f"/customers/{survey.world.ids['customer b']}"
    for company, is_open in (("company a", False), ("company b", True)):
        notes = words[company.replace("company", "company notes")]
        form = {"name": "N", "notes": "", "company": words[company].capitalize()}
        assert visitor.post(f"{path}/edit", form).status == 303
        page = visitor.get(path)
        link = re.search(r'href="(/companies/[0-9]+)"', page.body)
        assert link
        assert (notes in visitor.get(link[1]).everything) is is_open, company
        survey.bring_back()


def test_an_admin_gets_nowhere_with_an_owner(survey: Survey) -> None:
    visitor, owner_id = survey.visitors["admin"], survey.world.user_ids["owner"]
    for action, form in (
        ("role", {"role": "viewer"}),
        ("deactivate", {}),
        ("reactivate", {}),
        ("reset", {}),
        ("second-factor/reset", {}),
    ):
        answer = visitor.post(f"/admin/people/{owner_id}/{action}", form)
        assert answer.status == 403, action
    made = {"role": "owner", "name": "N", "email": "n@staff.example"}
    agent_id = survey.world.user_ids["agent_b"]
    for path in (f"/admin/people/{agent_id}/role", "/admin/people/invite"):
        assert visitor.post(path, made).status == 403, path
    assert survey.note() == []


def _reduced(answer: Answer, word: str) -> tuple[int, str]:
    status, body, *_rest = answer.alike("/nothing")
    return status, body.replace(word, "").replace(word.capitalize(), "")
