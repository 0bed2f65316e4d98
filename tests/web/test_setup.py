"""Set-up in the browser, without JavaScript: code, checks, owner, mailbox; then gone."""

from __future__ import annotations

from flask import Flask

from deskcore.services import setup
from tests.web.conftest import PASSWORD, Visitor

OWNER = {
    "name": "Eva Nová",
    "email": "eva@example.com",
    "password": PASSWORD,
    "shop_name": "Čajovna",
    "shop_time_zone": "Europe/Prague",
    "shop_language": "cs",
}


def enter(visitor: Visitor) -> None:
    """Type the code that the server printed."""
    code = setup.ensure_setup_code()
    visitor.get("/setup")
    assert visitor.post("/setup", {"code": code}).status_code == 303


def test_a_new_desk_leads_to_set_up_from_everywhere(visitor: Visitor, desk: Flask) -> None:
    for path in ("/", "/admin/people", "/sign-in"):
        answer = visitor.get(path)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/setup")


def test_without_the_code_nothing_about_the_server_is_told(visitor: Visitor) -> None:
    page = visitor.get("/setup").text
    assert "Set-up code" in page
    assert "Python 3" not in page
    assert visitor.get("/setup/owner").headers["Location"] == "/setup"
    assert visitor.post("/setup/owner", OWNER).headers["Location"] == "/setup"
    assert not setup.is_set_up()


def test_a_wrong_code_is_refused_in_words(visitor: Visitor) -> None:
    setup.ensure_setup_code()
    visitor.get("/setup")
    answer = visitor.post("/setup", {"code": "AAAAA-AAAAA"})
    assert answer.status_code == 422
    assert "This is not the code" in answer.text


def test_the_code_shows_whether_the_server_will_do(visitor: Visitor) -> None:
    enter(visitor)
    page = visitor.get("/setup").text
    assert "This server will do" in page
    assert "Python 3" in page
    assert "SQLite" in page or "PostgreSQL" in page


def test_the_owner_is_signed_in_and_set_up_is_gone(visitor: Visitor, desk: Flask) -> None:
    enter(visitor)
    visitor.get("/setup/owner")
    answer = visitor.post("/setup/owner", OWNER)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/setup/mailbox")
    assert visitor.get("/setup/mailbox").status_code == 200
    for browser in (visitor, Visitor(desk.test_client())):
        for path in ("/setup", "/setup/owner"):
            assert browser.get(path).status_code == 404


def test_what_was_typed_is_kept_when_something_is_wrong_but_the_password(visitor: Visitor) -> None:
    enter(visitor)
    visitor.get("/setup/owner")
    answer = visitor.post("/setup/owner", {**OWNER, "email": "eva"})
    assert answer.status_code == 422
    assert 'value="Eva Nová"' in answer.text
    assert PASSWORD not in answer.text
    assert not setup.is_set_up()


def test_zone_and_language_are_guessed_from_the_browser(visitor: Visitor) -> None:
    enter(visitor)
    page = visitor.get("/setup/owner", headers={"Accept-Language": "cs-CZ,cs;q=0.9"}).text
    assert '<option value="Europe/Prague" selected>' in page
    assert '<option value="cs" selected>' in page


def test_sample_data_can_be_tried_and_taken_out(owner: Visitor) -> None:
    owner.get("/setup/mailbox")
    assert owner.post("/admin/sample").headers["Location"] == "/"
    assert "Support (sample)" in owner.get("/admin/mailboxes").text
    owner.get("/admin")
    assert owner.post("/admin/sample/remove").status_code == 303
    assert "Support (sample)" not in owner.get("/admin/mailboxes").text
