"""The pages of reviews, as a browser without scripts meets them."""

from __future__ import annotations

import pytest
from flask import Flask

from deskcore.domain.people import Actor
from deskcore.services import plugin_settings
from plugins.reviews import answers, inbox
from plugins.reviews.answers import Press
from plugins.reviews.settings import ReviewsSettings
from tests import factories
from tests.reviews.conftest import WORDS, Shop, a_site, asked, state, work
from tests.web.conftest import Visitor


@pytest.fixture
def eva(owner: Visitor) -> Visitor:
    """Give the owner's browser on this desk."""
    return owner


@pytest.fixture
def shop(owner: Visitor, app: Flask) -> Shop:
    site = a_site()
    people = [factories.a_user("admin", name=name) for name in ("Ann", "Bob", "Eva")]
    mailbox = factories.a_mailbox("Shop")
    return Shop(site, mailbox, *people)


def test_one_review_from_paste_to_public(eva: Visitor, shop: Shop) -> None:
    said = {
        "site": shop.site,
        "stars": "2",
        "author": "Olga",
        "text": "Slow post.",
        "product": "Assam",
    }
    refused = eva.post("/p/reviews/paste", {**said, "text": "", "stars": ""})
    assert refused.status_code == 422
    assert "Enter what it says, or its stars." in refused.text
    eva.get("/p/reviews/paste")
    number = int(eva.post("/p/reviews/paste", said).location.rpartition("/")[2])
    work()
    listed = eva.get("/p/reviews/?state=open&stars=2&q=assam").text
    assert 'aria-hidden="true">★★' in listed
    assert "2/5" in listed
    assert "Assam" in listed
    assert "No review fits this" in eva.get("/p/reviews/?stars=5").text
    page = eva.get(f"/p/reviews/{number}").text
    assert "Characters left:" in page
    long = eva.post(f"/p/reviews/{number}/draft", {"words": "x" * 61, "version": "0", "do": "ask"})
    assert long.status_code == 422
    assert "takes 60 characters; this has 61" in long.text
    assert "x" * 61 in long.text
    asked_for = eva.post(
        f"/p/reviews/{number}/draft", {"words": WORDS, "version": "0", "do": "ask"}
    )
    assert asked_for.status_code == 303
    queue = eva.get("/p/reviews/approvals").text
    assert "These are your own words" in queue
    answers.give_back(shop.bob, Press(number=number, version=1), "Say sorry.")
    assert "Bob has returned it" in eva.get(f"/p/reviews/{number}").text
    asked(shop.ann, number)
    version = inbox.one(shop.ann, number).version
    empty = eva.post(f"/p/reviews/{number}/return", {"version": version, "comment": ""})
    assert (empty.status_code, "Say what has to be mended." in empty.text) == (422, True)
    stale = eva.post(f"/p/reviews/{number}/approve", {"version": "1"})
    assert stale.status_code in {403, 422}


def test_another_person_approves_and_publishes_on_the_pages(eva: Visitor, shop: Shop) -> None:
    number = shop.review("Nice.", stars="5")
    asked(shop.ann, number)
    queue = eva.get("/p/reviews/approvals").text
    assert f'id="approve-{number}"' in queue
    done = eva.post(f"/p/reviews/{number}/approve", {"version": "1"})
    assert done.status_code == 303
    ready = eva.get(f"/p/reviews/{number}").text
    assert "It stands there now" in ready
    assert eva.post(f"/p/reviews/{number}/publish").status_code == 303
    assert state(number) == "published"
    there = eva.post(f"/p/reviews/{number}/refused", {"told": ""})
    assert (there.status_code, "Write what the site said." in there.text) == (422, True)
    assert eva.post(f"/p/reviews/{number}/refused", {"told": "No."}).status_code == 303
    assert "The site did not take the answer" in eva.get(f"/p/reviews/{number}").text


def test_every_page_is_there_and_the_empty_ones_say_what_to_do(eva: Visitor, shop: Shop) -> None:
    for path, words in (
        ("/p/reviews/", "There are no reviews yet"),
        ("/p/reviews/approvals", "Nothing waits for approval"),
        ("/p/reviews/sites", "by another person, after 24 hours by a deputy"),
        ("/p/reviews/texts", "There are no texts yet"),
        ("/p/reviews/asked", "Nobody came into question yet"),
        ("/p/reviews/settings", "Customers to ask for a review"),
    ):
        answer = eva.get(path)
        assert (answer.status_code, words in answer.text) == (200, True), path


def test_the_panel_and_the_card_show_reviews_beside_tickets(eva: Visitor, shop: Shop) -> None:
    customer = factories.a_customer("Ann", "ann@example.com")
    other = factories.a_ticket(shop.mailbox, customer=customer)
    number = shop.review("Good tea.")
    assert f"/p/reviews/beside/{number}" in eva.get(f"/t/{number}").text
    assert f"/p/reviews/card/{customer[0]}" in eva.get(f"/t/{other}").text
    assert "3/5" in eva.get(f"/p/reviews/beside/{number}").text
    assert "Assam" in eva.get(f"/p/reviews/card/{customer[0]}").text
    assert eva.get("/p/reviews/beside/99").status_code == 404
    assert eva.get("/search?q=stars:3").status_code == 200


def test_texts_settings_and_wishes_are_kept(eva: Visitor, shop: Shop) -> None:
    eva.get("/p/reviews/texts/new")
    text = {
        "name": "Happy",
        "least": "4",
        "most": "5",
        "language": "en",
        "words": "Thanks, {{reviews.author}}!",
    }
    assert eva.post("/p/reviews/texts/new", text | {"least": "5", "most": "1"}).status_code == 422
    assert eva.post("/p/reviews/texts/new", text).status_code == 303
    assert eva.post("/p/reviews/texts/1", text | {"version": "9"}).status_code == 422
    assert (
        eva.post("/p/reviews/texts/1", text | {"version": "1", "name": "Glad"}).status_code == 303
    )
    assert "Glad" in eva.get("/p/reviews/texts").text
    number = shop.review("Lovely.", stars="5", author="Olga")
    assert "Thanks, Olga!" in eva.get(f"/p/reviews/{number}?text=1").text
    assert eva.post("/p/reviews/texts/1/delete").status_code == 303
    customer = factories.a_customer("Ivo", "ivo@example.com")
    factories.a_ticket(shop.mailbox, customer=customer)
    eva.get(f"/p/reviews/asking/{customer[0]}")
    assert eva.post(f"/p/reviews/asking/{customer[0]}").status_code == 303
    assert "do not want to be asked" in eva.get(f"/p/reviews/asking/{customer[0]}").text
    assert eva.post("/p/reviews/settings", {"ask_share": "50"}).status_code == 422
    kept = plugin_settings.settings_of("reviews", ReviewsSettings)
    assert kept.ask_share == 0


def test_reviews_of_hidden_mailboxes_are_nobodys_to_see(shop: Shop) -> None:
    number = shop.review()
    stranger: Actor = factories.a_user("agent", name="Sam")
    assert inbox.listed(stranger, inbox.Wanted()) == ([], 0)
    with pytest.raises(Exception, match="no such review"):
        inbox.one(stranger, number)
    # Nor do cards and means tell of them.
    theirs = ["ann@example.com"]
    assert [review.number for review in inbox.of_customer(shop.eva, 0, theirs)] == [number]
    assert inbox.of_customer(stranger, 0, theirs) == []
    assert inbox.rating_of(shop.eva, "Assam") == ("3", 1)
    assert inbox.rating_of(stranger, "Assam") == ("", 0)
