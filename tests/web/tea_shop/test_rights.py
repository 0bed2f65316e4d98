"""Rights that a plugin brings: who has them by itself, and who is given them."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlalchemy import select

from deskcore.config import Config
from deskcore.domain.people import Actor
from deskcore.models import RoleGrant
from deskcore.services import access
from deskcore.services.unit import reading
from tests.databases import opened
from tests.web.conftest import PASSWORD, Visitor

RIGHT = "tea_shop.stock.see"
SHELVES = "/p/tea_shop/stock"
Colleague = Callable[[str], Visitor]


def decide(owner: Visitor, *roles: str) -> int:
    owner.get("/admin/roles")
    typed = {"right": [RIGHT, "spam.sender.ban"], RIGHT: list(roles), "confirm_password": PASSWORD}
    return owner.post("/admin/roles", typed).status_code


def granted() -> set[str]:
    with reading() as session:
        return set(session.scalars(select(RoleGrant.permission)))


def test_desk_permissions_are_held_by_the_roles_they_name(
    owner: Visitor, colleague: Colleague
) -> None:
    agent, viewer = colleague("agent"), colleague("viewer")
    assert "What is on the shelves" in agent.get(SHELVES).text
    assert SHELVES in agent.get("/v/open").text
    refused = viewer.get(SHELVES)
    assert refused.status_code == 403
    assert "See what is on the shelves" in refused.text
    assert SHELVES not in viewer.get("/v/open").text
    assert owner.get(SHELVES).status_code == 200


def test_desk_permissions_are_given_and_taken_on_the_page_of_roles(
    owner: Visitor, colleague: Colleague
) -> None:
    agent, viewer = colleague("agent"), colleague("viewer")
    page = owner.get("/admin/roles").text
    assert "See what is on the shelves" in page
    assert "Answer customers" in page
    assert decide(owner, "viewer") == 303
    assert agent.get(SHELVES).status_code == 403
    assert viewer.get(SHELVES).status_code == 200
    assert owner.get(SHELVES).status_code == 200
    assert "changed who has a right" in owner.get("/admin/audit").text
    assert decide(owner) == 303
    assert viewer.get(SHELVES).status_code == 403
    assert owner.get(SHELVES).status_code == 200
    assert "See what is on the shelves" in owner.get("/admin/plugins/tea_shop").text


def test_desk_permissions_of_nobody_are_not_given_by_a_form(owner: Visitor) -> None:
    owner.get("/admin/roles")
    typed = {"right": ["owner.manage", "x.y.z", RIGHT], "owner.manage": "viewer", RIGHT: "butler"}
    assert owner.post("/admin/roles", {**typed, "confirm_password": PASSWORD}).status_code == 303
    assert granted() == {RIGHT}  # the owners'
    assert not access.can(Actor(kind="user", role="viewer"), "owner.manage")


def test_desk_permissions_that_were_given_wait_for_a_plugin_that_is_away(
    owner: Visitor, colleague: Colleague, config: Config
) -> None:
    viewer = colleague("viewer")
    decide(owner, "viewer")
    without = config.model_copy(update={"plugins": ("email", "spam")})
    with opened(without, has_pages=True):
        assert not access.can(Actor(kind="user", role="viewer"), RIGHT)
        assert RIGHT in granted()
    assert viewer.get(SHELVES).status_code == 200


def test_roles_say_in_words_what_they_may_and_may_not(owner: Visitor) -> None:
    words = in_words(owner)
    assert "Make and remove owners" in words["owner"]["May"]
    assert words["owner"]["May not"] == "No right is kept from them."
    assert words["admin"]["May not"].startswith("Make and remove owners")
    assert "nor resets their second factor" in words["admin"]["Limits"]
    assert "See what is on the shelves (tea_shop)" in words["agent"]["May"]
    assert "See what is on the shelves (tea_shop)" in words["viewer"]["May not"]
    assert "Sees the mailboxes of their teams only" in words["viewer"]["Limits"]

    decide(owner, "viewer")
    words = in_words(owner)
    assert "See what is on the shelves (tea_shop)" in words["agent"]["May not"]
    assert "See what is on the shelves (tea_shop)" in words["viewer"]["May"]


def in_words(owner: Visitor) -> dict[str, dict[str, str]]:
    """Read the words of the page of roles: by role, by what they are about."""
    page = owner.get("/admin/roles").text
    sections = re.findall(
        r'<section class="stack-sm" aria-labelledby="role-(\w+)">(.*?)</section>', page, re.DOTALL
    )
    return {
        role: dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", text, re.DOTALL))
        for role, text in sections
    }
