"""The first page customers see: what it tells, in which language, and with which headers."""

from __future__ import annotations

import gzip
import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import update

from deskcore import clock
from deskcore.domain.kinds import Direction
from deskcore.domain.people import SYSTEM
from deskcore.models import Message
from deskcore.services import help_page
from deskcore.services.public_settings import PublicSettings, change_public_settings
from deskcore.services.unit import unit_of_work
from deskcore.theme.contexts import BLOCKS, CONTEXTS
from tests import factories
from tests.web.conftest import Visitor

SETTINGS = PublicSettings()
WEEK = ("9-12, 13-18",) * 5 + ("", "")
MOST_BYTES = 60_000


def test_a_stranger_reads_the_page_without_an_account_or_a_script(
    set_up: Flask, visitor: Visitor
) -> None:
    answer = visitor.get("/help")
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert answer.text.count("<h1") == 1
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "Set-Cookie" not in answer.headers


def test_nothing_is_told_before_the_desk_has_an_owner_or_after_they_closed_it(
    desk: Flask, visitor: Visitor
) -> None:
    assert visitor.get("/help").status_code == 404
    assert "Allow: /help" not in visitor.get("/robots.txt").text


def test_a_closed_public_side_answers_as_if_there_was_none(set_up: Flask, visitor: Visitor) -> None:
    assert "Allow: /help" in visitor.get("/robots.txt").text
    change_public_settings(SYSTEM, replace(SETTINGS, is_on=False))
    assert visitor.get("/help").status_code == 404
    assert "Allow: /help" not in visitor.get("/robots.txt").text


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "How can we help?"), ("ru", "Чем помочь?"), ("cs", "S čím vám můžeme pomoct?")],
)
def test_the_browser_is_spoken_to_in_its_language(
    set_up: Flask, visitor: Visitor, code: str, said: str
) -> None:
    page = visitor.get("/help", headers={"Accept-Language": code}).text
    assert said in page
    assert f'<html lang="{code}"' in page


def test_a_chosen_language_stays(set_up: Flask, visitor: Visitor) -> None:
    page = visitor.get("/help").text
    links = re.findall(r'<a href="(/help\?lang=\w+)" hreflang="(\w+)"[^>]*>([^<]+)</a>', page)
    assert [(code, name) for _, code, name in links] == [
        ("en", "English"),
        ("ru", "Русский"),
        ("cs", "Čeština"),
    ]
    assert "Чем помочь?" in visitor.get("/help?lang=ru").text
    assert "Чем помочь?" in visitor.get("/help", headers={"Accept-Language": "cs"}).text


def test_opening_hours_and_whether_somebody_is_there_are_told(
    set_up: Flask, visitor: Visitor
) -> None:
    assert "Opening hours" not in visitor.get("/help").text
    change_public_settings(SYSTEM, replace(SETTINGS, hours=WEEK))
    with time_machine.travel(
        datetime(2026, 11, 18, 8, 30, tzinfo=UTC), tick=False
    ):  # 9:30 in Prague
        page = visitor.get("/help").text
        assert "Mon–Fri" in page
        assert "9:00–12:00, 13:00–18:00" in page
        assert "We are here now." in page
    with time_machine.travel(datetime(2026, 11, 18, 11, 30, tzinfo=UTC), tick=False):
        assert "We are away now." in visitor.get("/help").text


def test_only_addresses_that_the_owner_made_public_are_told(
    set_up: Flask, visitor: Visitor
) -> None:
    shown = factories.a_mailbox("Shop", address="shop@example.com")
    factories.a_mailbox("Accounts", address="accounts@example.com")
    assert "@example.com" not in visitor.get("/help").text
    change_public_settings(SYSTEM, replace(SETTINGS, mailbox_ids=(shown,)))
    page = visitor.get("/help").text
    assert 'href="mailto:shop@example.com"' in page
    assert "accounts@example.com" not in page


def _answered(mailbox_id: int, after: timedelta | None) -> None:
    asked = clock.now() - timedelta(days=2, hours=20)
    number = factories.a_ticket(mailbox_id, at=asked)
    if after is not None:
        message_id = factories.a_message(number, "Ano.", direction=Direction.OUT)
        change = update(Message).where(Message.id == message_id)
        with unit_of_work() as unit:
            unit.session.execute(change.values(created_at=asked + after))


def test_the_answer_time_is_what_four_of_five_waited_and_counts_who_still_waits(
    set_up: Flask, visitor: Visitor
) -> None:
    mailbox = factories.a_mailbox()
    for hours in (1, 1, 1, 1, 1, 1, 2, 2, 5):
        _answered(mailbox, timedelta(hours=hours))
    assert help_page.usual_wait() is None
    assert "We usually answer" not in visitor.get("/help").text
    _answered(mailbox, timedelta(hours=9))
    assert "We usually answer within 5 hours." in visitor.get("/help").text
    for _number in range(3):
        _answered(mailbox, None)
    assert "We usually answer within 3 days." in visitor.get("/help").text


def test_the_first_visit_weighs_less_than_60_kilobytes(set_up: Flask, visitor: Visitor) -> None:
    change_public_settings(SYSTEM, replace(SETTINGS, hours=WEEK))
    page = visitor.get("/help").text
    assets = set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))
    sizes = [len(gzip.compress(page.encode()))]
    for path in assets:
        answer = visitor.client.get(path, headers={"Accept-Encoding": "gzip"})
        sizes.append(len(answer.data))
    assert len(assets) == 2
    assert sum(sizes) < MOST_BYTES


def test_an_address_that_is_none_is_answered_in_the_customer_s_words(
    set_up: Flask, visitor: Visitor
) -> None:
    answer = visitor.get("/help/nowhere")
    assert answer.status_code == 404
    assert 'data-surface="public"' in answer.text
    assert "The link may have been cut short" in answer.text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert "X-Robots-Tag" not in visitor.get("/help").headers


def test_where_a_page_was_read_is_told_to_no_other_site(set_up: Flask, visitor: Visitor) -> None:
    assert visitor.get("/help").headers["Referrer-Policy"] == "same-origin"
    answer = visitor.get("/help", base_url="https://localhost")
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_pages_have_the_blocks_and_values_that_themes_rely_on(set_up: Flask) -> None:
    env = set_up.jinja_env
    assert env.loader
    assert set(BLOCKS) == set(env.get_template("public/layout.html").blocks)
    for template, (name, context) in CONTEXTS.items():
        source = env.loader.get_source(env, template)[0]
        used = set(re.findall(rf"\b{name}\.(\w+)", source))
        assert used <= {field.name for field in fields(context)}, template
