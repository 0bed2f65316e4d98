"""Pages and their parts: what htmx gets, and how the browser is steered."""

from __future__ import annotations

import json
import re

from flask import Flask
from flask.testing import FlaskClient

from deskcore.web import htmx
from tests.web.styleguide.fixtures import into, token

TITLE = re.compile(r"<title>[^<]*</title>\n?")
PARTIALS = re.compile(r"\n?<hx-partial .*?</hx-partial>", re.DOTALL)


def without_token(html: str) -> str:
    """Blank out the form tokens, which tell the second they were made in."""
    return re.sub(r'(csrf_token" value=|X-CSRFToken": )"[^"]*"', r'\1"…"', html)


def test_a_plain_request_gets_the_whole_page(guide: FlaskClient) -> None:
    answer = guide.get("/t/1")
    assert answer.text.lstrip().startswith("<!doctype html>")
    assert answer.text.count("<main") == 1
    assert "hx-partial" not in answer.text


def test_a_partial_request_gets_the_region_and_what_changes_with_it(guide: FlaskClient) -> None:
    answer = guide.get("/t/1", headers=into("main#main"))
    assert answer.text.startswith('<main class="main" id="main"')
    assert '<hx-partial hx-target="#side" hx-swap="outerMorph"><aside' in answer.text
    assert "<title>#1 · Konvička &amp; syn</title>" in answer.text
    assert 'id="nav"' not in answer.text


def test_a_fragment_is_part_of_the_whole_page(guide: FlaskClient) -> None:
    whole = without_token(guide.get("/t/1").text)
    part = without_token(guide.get("/t/1", headers=into("main#main")).text)
    region = TITLE.sub("", PARTIALS.sub("", part)).strip()
    assert region in whole


def test_the_named_target_decides_which_region_comes(guide: FlaskClient) -> None:
    answer = guide.get("/", headers=into("section#list"))
    assert answer.text.startswith('<section class="list" id="list"')
    assert 'id="main"' not in answer.text


def test_an_unknown_target_gets_the_main_region(guide: FlaskClient) -> None:
    assert 'id="main"' in guide.get("/", headers=into("div#elsewhere")).text


def test_a_history_restore_gets_the_whole_page(guide: FlaskClient) -> None:
    headers = {"HX-History-Restore-Request": "true", "HX-Request-Type": "full"}
    assert guide.get("/t/1", headers=headers).text.lstrip().startswith("<!doctype html>")


def test_answers_vary_by_the_kind_of_request(guide: FlaskClient) -> None:
    for headers in ({}, into("main#main")):
        assert "HX-Request-Type" in guide.get("/t/1", headers=headers).headers["Vary"]


def test_after_a_form_a_browser_without_script_is_sent_on(guide: FlaskClient) -> None:
    data = {"body": "Posíláme novou.", "then": "solve", "csrf_token": token(guide)}
    answer = guide.post("/t/1/reply", data=data)
    assert (answer.status_code, answer.location) == (303, "/t/2")
    assert "Reply to Jana goes out in" in guide.get("/t/2").text


def test_after_a_form_htmx_fetches_the_next_page_into_the_region(guide: FlaskClient) -> None:
    data = {"body": "Posíláme novou.", "then": "solve", "csrf_token": token(guide)}
    answer = guide.post("/t/1/reply", data=data, headers=into("main#main"))
    place = json.loads(answer.headers["HX-Location"])
    assert place == {"path": "/t/2", "target": "#main", "swap": "outerMorph"}
    following = guide.get("/t/2", headers=into("main#main"))
    assert (
        '<hx-partial hx-target="#toasts" hx-swap="beforeend"><div class="toast"' in following.text
    )


def test_a_refused_form_comes_back_with_its_error_and_status(guide: FlaskClient) -> None:
    data = {"body": " ", "csrf_token": token(guide)}
    answer = guide.post("/t/1/reply", data=data, headers=into("main#main"))
    assert answer.status_code == 422
    assert "Write something first." in answer.text


def test_toasts_are_shown_once_and_bad_ones_are_alerts(guide: FlaskClient) -> None:
    shown = guide.get("/guide?toast=1").text
    alerts = shown[shown.index('id="alerts"') :]
    assert "The mail server refused the password." in alerts
    assert "The mail server refused the password." not in guide.get("/sign-in").text


def test_ids_are_taken_out_of_what_htmx_sends(guide_app: Flask) -> None:
    headers = {"HX-Target": "div#r%C3%A1dek-7", "HX-Source": "button"}
    with guide_app.test_request_context(headers=headers):
        assert htmx.target_id() == "rádek-7"
        assert htmx.source_id() == ""


def test_several_events_travel_in_one_ascii_header(guide_app: Flask) -> None:
    with guide_app.test_request_context():
        answer = htmx.no_change()
        htmx.trigger(answer, "desk:ticket-changed", {"id": 7})
        htmx.trigger(answer, "desk:counts")
    events = json.loads(answer.headers["HX-Trigger"])
    assert events == {"desk:ticket-changed": {"id": 7}, "desk:counts": {}}
    assert answer.status_code == 204


def test_somebody_signed_out_is_sent_to_sign_in_also_from_a_fragment(guide_app: Flask) -> None:
    with guide_app.test_request_context(headers=into("main#main")):
        answer = htmx.sign_in_again("/sign-in?next=/t/1")
        assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in?next=/t/1")
    with guide_app.test_request_context():
        assert htmx.sign_in_again("/sign-in").status_code == 303
