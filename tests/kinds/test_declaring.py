"""A kind of tickets that cannot be what it says leaves its plugin out, with the reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deskcore.domain.kinds import Category
from deskcore.plugin import KindStatus, Step, TicketKind
from deskcore.plugin.fit_kinds import problems

FIT = TicketKind(
    name="shop.order",
    label="Order",
    statuses=(
        KindStatus(name="new", label="New", category=Category.OPEN),
        KindStatus(name="done", label="Done", category=Category.SOLVED),
    ),
    steps=(Step(leaves="new", reaches="done"),),
    first="new",
    after_reply="done",
    after_message="new",
)


def gated(*, takes: str) -> tuple[KindStatus, ...]:
    return tuple(replace(each, takes_answers=each.name == takes) for each in FIT.statuses)


def test_desk_ticket_kinds_that_fit_have_no_problems() -> None:
    assert list(problems("shop", [FIT])) == []


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"name": "order"}, "must be named shop.kind"),
        ({"name": "tea.order"}, "must be named shop.kind"),
        ({"name": "shop." + "x" * 40}, "at most 40 characters"),
        ({"label": " "}, "has no label"),
        ({"first": "gone"}, "leads to 'gone', which is no status"),
        ({"after_reply": "gone"}, "leads to 'gone', which is no status"),
        ({"after_failure": "gone"}, "leads to 'gone', which is no status"),
        ({"first": "done"}, "must be open"),
        ({"after_message": "done"}, "must be open"),
        ({"steps": (Step(leaves="new", reaches="gone"),)}, "leads to 'gone'"),
        ({"steps": FIT.steps * 2}, "names a step twice"),
        ({"statuses": FIT.statuses * 2}, "names a status twice"),
        ({"statuses": FIT.statuses[:1], "steps": (), "after_reply": "new"}, "counts as solved"),
        ({"statuses": ("new",)}, "other things than statuses"),
        ({"statuses": gated(takes="nothing")}, "takes answers"),
        ({"statuses": gated(takes="new")}, "must take no answers"),
        ({"replaces_last": True}, "without a limit of answers"),
        ({"statuses": (replace(FIT.statuses[0], name="New!"), *FIT.statuses)}, "one word"),
    ],
)
def test_a_kind_that_does_not_fit_says_why(changed: dict[str, Any], said: str) -> None:
    found = list(problems("shop", [replace(FIT, **changed)]))
    assert any(said in problem for problem in found), found
