"""Every route and method, as everybody, with things of theirs, foreign ones and none."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path
from typing import cast

import pytest
from flask import Flask
from werkzeug.routing import Map, Rule

from tests.matrix.expected import expected
from tests.matrix.forms import FORMS
from tests.matrix.queries import NAMES
from tests.matrix.routes import RIGHT_OF, declared_right, rules, unknown
from tests.matrix.rows import shape
from tests.matrix.survey import EXTRA, Survey
from tests.matrix.world import ADMINS, HALF_WAY, PEOPLE, VISITORS, may, undescribed_rights

# The first test waits for all answers; a busy machine takes its time.
pytestmark = pytest.mark.timeout(600)

# Asking is written down whatever is asked for; looking happens in the worker.
COUNTED = {"auth.ask_for_invitation"}
# Forms that change no row: they set a cookie, or find set-up ended.
NO_ROWS = {"auth.change_language", "setup.enter_code", "setup.create_owner"}
# A push that nobody signed is only counted.
NO_ROWS |= {"incoming.push", "incoming.app_push"}
# Whom one looks as stands in the signed cookie.
NO_ROWS |= {"seeing.stop"}
# Ends a visit by the key; an owner has none.
NO_ROWS |= {"rescue.leave"}
# What a check of a theme finds is shown and not kept.
NO_ROWS |= {"themes.check"}
# A web form that is tried in its builder is only shown.
NO_ROWS |= {"web_form.try_out"}
# Who sees no mailbox has nothing to write from, and so nothing written.
NOTHING_TO_DO = {("agent_none", "new_ticket.start"), ("agent_none", "new_ticket.discard")}
# Nor is there a site of theirs to paste into.
NOTHING_TO_DO |= {("agent_none", "reviews.take_in")}
# What would be told is shown and not sent.
NO_ROWS |= {"stock_notes_tell.look"}
NOTHING_TO_DO |= {("agent_none", "stock_notes_tell.confirm")}
# What the matrix would take back was taken by a customer of the other mailbox.
NOTHING_TO_DO |= {("agent_b", "cross_sell_card.not_taken")}
# Who owes no code, or no app, has no step of sign-in to pass; a code for a set-up counts as a try.
NOTHING_TO_DO |= {(name, "second_factor.enter_code") for name in set(VISITORS) - HALF_WAY}
NOTHING_TO_DO |= {
    (name, "second_factor.finish_first_set_up") for name in set(VISITORS) - {"at_set_up"}
}
# Whose forms are sent with every other field as well; on PostgreSQL one agent's are enough.
EXTRA_FROM = {True: {"owner", "admin", "agent_a", "viewer"}, False: {"agent_a"}}
# What the one-time links in the matrix say of whose they are; whoever holds one may read it.
SAID_BY_LINKS = {
    "auth.invitation": ("staff invited", "team a"),
    "auth.accept_invitation": ("staff invited", "team a"),
    "auth.reset": ("staff agent_b",),
    "auth.reset_submit": ("staff agent_b",),
}
# What a customer is shown of their ticket, whoever holds its link. Nothing else of it stands here.
SAID_BY_LINKS |= {
    "follow_up.show": (
        *("number a", "subject open a", "preview open a", "visible a", "file name a"),
        *(f"answer {state} a" for state in ("sent", "delivered", "read", "bounced", "unsure")),
    ),
    "follow_up.body": ("markup a",),
    "follow_up.file": ("file a", "file name a"),
}


def test_every_route_declares_the_right_that_its_row_says(survey: Survey) -> None:
    endpoints = {rule.endpoint for rule, _ in rules(survey.app)}
    assert {name: declared_right(survey.app, name) for name in endpoints} == RIGHT_OF


def test_the_roles_hold_the_rights_that_the_table_says() -> None:
    assert undescribed_rights() == set()


def test_every_argument_form_and_query_is_known(survey: Survey) -> None:
    assert unknown(survey.app) == []
    read = re.compile(r'request\.(?:args|values)(?:\.get\(|\[)"(\w+)"|"(\w+)" in request\.args')
    found = {
        name or other
        for path in Path("deskcore/web").rglob("*.py")
        for name, other in read.findall(path.read_text())
    }
    assert found <= NAMES


def test_a_route_that_nobody_described_is_named(survey: Survey) -> None:
    class Stranger:
        url_map = Map([Rule("/t/<int:other>/print", endpoint="print", methods=["POST"])])

    assert len(unknown(cast("Flask", Stranger()))) == len(("right", "form", "argument"))


def test_every_cell_is_answered_as_the_right_says(survey: Survey) -> None:
    wrong = [str(seen) for seen in survey.seen if seen.answer.status != expected(seen)]
    assert wrong == []


def test_every_form_works_for_those_who_may_send_it(survey: Survey) -> None:
    idle = [
        str(seen)
        for seen in survey.of(method="POST", which="own")
        if may(seen.cell.role, RIGHT_OF[seen.cell.endpoint])
        and not seen.changes
        and seen.cell.endpoint not in NO_ROWS
        and (seen.cell.role, seen.cell.endpoint) not in NOTHING_TO_DO
    ]
    assert idle == []
    done = {seen.cell.endpoint for seen in survey.of(method="POST") if seen.changes}
    assert done == FORMS.keys() - NO_ROWS


def test_no_form_changes_anything_for_others(survey: Survey) -> None:
    done = [
        f"{seen} {seen.changes[:3]}"
        for seen in survey.of(method="POST")
        if seen.changes
        and (seen.cell.which != "own" or not may(seen.cell.role, RIGHT_OF[seen.cell.endpoint]))
        and seen.cell.endpoint not in COUNTED
    ]
    assert done == []


def test_looking_twice_at_every_page_changes_nothing(survey: Survey) -> None:
    looked = list(survey.of(method="GET"))
    assert [f"{seen} {seen.changes[:3]}" for seen in looked if seen.changes] == []
    assert {seen.is_partial for seen in looked} == {True, False}


def test_foreign_and_missing_things_are_answered_alike(survey: Survey) -> None:
    answers = defaultdict(set)
    for which in ("foreign", "missing"):
        for seen in survey.of(which=which):
            place = (seen.cell.role, seen.cell.method, seen.cell.endpoint, seen.is_partial)
            answers[place].add((which, seen.answer.alike(seen.cell.path)))
    both = {place: found for place, found in answers.items() if len({w for w, _ in found}) == 2}
    assert {place[2] for place in both} >= {"tickets.show", "files.download", "replies.undo"}
    different = {place for place, found in both.items() if len({answer for _, answer in found}) > 1}
    assert different == set()


def test_a_foreign_thing_costs_what_a_missing_one_costs(survey: Survey) -> None:
    costs: dict[tuple[object, ...], dict[str, int]] = defaultdict(dict)
    for which in ("foreign", "missing"):
        for seen in survey.of(which=which):
            place = (seen.cell.role, seen.cell.method, seen.cell.endpoint, seen.is_partial)
            costs[place].setdefault(which, seen.answer.statements)
    both = {place: found for place, found in costs.items() if len(found) == 2}
    assert {place[2] for place in both} >= {"tickets.show", "files.download", "replies.undo"}
    assert {place: cost for place, cost in both.items() if len(set(cost.values())) > 1} == {}


def test_nobody_meets_a_word_that_is_not_theirs(survey: Survey) -> None:
    leaks = set()
    names = {word: name for name, word in survey.world.words.items()}
    for role in VISITORS:
        hidden = set(survey.world.hidden_from(role))
        for seen in survey.of(role=role):
            said = {survey.world.words[w] for w in SAID_BY_LINKS.get(seen.cell.endpoint, ())}
            leaks |= {f"{seen}: {names.get(word, word)}" for word in (seen.words & hidden) - said}
    assert leaks == set()


def test_everybody_meets_every_word_that_is_theirs(survey: Survey) -> None:
    names = {word: name for name, word in survey.world.words.items()}
    for role in ("owner", "agent_b"):
        met = set[str]().union(*(seen.words for seen in survey.of(role=role)))
        lost = survey.world.shown_to(role) - met
        assert {names.get(word, word) for word in lost} == set(), role
    for role in {seen.cell.role for seen in survey.seen} & PEOPLE:
        own = [{role}] if role in ADMINS else [{role}, ADMINS | {role}]
        private = {m.word for m in survey.world.markers if m.is_shown and m.readers in own}
        assert private <= set[str]().union(*(seen.words for seen in survey.of(role=role))), role


def test_a_form_takes_only_what_it_asks_for(survey: Survey) -> None:
    different = []
    for plain in list(survey.of(method="POST", which="own")):
        if plain.cell.role not in EXTRA_FROM[survey.is_thorough] or not plain.changes:
            continue
        full = survey.press(plain.cell, extra=True)
        if any(EXTRA in value for change in full.changes for _, value in change.values):
            different.append(f"{full} keeps a field of another table")
        elif shape(full.changes) != shape(plain.changes):
            different.append(f"{full} {shape(full.changes)} instead of {shape(plain.changes)}")
    assert different == []
