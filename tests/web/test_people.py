"""People, teams and one's own pages, without JavaScript."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.kinds import DeliveryState
from deskcore.domain.people import SYSTEM
from deskcore.models import ChannelAccount, Delivery
from deskcore.services import teams, users
from deskcore.services.unit import reading, unit_of_work
from tests import factories
from tests.web.conftest import PASSWORD, Visitor


def invited(owner: Visitor, email: str = "petr@example.com", role: str = "agent") -> str:
    """Invite somebody by the form; returns the path of the link."""
    owner.get("/admin/people/invite")
    page = owner.post("/admin/people/invite", {"name": "Petr", "email": email, "role": role})
    assert page.status_code == 200, page.text
    found = re.search(r"http://localhost(/invite/[^<]+)", page.text)
    assert found
    return found[1]


def id_of(email: str) -> int:
    return next(person.id for person in users.people(SYSTEM) if person.email == email)


def test_an_invited_colleague_comes_in_by_the_link_that_was_shown(
    owner: Visitor, visitor: Visitor
) -> None:
    path = invited(owner)
    visitor.get(path)
    visitor.post(path, {"name": "Petr", "password": PASSWORD})
    assert visitor.get("/me").status_code == 200
    assert "petr@example.com" in owner.get("/admin/people").text


def test_the_page_says_whether_the_invitation_was_mailed(owner: Visitor) -> None:
    invited(owner)
    again = f"/admin/people/{id_of('petr@example.com')}"
    assert "Make a new invitation link" in owner.get(again).text
    assert "No mailbox is connected" in owner.post(f"{again}/invitation").text
    factories.a_mailbox(address="help@desk.test")
    assert "Send the invitation again" in owner.get(again).text
    page = owner.post(f"{again}/invitation").text
    assert "Sent to petr@example.com; it is on its way." in page
    assert "http://localhost/invite/" in page
    assert f'href="{again}"' in owner.get("/outbox").text


def test_a_mail_that_did_not_arrive_is_set_aside_from_where_it_is_seen(owner: Visitor) -> None:
    factories.a_mailbox(address="help@desk.test")
    invited(owner)
    with unit_of_work() as unit:
        row = unit.session.scalars(select(Delivery)).one()
        row.state, row.detail = DeliveryState.FAILED, "550 no such user"
        path = f"/outbox/{row.id}/discard"
    for page in ("/outbox", "/attention"):
        assert "550 no such user" in owner.get(page).text
    answer = owner.post(path, {"back": "attention"})
    assert answer.headers["Location"] == "/attention"
    assert "550 no such user" not in owner.get("/attention").text
    assert owner.post(path).status_code == 404


def test_settings_choose_where_the_desks_own_mail_comes_from(owner: Visitor) -> None:
    assert "No mailbox is connected that could send it" in owner.get("/admin/settings").text
    factories.a_mailbox(address="help@desk.test")
    with reading() as session:
        account_id = session.scalars(select(ChannelAccount.id)).one()
    assert f'<option value="{account_id}">' in owner.get("/admin/settings").text
    form = {"name": "Čajovna", "time_zone": "Europe/Prague", "language": "en"}
    owner.post("/admin/settings", {**form, "own_mail_from": str(account_id)})
    assert f'<option value="{account_id}" selected>' in owner.get("/admin/settings").text


def test_a_sender_that_is_no_number_is_refused_like_one_that_is_not_there(owner: Visitor) -> None:
    form = {"name": "Shop", "time_zone": "Europe/Prague", "language": "en"}
    for chosen in ("teapot", "77", "9" * 4_301):
        answer = owner.post("/admin/settings", {**form, "own_mail_from": chosen})
        assert answer.status_code in {303, 422}, chosen[:20]
        assert "9999" not in owner.get("/admin/settings").text


def test_a_bad_invitation_is_refused_at_the_field(owner: Visitor) -> None:
    owner.get("/admin/people/invite")
    page = owner.post("/admin/people/invite", {"name": "Petr", "email": "petr", "role": "agent"})
    assert page.status_code == 422
    assert 'id="email-error"' in page.text
    assert 'value="petr"' in page.text


def test_a_role_that_does_not_exist_is_refused(owner: Visitor) -> None:
    owner.get("/admin/people/invite")
    form = {"name": "P", "email": "p@example.com", "role": "emperor"}
    assert owner.post("/admin/people/invite", form).status_code == 422


def test_changing_a_role_asks_for_ones_own_password(owner: Visitor) -> None:
    invited(owner)
    petr = id_of("petr@example.com")
    owner.get(f"/admin/people/{petr}")
    wrong = owner.post(f"/admin/people/{petr}/role", {"role": "admin", "confirm_password": "guess"})
    assert wrong.status_code == 422
    assert users.person(SYSTEM, petr).role == "agent"
    right = owner.post(
        f"/admin/people/{petr}/role", {"role": "admin", "confirm_password": PASSWORD}
    )
    assert right.status_code == 303
    assert users.person(SYSTEM, petr).role == "admin"


def test_deactivating_ends_the_other_browser_at_once(owner: Visitor, visitor: Visitor) -> None:
    path = invited(owner)
    visitor.get(path)
    visitor.post(path, {"name": "Petr", "password": PASSWORD})
    assert visitor.get("/me").status_code == 200
    owner.get("/admin/people")
    owner.post(f"/admin/people/{id_of('petr@example.com')}/deactivate")
    assert visitor.get("/me").status_code == 303


def test_the_last_owner_is_told_why_they_stay(owner: Visitor) -> None:
    me = users.people(SYSTEM)[0].id
    owner.get(f"/admin/people/{me}")
    page = owner.post(f"/admin/people/{me}/role", {"role": "agent", "confirm_password": PASSWORD})
    assert page.status_code == 422
    assert "The desk needs an owner" in page.text


def test_somebody_who_does_not_exist_is_not_found(owner: Visitor) -> None:
    assert owner.get("/admin/people/999").status_code == 404


def test_a_team_is_made_filled_and_deleted(owner: Visitor) -> None:
    owner.get("/admin/teams")
    answer = owner.post("/admin/teams", {"name": "Orders"})
    team_id = int(answer.headers["Location"].rpartition("/")[2])
    owner.get(f"/admin/teams/{team_id}")
    me = users.people(SYSTEM)[0].id
    owner.post(f"/admin/teams/{team_id}", {"name": "Orders", "member_ids": [str(me)]})
    assert teams.team(SYSTEM, team_id).member_ids == {me}
    owner.post(f"/admin/teams/{team_id}/delete")
    assert "Orders" not in owner.get("/admin/teams").text.replace("deleted", "")


def test_two_teams_of_one_name_are_refused(owner: Visitor) -> None:
    owner.get("/admin/teams")
    assert owner.post("/admin/teams", {"name": "Everyone"}).status_code == 422


def test_preferences_hold_from_the_next_page_on(owner: Visitor) -> None:
    wishes = {
        "name": "Eva N.",
        "language": "ru",
        "time_zone": "Europe/Moscow",
        "theme": "dark",
        "density": "compact",
    }
    owner.get("/me")
    assert owner.post("/me", wishes).status_code == 303
    page = owner.get("/me").text
    assert '<html lang="ru"' in page
    assert 'data-theme="dark"' in page
    assert 'data-density="compact"' in page
    assert "data-no-keys" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"theme": "pink"},
        {"density": "huge"},
        {"time_zone": "Mars/Olympus"},
        {"language": "xx"},
        {"name": ""},
    ],
)
def test_wishes_that_do_not_exist_are_refused(owner: Visitor, wrong: dict[str, str]) -> None:
    wishes = {"name": "Eva", "theme": "auto", "density": "cosy", "language": "", "time_zone": ""}
    owner.get("/me")
    assert owner.post("/me", {**wishes, **wrong}).status_code == 422


def test_a_new_password_needs_the_old_one_and_ends_other_browsers(
    set_up: Flask, owner: Visitor
) -> None:
    other = Visitor(set_up.test_client())
    other.sign_in()
    owner.get("/me/password")
    wrong = owner.post("/me/password", {"old": "guess", "new": "uplne jine heslo"})
    assert wrong.status_code == 422
    owner.post("/me/password", {"old": PASSWORD, "new": "uplne jine heslo"})
    assert owner.get("/me").status_code == 200
    assert other.get("/me").status_code == 303


def test_one_ends_ones_other_browsers(set_up: Flask, owner: Visitor) -> None:
    other = Visitor(set_up.test_client())
    other.sign_in()
    page = owner.get("/me/sessions").text
    session_id = max(map(int, re.findall(r"/me/sessions/(\d+)/end", page)))
    owner.post(f"/me/sessions/{session_id}/end")
    assert other.get("/me").status_code == 303
    assert owner.get("/me").status_code == 200


def test_settings_name_the_desk(owner: Visitor) -> None:
    owner.get("/admin/settings")
    form = {"name": "Kavárna", "time_zone": "Europe/Prague", "language": "en"}
    assert owner.post("/admin/settings", form).status_code == 303
    assert "Kavárna" in owner.get("/admin").text
    assert owner.post("/admin/settings", {**form, "time_zone": "x"}).status_code == 422
    assert "changed the desk" in owner.get("/admin/audit").text
