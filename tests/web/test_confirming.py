"""Before something grave the password is asked again, and the form that was sent is not lost."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.services import invitations, users
from deskcore.services.invitations import Invited
from deskcore.web.confirming import is_asking
from tests.web.conftest import PASSWORD, Visitor
from tests.web.test_second_factor import a_colleague

KEPT = re.compile(r'name="confirm_kept" value="([^"]+)"')
GRAVE = {
    "people.change_role", "people.make_reset_link", "people.reset_second_factor",
    "connections.start_change", "admin.change_compulsory",
    "second_factor.begin", "second_factor.finish_set_up", "second_factor.turn_off",
    "second_factor.renew_codes", "plugins.uninstall", "roles.change", "privacy.erase",
}  # fmt: skip


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Leave PostgreSQL to the tests of the services: pages do not differ by database."""
    return sqlite_url


def role_of(user_id: int) -> str:
    return users.person(SYSTEM, user_id).role


def kept_in(page: str) -> str:
    found = KEPT.search(page)
    assert found
    return found[1]


def test_what_is_grave_asks_and_one_s_own_password_is_asked_by_its_form(desk: Flask) -> None:
    asking = {name for name, view in desk.view_functions.items() if is_asking(view)}
    assert asking == GRAVE


def test_a_form_that_was_interrupted_goes_on_with_what_was_in_it(owner: Visitor) -> None:
    petr = a_colleague()
    path = f"/admin/people/{petr}/role"
    assert "data-asks-password" in owner.get(f"/admin/people/{petr}").text
    asked = owner.post(path, {"role": "admin"})
    assert asked.status_code == 422
    assert "Confirm that it is you" in asked.text
    assert role_of(petr) == "agent"
    wrong = owner.post(path, {"confirm_kept": kept_in(asked.text), "confirm_password": "guess"})
    assert (wrong.status_code, "This is not your password" in wrong.text) == (422, True)
    assert role_of(petr) == "agent"
    right = owner.post(path, {"confirm_kept": kept_in(wrong.text), "confirm_password": PASSWORD})
    assert right.status_code == 303
    assert role_of(petr) == "admin"


def test_it_holds_ten_minutes_in_this_browser_only(owner: Visitor, set_up: Flask) -> None:
    petr, other = a_colleague(), Visitor(set_up.test_client())
    other.sign_in()
    path = f"/admin/people/{petr}/role"
    owner.get("/me")
    owner.post(path, {"role": "admin", "confirm_password": PASSWORD})
    assert "data-asks-password" not in owner.get(f"/admin/people/{petr}").text
    assert owner.post(path, {"role": "viewer"}).status_code == 303
    assert other.post(path, {"role": "agent"}).status_code == 422
    with time_machine.travel(clock.now() + timedelta(minutes=11), tick=False):
        assert owner.post(path, {"role": "agent"}).status_code == 422
    assert role_of(petr) == "viewer"


def test_what_was_typed_is_not_readable_in_the_page_that_asks(owner: Visitor) -> None:
    petr = a_colleague()
    owner.get("/me")
    asked = owner.post(f"/admin/people/{petr}/role", {"role": "admin", "x": "marker-7391"})
    assert "marker-7391" not in asked.text


def test_a_kept_form_is_good_for_its_own_address_and_browser_only(
    owner: Visitor, set_up: Flask
) -> None:
    petr, other = a_colleague(), Visitor(set_up.test_client())
    eva = users.people(SYSTEM)[0].id
    other.sign_in()
    owner.get("/me")
    kept = kept_in(owner.post(f"/admin/people/{petr}/role", {"role": "admin"}).text)
    form = {"confirm_kept": kept, "confirm_password": PASSWORD}
    assert owner.post(f"/admin/people/{eva}/role", form).status_code == 400
    assert other.post(f"/admin/people/{petr}/role", form).status_code == 400
    forged = {**form, "confirm_kept": kept[:-8] + "AAAAAAA="}
    assert owner.post(f"/admin/people/{petr}/role", forged).status_code == 400
    assert role_of(petr) == "agent"


def test_asking_comes_after_the_right_to_be_here(set_up: Flask, visitor: Visitor) -> None:
    petr = a_colleague()
    assert visitor.post(f"/admin/people/{petr}/role", {"role": "admin"}).status_code in {303, 403}
    visitor.sign_in("p@example.com")
    answer = visitor.post(
        f"/admin/people/{petr}/role", {"role": "owner", "confirm_password": PASSWORD}
    )
    assert answer.status_code == 403
    assert role_of(petr) == "agent"


def test_a_changed_role_ends_the_sessions_of_before(owner: Visitor, visitor: Visitor) -> None:
    petr = a_colleague()
    visitor.sign_in("p@example.com")
    owner.get("/me")
    owner.post(f"/admin/people/{petr}/role", {"role": "viewer", "confirm_password": PASSWORD})
    assert visitor.get("/me").status_code == 303


def test_guessing_here_is_slowed_down_too(owner: Visitor) -> None:
    link = invitations.invite(SYSTEM, Invited(email="q@example.com", name="Q", role="agent"))
    owner.get("/me")
    path = f"/admin/people/{invitations.look_at('invite', link.token).user_id}/role"
    with time_machine.travel(clock.now(), tick=False):
        answers = [
            owner.post(path, {"role": "admin", "confirm_password": "guess"}).status_code
            for _ in range(11)
        ]
    assert answers[-1] == 429
