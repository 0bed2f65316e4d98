"""The second factor in a browser without JavaScript: set-up, the step at sign-in, its loss."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask import Flask

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.services import coming_in, invitations, users
from deskcore.services.invitations import Invited
from tests.web.conftest import OWNER_EMAIL, PASSWORD, Visitor


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Leave PostgreSQL to the tests of the services: pages do not differ by database."""
    return sqlite_url


def key_on(page: str) -> str:
    found = re.search(r'id="key-text">([A-Z2-7 ]+)<', page)
    assert found
    return found[1].replace(" ", "")


def codes_on(page: str) -> list[str]:
    found = re.search(r'id="codes"[^>]*>([^<]+)</pre>', page)
    assert found
    return found[1].split()


def turn_on(owner: Visitor) -> tuple[pyotp.TOTP, list[str]]:
    """Set the second factor up by the pages; returns the phone and the recovery codes."""
    owner.get("/me/second-factor")
    begun = owner.post("/me/second-factor/begin", {"confirm_password": PASSWORD})
    page = owner.get(begun.headers["Location"]).text
    assert 'src="data:image/svg+xml' in page
    phone = pyotp.TOTP(key_on(page))
    done = owner.post("/me/second-factor/set-up", {"code": earlier(phone)})
    assert done.status_code == 200
    return phone, codes_on(done.text)


def earlier(phone: pyotp.TOTP) -> str:
    return phone.at(clock.now() - timedelta(seconds=30))


def now(phone: pyotp.TOTP) -> str:
    return phone.at(clock.now())


def a_colleague(role: str = "agent") -> int:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role=role))
    invitations.accept_invitation(link.token, name="Petr", password=PASSWORD)
    return next(each.id for each in users.people(SYSTEM) if each.email == "p@example.com")


def test_the_code_is_asked_after_the_password_and_leads_to_the_wanted_page(
    owner: Visitor, visitor: Visitor
) -> None:
    phone, _codes = turn_on(owner)
    visitor.get("/sign-in?next=/me/password")
    first = visitor.post(
        "/sign-in",
        {"email": OWNER_EMAIL, "password": PASSWORD, "next": "/me/password", "remember": "y"},
    )
    step = visitor.get(first.headers["Location"])
    assert step.headers["Location"] == "/sign-in/code?next=%2Fme%2Fpassword"
    page = visitor.get(step.headers["Location"]).text
    field = re.search(r'<input[^>]+name="code"[^>]*>', page)
    assert field
    assert 'inputmode="numeric"' in field[0]
    assert 'autocomplete="one-time-code"' in field[0]
    wrong = visitor.post("/sign-in/code", {"code": "000000", "next": "/me/password"})
    assert (wrong.status_code, "clock of your phone" in wrong.text) == (422, True)
    before = visitor.client.get_cookie("desk")
    right = visitor.post("/sign-in/code", {"code": now(phone), "next": "/me/password"})
    assert right.headers["Location"] == "/me/password"
    assert "Expires" in right.headers["Set-Cookie"]
    assert visitor.client.get_cookie("desk") != before
    assert visitor.get("/me/password").status_code == 200


