"""Where reviews stand in the desk's own pages: stars in lists of tickets, figures for who runs the desk."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import insert, select

from deskcore import clock
from deskcore.models import Role, RoleGrant
from deskcore.services.unit import unit_of_work
from plugins.reviews import answers
from plugins.reviews.rights import READ
from tests import factories
from tests.reviews.conftest import Shop, a_site, approved, work
from tests.statements import statements
from tests.web.conftest import PASSWORD, Visitor
from tests.web.test_people import invited
from tests.web.test_tickets import PARTIAL

STARS = re.compile(r'<span class="vh">Stars, of five: </span><span class="clip">([^<]*)</span>')
CZECH = {"name": "Eva", "language": "cs", "time_zone": "", "theme": "auto", "density": "cosy"}


@pytest.fixture
def shop(owner: Visitor) -> Shop:
    site = a_site()
    people = [factories.a_user("admin", name=name) for name in ("Ann", "Bob", "Eva")]
    return Shop(site, factories.a_mailbox("Shop"), *people)


@pytest.fixture
def admin(owner: Visitor, set_up: Flask) -> Visitor:
    """Give an admin's browser; owners alone read reviews here."""
    browser = Visitor(set_up.test_client())
    path = invited(owner, "petr@example.com", "admin")
    browser.get(path)
    browser.post(path, {"name": "Petr", "password": PASSWORD})
    with unit_of_work() as unit:
        role_id = unit.session.scalars(select(Role.id).where(Role.key == "owner")).one()
        unit.session.execute(insert(RoleGrant).values(role_id=role_id, permission=READ))
    return browser


def asked_of_reviews(browser: Visitor, path: str) -> int:
    """Count the statements of a page that ask the plugin's tables."""
    browser.get(path)
    with statements() as seen:
        browser.get(path)
    return len([statement for statement in seen if "plg_reviews" in statement])


def test_the_rows_of_reviews_say_their_stars_at_one_question_and_other_lists_ask_none(
    owner: Visitor, shop: Shop
) -> None:
    factories.a_ticket(shop.mailbox, subject="Assam?")
    assert asked_of_reviews(owner, "/v/open") == 0
    for stars in ("3", "4.5", "5", ""):
        shop.review(f"Tea of {stars}.", stars=stars)
    assert asked_of_reviews(owner, "/v/open") == 1
    assert sorted(STARS.findall(owner.get("/v/open").text)) == ["3 ★★★☆☆", "4.5 ★★★★☆", "5 ★★★★★"]
    assert len(STARS.findall(owner.get("/search?q=stars:3").text)) == 1
    owner.get("/me")
    owner.post("/me", CZECH)
    assert "Hvězdy, z pěti: " in owner.get("/v/open").text


def test_what_is_open_what_waits_and_how_long_answers_take_stand_on_the_first_page(
    owner: Visitor, shop: Shop
) -> None:
    first = owner.get("/admin").text
    assert 'hx-get="/p/reviews/figures"' in first
    empty = owner.get("/p/reviews/figures", headers=PARTIAL).text
    assert "0 open reviews" in empty
    assert "No review was answered yet." in empty
    shop.review("Slow post.")
    asked = shop.review("Good tea.")
    approve_and_publish(shop, shop.review("Lovely."))
    answers.propose(shop.ann, answers.Press(number=asked, version=0, words="Thank you!"))
    part = owner.get("/p/reviews/figures", headers=PARTIAL).text
    assert "<h1" not in part
    for said in ("2 open reviews", "1 answer waits for approval", "Median time to the answer: 2.0"):
        assert said in part, part
    for link, count in (("open", 2), ("waiting", 1), ("median", 1)):
        (path,) = re.findall(rf'id="glance-{link}" href="([^"]+)"', part)
        listed = owner.get(path).text
        assert len(re.findall(r'<tr id="review-\d+">', listed)) == count, link
    assert "<h1" in owner.get("/p/reviews/figures").text
    owner.get("/me")
    owner.post("/me", CZECH)
    assert "2 otevřené recenze" in owner.get("/p/reviews/figures").text


def approve_and_publish(shop: Shop, number: int) -> None:
    """Have a review answered two hours after it came."""
    approved(shop, number)
    with time_machine.travel(clock.now() + timedelta(hours=2)):
        answers.publish(shop.bob, number)
        work()


def test_who_may_not_read_reviews_is_shown_neither_stars_nor_figures(
    admin: Visitor, owner: Visitor, shop: Shop
) -> None:
    shop.review("Good tea.")
    assert STARS.findall(owner.get("/v/open").text) == ["3 ★★★☆☆"]
    page = admin.get("/v/open")
    assert page.status_code == 200
    assert "Assam" in page.text  # the ticket is theirs to see
    assert STARS.findall(page.text) == []
    assert asked_of_reviews(admin, "/v/open") == 0
    assert "/p/reviews/figures" not in admin.get("/admin").text
    assert admin.get("/p/reviews/figures").status_code == 403
