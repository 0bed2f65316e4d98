"""Every answer tells the browser what it may do with it."""

from __future__ import annotations

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from deskcore.web.security import POLICIES, init_security
from tests.web.styleguide.fixtures import into

ALL = ["/t/1", "/mail", "/wrong/404", "/wrong/500", "/nowhere", "/static/old/desk.css"]


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("headers", [{}, into("main#main")], ids=["page", "fragment"])
def test_every_answer_carries_the_headers(
    guide: FlaskClient, path: str, headers: dict[str, str]
) -> None:
    answer = guide.get(path, headers=headers)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "camera=()" in answer.headers["Permissions-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith(("default-src 'none'", "sandbox"))


def test_the_desk_runs_its_own_files_only(guide: FlaskClient) -> None:
    assert guide.get("/t/1").headers["Content-Security-Policy"] == (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def test_a_mail_opened_alone_runs_nothing(guide: FlaskClient) -> None:
    policy = guide.get("/mail").headers["Content-Security-Policy"]
    assert policy.startswith("sandbox ")
    assert "allow-scripts" not in policy
    assert "script-src" not in policy
    assert "default-src 'none'" in policy


def test_no_policy_lets_inline_code_run() -> None:
    for policy in POLICIES.values():
        assert "unsafe-eval" not in policy
        assert "'unsafe-inline'" not in policy.replace("style-src 'unsafe-inline'", "")


def test_pages_are_not_stored_and_kept_apart_by_cookie(guide: FlaskClient) -> None:
    answer = guide.get("/t/1")
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Cookie" in answer.headers["Vary"]


def test_the_session_cookie_is_bound_to_https_hosts() -> None:
    app = Flask(__name__)
    init_security(app, base_url="https://desk.example")
    assert app.config["SESSION_COOKIE_NAME"] == "__Host-desk"
    assert app.config["SESSION_COOKIE_SECURE"] is True
    init_security(app, base_url="http://desk.lan")
    assert app.config["SESSION_COOKIE_NAME"] == "desk"


def test_text_over_a_kilobyte_is_packed(guide: FlaskClient) -> None:
    packed = guide.get("/t/1", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert b"<main" in gzip.decompress(packed.data)
    assert "Content-Encoding" not in guide.get("/t/1").headers
    assert "Content-Encoding" not in guide.get("/mail?", headers={"Accept-Encoding": "br"}).headers


def test_an_error_page_says_what_to_do_and_names_the_request(guide: FlaskClient) -> None:
    answer = guide.get("/wrong/500")
    assert answer.status_code == 500
    assert "The desk made a mistake" in answer.text
    assert answer.headers["X-Request-Id"] in answer.text
    assert "wrong on purpose" not in answer.text


@pytest.mark.parametrize("status", [403, 404, 409, 410, 413, 429, 503])
def test_each_error_has_words_of_its_own(guide: FlaskClient, status: int) -> None:
    page = guide.get(f"/wrong/{status}")
    assert page.status_code == status
    assert page.text.count("<h1") == 1
    assert "The desk could not read that request" not in page.text


def test_an_error_in_a_fragment_is_only_a_toast(guide: FlaskClient) -> None:
    answer = guide.get("/wrong/404", headers=into("main#main"))
    assert answer.status_code == 404
    assert answer.text.startswith('<hx-partial hx-target="#alerts" hx-swap="beforeend">')
    assert "<main" not in answer.text