def test_nothing_opens_between_password_and_code(owner: Visitor, set_up: Flask) -> None:
    turn_on(owner)
    visitor = Visitor(set_up.test_client())
    visitor.sign_in()
    for path in ("/", "/me", "/me/second-factor", "/admin/people", "/v/open"):
        assert visitor.get(path).headers["Location"].startswith("/sign-in/code")
    visitor.get("/sign-in/code")
    assert visitor.post("/me/second-factor/off", {"confirm_password": PASSWORD}).status_code == 303
    part = visitor.get("/me", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (part.status_code, part.headers["HX-Redirect"]) == (401, "/sign-in/code")
    assert "It is on" in owner.get("/me/second-factor").text


def test_a_recovery_code_is_taken_in_the_same_field_once(owner: Visitor, set_up: Flask) -> None:
    _phone, codes = turn_on(owner)
    for attempt, status in ((0, 303), (1, 422)):
        visitor = Visitor(set_up.test_client())
        visitor.sign_in()
        visitor.get("/sign-in/code")
        answer = visitor.post("/sign-in/code", {"code": codes[0]})
        assert answer.status_code == status, attempt
    assert "9 recovery codes are left" in owner.get("/me/second-factor").text


def test_recovery_codes_are_shown_once_and_can_be_downloaded(owner: Visitor) -> None:
    owner.get("/me/second-factor")
    _phone, codes = turn_on(owner)
    assert len(codes) == 10
    owner.get("/me/second-factor")
    page = owner.post("/me/second-factor/codes", {"confirm_password": PASSWORD}).text
    fresh = codes_on(page)
    download = re.search(r'download="recovery-codes.txt" href="data:text/plain[^,]*,([^"]+)"', page)
    assert download
    assert html.unescape(download[1]).replace("%0A", " ").split() == fresh
    for path in ("/me/second-factor", "/me/second-factor/set-up"):
        assert fresh[0] not in owner.get(path).text


def test_a_reset_link_leads_to_the_code(owner: Visitor, visitor: Visitor) -> None:
    turn_on(owner)
    link = invitations.make_reset_link(SYSTEM, users.people(SYSTEM)[0].id)
    visitor.get(f"/reset/{link.token}")
    visitor.post(f"/reset/{link.token}", {"password": "uplne jine heslo"})
    assert visitor.get("/me").headers["Location"].startswith("/sign-in/code")


def test_an_attempt_that_took_too_long_begins_again(owner: Visitor, visitor: Visitor) -> None:
    phone, _codes = turn_on(owner)
    visitor.sign_in()
    visitor.get("/sign-in/code")
    with time_machine.travel(clock.now() + coming_in.LIFE + timedelta(minutes=1), tick=False):
        answer = visitor.post("/sign-in/code", {"code": now(phone)})
        assert answer.headers["Location"] == "/sign-in"
        assert "took too long" in visitor.get("/sign-in").text


def test_the_step_is_nothing_for_strangers_and_for_those_who_are_in(
    owner: Visitor, visitor: Visitor
) -> None:
    for browser in (owner, visitor):
        for path in ("/sign-in/code", "/sign-in/set-up"):
            assert browser.get(path).headers["Location"] == "/sign-in"
    visitor.get("/sign-in")
    assert visitor.post("/sign-in/code", {"code": "000000"}).headers["Location"] == "/sign-in"
    assert visitor.post("/sign-in/set-up", {"code": "000000"}).headers["Location"] == "/sign-in"


def test_an_owner_makes_it_compulsory_and_a_colleague_is_led_to_set_up(
    owner: Visitor, visitor: Visitor
) -> None:
    a_colleague()
    visitor.sign_in("p@example.com")
    owner.get("/admin/settings")
    kept = {"roles": ["agent"], "confirm_password": PASSWORD}
    assert owner.post("/admin/settings/second-factor", kept).status_code == 303
    assert 'value="agent" checked' in owner.get("/admin/settings").text
    assert visitor.get("/me").headers["Location"] == "/sign-in?next=%2Fme"
    visitor.sign_in("p@example.com")
    assert visitor.get("/").headers["Location"] == "/sign-in/set-up"
    page = visitor.get("/sign-in/set-up")
    wrong = visitor.post("/sign-in/set-up", {"code": "1"})
    assert wrong.status_code == 422
    assert key_on(wrong.text) == key_on(page.text)
    right = visitor.post("/sign-in/set-up", {"code": now(pyotp.TOTP(key_on(page.text)))})
    assert len(codes_on(right.text)) == 10
    assert "it cannot be turned off" in visitor.get("/me/second-factor").text
    assert visitor.post("/me/second-factor/off", {"confirm_password": PASSWORD}).status_code == 303
    assert "It is on" in visitor.get("/me/second-factor").text


def test_it_is_refused_to_make_it_compulsory_for_oneself_without_one(owner: Visitor) -> None:
    owner.get("/admin/settings")
    kept = {"roles": ["owner"], "confirm_password": PASSWORD}
    answer = owner.post("/admin/settings/second-factor", kept)
    assert answer.status_code == 422
    assert "your own second factor first" in answer.text


def test_an_admin_does_not_decide_who_needs_it(set_up: Flask, visitor: Visitor) -> None:
    a_colleague("admin")
    visitor.sign_in("p@example.com")
    assert "An owner decides" in visitor.get("/admin/settings").text
    form = {"roles": ["agent"], "confirm_password": PASSWORD}
    assert visitor.post("/admin/settings/second-factor", form).status_code == 403


def test_an_admin_resets_somebodys_and_ends_their_browsers(
    owner: Visitor, visitor: Visitor, set_up: Flask
) -> None:
    petr = a_colleague()
    visitor.sign_in("p@example.com")
    turn_on(visitor)
    assert visitor.get("/me").status_code == 200
    assert "Reset the second factor" in owner.get(f"/admin/people/{petr}").text
    path = f"/admin/people/{petr}/second-factor/reset"
    assert owner.post(path, {"confirm_password": PASSWORD}).status_code == 303
    assert "reset the second factor" in owner.get("/admin/audit").text
    assert visitor.get("/me").status_code == 303
    visitor.sign_in("p@example.com")
    assert visitor.get("/me").status_code == 200


@pytest.mark.parametrize("everywhere", [True, False])
def test_an_admin_ends_browsers_of_others(
    owner: Visitor, visitor: Visitor, *, everywhere: bool
) -> None:
    petr = a_colleague()
    visitor.sign_in("p@example.com")
    page = owner.get(f"/admin/people/{petr}").text
    ids = re.findall(r'name="session" value="(\d+)"', page)
    for session_id in [""] if everywhere else ids:
        owner.post(f"/admin/people/{petr}/sessions/end", {"session": session_id})
    assert visitor.get("/me").status_code == 303


@pytest.mark.parametrize("number", ["teapot", "1 OR 1=1", "-1", "9223372036854775808"])
def test_a_number_that_names_no_browser_ends_none(
    owner: Visitor, visitor: Visitor, number: str
) -> None:
    petr = a_colleague()
    visitor.sign_in("p@example.com")
    answer = owner.post(f"/admin/people/{petr}/sessions/end", {"session": number})
    assert answer.status_code == 303
    assert visitor.get("/me").status_code == 200


def test_one_ends_all_other_browsers(owner: Visitor, set_up: Flask) -> None:
    others = [Visitor(set_up.test_client()) for _ in range(2)]
    for other in others:
        other.sign_in()
    assert "Sign out all other browsers" in owner.get("/me/sessions").text
    owner.post("/me/sessions/end-others")
    assert [other.get("/me").status_code for other in others] == [303, 303]
    assert "browsers are signed out" in owner.get("/me/sessions").text
