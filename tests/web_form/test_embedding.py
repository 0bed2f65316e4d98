"""A form inside other sites: those of its owner's list, by policy; and what an owner copies there."""

from __future__ import annotations

import gzip
from dataclasses import replace

import pytest
from flask import Flask

from deskcore.services.public_settings import change_public_settings, public_settings
from tests.web.conftest import Visitor
from tests.web.test_tickets import eva
from tests.web_form.conftest import FILLED, URL, Writer
from tests.web_form.forms import change, contact

SITE = "https://shop.example"


def ancestors(answer: object) -> str:
    policy = answer.headers["Content-Security-Policy"]  # type: ignore[attr-defined]  # a response
    return next(part for part in policy.split("; ") if part.startswith("frame-ancestors"))


def test_only_listed_sites_may_frame_a_form_whatever_it_answers(
    owner: Visitor, writer: Writer
) -> None:
    writer.open()
    assert ancestors(writer.page) == "frame-ancestors 'self'"
    change(eva(), sites=(SITE, "http://127.0.0.1:8081", "https://*.shop.example"))
    listed = f"frame-ancestors 'self' {SITE} http://127.0.0.1:8081 https://*.shop.example"
    writer.open(f"{URL}?frame=1")
    assert ancestors(writer.page) == listed
    assert ancestors(writer.send({"f-subject": ""})) == listed
    answer = writer.send()
    assert "frame=1" in answer.location
    writer.open(answer.location)
    assert ancestors(writer.page) == listed
    for path in (f"{URL}/sent/nobodys-key-of-a-page", "/help", f"{URL}x"):
        writer.open(path)
        assert SITE not in ancestors(writer.page) or path.startswith(f"{URL}/sent")
    assert ancestors(owner.get(f"/p/web_form/{contact().id}")) == "frame-ancestors 'none'"


@pytest.mark.parametrize(
    "site",
    [
        "shop.example",
        "https://shop.example/page",
        "https://a.example; script-src *",
        "*",
        "ftp://a",
    ],
)
def test_what_is_no_site_is_not_listed(owner: Visitor, site: str) -> None:
    path = f"/p/web_form/{contact().id}/settings"
    page = owner.get(path).text
    form = {"name": "Contact", "slug": "contact", "mailbox_id": "0", "team_id": "0", "version": "1"}
    answer = owner.post(path, {**form, "languages": ["en"], "is_on": "y", "sites": site})
    assert "Sites that may show it" in page
    assert answer.status_code == 422
    assert "Write each site as https://shop.example" in answer.text


def test_the_script_for_other_sites_is_small_and_theirs_to_load(writer: Writer) -> None:
    script = writer.open("/c/web_form/embed.js")
    assert writer.page.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "public" in writer.page.headers["Cache-Control"]
    assert len(gzip.compress(script.encode())) <= 4096
    writer.open()
    assert writer.page.headers["Cross-Origin-Resource-Policy"] == "same-origin"


def test_what_an_owner_copies_and_prints_leads_to_the_form(owner: Visitor) -> None:
    page = owner.get(f"/p/web_form/{contact().id}/embed").text
    for shown in (
        "http://localhost/c/web_form/contact",
        "&lt;iframe src=&#34;http://localhost/c/web_form/contact?frame=1",
        "data-form=&#34;contact&#34;",
        "No site may show it yet",
        "frame-src http://localhost; script-src http://localhost",
    ):
        assert shown in page, shown
    code = owner.get(f"/p/web_form/{contact().id}/code.svg")
    assert code.mimetype == "image/svg+xml"
    assert code.data.startswith(b"<?xml")


def test_the_help_page_offers_the_first_form_while_it_is_on(owner: Visitor, set_up: Flask) -> None:
    assert 'href="/c/web_form/contact"' in owner.get("/help").text
    change(eva(), is_on=False, is_first=False)
    assert "/c/web_form/contact" not in owner.get("/help").text
    assert owner.get(URL).status_code == 404
    assert set_up.test_client().post(URL, data=FILLED).status_code == 404


def test_forms_are_closed_with_the_pages_for_customers(owner: Visitor) -> None:
    assert owner.get(URL).status_code == 200
    change_public_settings(eva(), replace(public_settings(), is_on=False))
    assert owner.get(URL).status_code == 404
    assert owner.get("/c/web_form/embed.js").status_code == 404
    assert "Customers cannot open any form now" in owner.get("/p/web_form/").text
