"""Coming in and going out, without JavaScript."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.people import SYSTEM
from deskcore.models import Notice
from deskcore.services import invitations, link_requests, secrets, sessions, users
from deskcore.services.invitations import Invited
from deskcore.services.throttle import FREE_TRIES
from deskcore.services.unit import reading
from deskcore.web.identity import own_path
from tests import factories
from tests.web.conftest import OWNER_EMAIL, PASSWORD, Visitor


def test_the_right_pair_leads_to_the_page_that_was_wanted(set_up: Flask, visitor: Visitor) -> None:
    assert visitor.get("/me/password").headers["Location"] == "/sign-in?next=/me/password".replace(
        "/me", "%2Fme"
    ).replace("/password", "%2Fpassword")
    visitor.get("/sign-in?next=/me/password")
    answer = visitor.post(
        "/sign-in", {"email": OWNER_EMAIL, "password": PASSWORD, "next": "/me/password"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (303, "/me/password")
    assert visitor.get("/me/password").status_code == 200


def test_a_wrong_pair_keeps_the_address_and_says_one_sentence(
    set_up: Flask, visitor: Visitor
) -> None:
    visitor.get("/sign-in")
    answer = visitor.post("/sign-in", {"email": OWNER_EMAIL, "password": "not it at all"})
    assert answer.status_code == 422
    assert "<title>Error: " in answer.text
    assert f'value="{OWNER_EMAIL}"' in answer.text
    assert "not it at all" not in answer.text
    assert visitor.get("/me").status_code == 303


def test_too_many_tries_are_answered_429_with_the_wait(set_up: Flask, visitor: Visitor) -> None:
    visitor.get("/sign-in")
    with time_machine.travel(clock.now(), tick=False):
        for _try in range(FREE_TRIES):
            visitor.post("/sign-in", {"email": "x@example.com", "password": "guess"})
        answer = visitor.post("/sign-in", {"email": "x@example.com", "password": "guess"})
    assert answer.status_code == 429
    assert "Wait 2 s" in answer.text
    assert 'data-wait="2"' in answer.text


def test_the_session_cookie_is_out_of_reach_of_scripts_and_new_at_sign_in(
    set_up: Flask, visitor: Visitor
) -> None:
    before = visitor.get("/sign-in").headers["Set-Cookie"].split(";")[0]
    answer = visitor.post("/sign-in", {"email": OWNER_EMAIL, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Expires" not in cookie  # ends with the browser unless it was asked to stay
    assert cookie.split(";")[0] != before


def test_staying_signed_in_makes_the_cookie_outlive_the_browser(
    set_up: Flask, visitor: Visitor
) -> None:
    visitor.get("/sign-in")
    form = {"email": OWNER_EMAIL, "password": PASSWORD, "remember": "y"}
    assert "Expires" in visitor.post("/sign-in", form).headers["Set-Cookie"]


def test_signing_out_ends_the_session_even_for_a_copied_cookie(owner: Visitor) -> None:
    name = owner.client.application.config["SESSION_COOKIE_NAME"]
    cookie = owner.client.get_cookie(name)
    assert cookie is not None
    assert owner.post("/sign-out").status_code == 303
    owner.client.set_cookie(name, cookie.value)
    assert owner.get("/me").status_code == 303


def test_signing_out_by_a_link_is_not_possible(owner: Visitor) -> None:
    assert owner.get("/sign-out").status_code == 405
    assert owner.get("/me").status_code == 200


def test_a_form_without_its_token_changes_nothing(owner: Visitor) -> None:
    owner.token = ""
    assert owner.post("/sign-out").status_code == 403
    assert owner.get("/me").status_code == 200


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example",
        "javascript:alert(1)", "/\n/evil.example", "evil.example", "", "http:evil.example",
        "/\t//evil.example", "http://[", "http://]", "//[", "//℀.test",
    ],
)  # fmt: skip
def test_nobody_is_sent_to_another_site(wanted: str) -> None:
    assert own_path(wanted) == "/"


@pytest.mark.parametrize("wanted", ["http://[", "http://]", "//[", "//℀.test"])
def test_a_place_that_is_no_address_is_no_error(
    visitor: Visitor, set_up: Flask, wanted: str
) -> None:
    assert visitor.get("/sign-in", query_string={"next": wanted}).status_code == 200


def test_an_invitation_leads_in(owner: Visitor, visitor: Visitor) -> None:
    link = invitations.invite(SYSTEM, Invited(email="p@example.com", name="Petr", role="agent"))
    page = visitor.get(f"/invite/{link.token}")
    assert "p@example.com" in page.text
    assert 'value="Petr"' in page.text
    short = visitor.post(f"/invite/{link.token}", {"name": "Petr", "password": "short"})
    assert short.status_code == 422
    answer = visitor.post(f"/invite/{link.token}", {"name": "Petr D.", "password": PASSWORD})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert "Petr D." in visitor.get("/me").text
    assert visitor.get(f"/invite/{link.token}").status_code == 404


@pytest.mark.parametrize("path", ["/invite/nobodys", "/reset"])
def test_a_browser_that_rested_is_refused_by_a_stranger_s_form_in_words(
    owner: Visitor, path: str
) -> None:
    later = clock.now() + sessions.TOUCH_EVERY + timedelta(seconds=1)
    with time_machine.travel(later, tick=False):
        answer = owner.post(path, {"token": "nobodys", "name": "Petr", "password": PASSWORD})
    assert answer.status_code < 500


def test_an_old_invitation_says_whom_to_ask(set_up: Flask, visitor: Visitor) -> None:
    eva = users.people(SYSTEM)[0]
    with set_up.test_request_context():
        actor = invitations.invite(
            SYSTEM, Invited(email="p@example.com", name="Petr", role="agent")
        )
    assert eva.name
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        page = visitor.get(f"/invite/{actor.token}")
        assert "This link cannot be used" in page.text
        visitor.token = visitor.token or "x"
        late = visitor.post(f"/invite/{actor.token}", {"name": "P", "password": PASSWORD})
    assert late.status_code in {403, 404}


def test_a_reset_link_sets_a_new_password(set_up: Flask, visitor: Visitor) -> None:
    eva = users.people(SYSTEM)[0]
    link = invitations.make_reset_link(SYSTEM, eva.id)
    visitor.get(f"/reset/{link.token}")
    answer = visitor.post(f"/reset/{link.token}", {"password": "uplne jine heslo"})
    assert answer.status_code == 303
    fresh = Visitor(set_up.test_client())
    assert fresh.sign_in(password="uplne jine heslo").status_code == 303
    assert Visitor(set_up.test_client()).sign_in().status_code == 422


def test_a_stranger_chooses_the_language(set_up: Flask, visitor: Visitor) -> None:
    visitor.get("/sign-in")
    assert visitor.post("/language", {"language": "cs", "next": "/sign-in"}).status_code == 303
    assert '<html lang="cs"' in visitor.get("/sign-in").text
    visitor.post("/language", {"language": "xx", "next": "https://evil.example"})
    assert '<html lang="cs"' in visitor.get("/sign-in").text


@pytest.mark.parametrize(
    ("wishes", "language"), [("ru-RU,ru;q=0.9", "ru"), ("de,cs;q=0.5", "cs"), ("de", "en")]
)
def test_a_strangers_browser_says_which_language(
    set_up: Flask, visitor: Visitor, wishes: str, language: str
) -> None:
    page = visitor.get("/sign-in", headers={"Accept-Language": wishes})
    assert f'<html lang="{language}"' in page.text


def test_forgetting_the_password_says_who_can_help(set_up: Flask, visitor: Visitor) -> None:
    assert "desk user reset-password" in visitor.get("/forgot").text


def test_without_a_mailbox_the_page_says_who_helps_and_asks_for_nothing(
    set_up: Flask, visitor: Visitor
) -> None:
    page = visitor.get("/forgot").text
    assert "No mailbox is connected" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]
    assert visitor.post("/forgot", {"email": OWNER_EMAIL}).status_code == 200


def test_the_answer_to_asking_for_a_password_is_the_same_for_every_address(
    set_up: Flask, visitor: Visitor
) -> None:
    factories.a_mailbox(address="help@desk.test")
    invitations.invite(SYSTEM, Invited(email="new@example.com", name="New", role="agent"))
    answers = set()
    for email in (OWNER_EMAIL, "nobody@example.com", "new@example.com", "no address"):
        visitor.get("/forgot")
        answer = visitor.post("/forgot", {"email": email})
        answers.add((answer.status_code, answer.headers["Location"], answer.text))
    [(status, place, _text)] = answers
    assert (status, place) == (303, "/forgot?asked=password")
    page = visitor.get(place).text
    assert "If somebody here has this address" in page
    assert "desk user reset-password" in page


def test_asking_with_nothing_or_too_often_is_said_at_the_form(
    set_up: Flask, visitor: Visitor
) -> None:
    factories.a_mailbox(address="help@desk.test")
    visitor.get("/forgot")
    empty = visitor.post("/forgot", {"email": ""})
    assert empty.status_code == 422
    assert 'id="email-error"' in empty.text
    for _try in range(FREE_TRIES):
        assert visitor.post("/forgot", {"email": "nobody@example.com"}).status_code == 303
    assert visitor.post("/forgot", {"email": "nobody@example.com"}).status_code == 429


def test_a_mailed_link_never_starts_with_what_the_browser_claims(
    set_up: Flask, visitor: Visitor
) -> None:
    factories.a_mailbox(address="help@desk.test")
    visitor.get("/forgot")
    with set_up.app_context():
        visitor.client.post(
            "/forgot",
            data={"csrf_token": visitor.token, "email": OWNER_EMAIL},
            headers={"Host": "evil.example", "Origin": "http://evil.example"},
        )
    link_requests.send_password_link(OWNER_EMAIL)
    with reading() as session:
        words = session.scalars(select(Notice.words)).all()
    texts = [secrets.decrypt(one)["text"] for one in words]
    assert texts
    assert all("evil" not in text for text in texts)
    assert all("http://127.0.0.1:8080/reset/" in text for text in texts)


def test_an_invitation_too_old_offers_another_in_one_press_and_tells_nothing(
    set_up: Flask, visitor: Visitor
) -> None:
    factories.a_mailbox(address="help@desk.test")
    link = invitations.invite(SYSTEM, Invited(email="new@example.com", name="New", role="agent"))
    with time_machine.travel(clock.now() + timedelta(days=8), tick=False):
        assert f'action="/invite/{link.token}/again"' in visitor.get(f"/invite/{link.token}").text
        asked = visitor.post(f"/invite/{link.token}/again")
        invented = visitor.post(f"/invite/{'x' * 43}/again")
        assert asked.status_code == invented.status_code == 303
        assert asked.headers["Location"] == invented.headers["Location"]
        assert "new one is on its way" in visitor.get(asked.headers["Location"]).text


def test_a_clock_that_is_put_right_signs_nobody_out(owner: Visitor) -> None:
    with time_machine.travel(clock.now() - timedelta(days=1)):
        assert owner.get("/me").status_code == 200


def test_a_cookie_that_was_changed_is_nobodys(owner: Visitor) -> None:
    name = owner.client.application.config["SESSION_COOKIE_NAME"]
    cookie = owner.client.get_cookie(name)
    assert cookie is not None
    owner.client.set_cookie(name, f"{cookie.value}x")
    assert owner.get("/me").status_code == 303
