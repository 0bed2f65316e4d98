"""Changes are made by the desk's own pages only."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deskcore.web.csrf import comes_from_here
from tests.web.styleguide.fixtures import into, token

BODY = {"body": "Dobrý den"}


@pytest.mark.parametrize(
    ("fetch_site", "origin", "is_ours"),
    [
        ("same-origin", "http://desk.lan", True),
        ("none", "", True),
        ("same-site", "http://desk.lan", False),
        ("cross-site", "", False),
        ("", "", True),
        ("", "http://desk.lan", True),
        ("", "http://desk.lan:81", False),
        ("", "http://evil.example", False),
        ("", "null", False),
        ("", "http://desk.lan.evil.example", False),
        ("", "http://[", False),
        ("", "//desk.lan", False),
    ],
)
def test_where_a_request_came_from(fetch_site: str, origin: str, is_ours: bool) -> None:  # noqa: FBT001  a case
    assert comes_from_here(fetch_site=fetch_site, origin=origin, host="desk.lan") is is_ours


def test_a_form_with_its_token_is_taken(guide: FlaskClient) -> None:
    answer = guide.post("/t/1/reply", data={**BODY, "csrf_token": token(guide)})
    assert answer.status_code == 303


def test_a_form_without_token_is_refused_in_words(guide: FlaskClient) -> None:
    answer = guide.post("/t/1/reply", data=BODY)
    assert answer.status_code == 403
    assert "Nothing was changed." in answer.text


def test_the_token_may_travel_in_a_header(guide: FlaskClient) -> None:
    headers = {**into("main#main"), "X-CSRFToken": token(guide)}
    assert guide.post("/t/1/reply", data=BODY, headers=headers).status_code == 204


def test_a_token_of_another_session_is_refused(guide: FlaskClient, guide_app: Flask) -> None:
    stolen = token(guide_app.test_client())
    token(guide)
    assert guide.post("/t/1/reply", data={**BODY, "csrf_token": stolen}).status_code == 403


def test_a_request_from_another_site_is_refused_even_with_a_token(guide: FlaskClient) -> None:
    data = {**BODY, "csrf_token": token(guide)}
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "http://evil.example"}):
        assert guide.post("/t/1/reply", data=data, headers=headers).status_code == 403


def test_reading_needs_no_token(guide: FlaskClient) -> None:
    assert guide.get("/t/1", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 200


def test_signed_webhooks_are_left_to_their_own_check(guide_app: Flask) -> None:
    guide_app.add_url_rule("/in/hook", view_func=lambda: "taken", methods=["POST"])
    answer = guide_app.test_client().post("/in/hook", headers={"Origin": "https://hooks.example"})
    assert answer.text == "taken"
