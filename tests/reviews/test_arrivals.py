"""Reviews come in once, change, and go; what a site says of an answer comes back with it."""

from __future__ import annotations

from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import select

from deskcore.domain.people import SYSTEM
from deskcore.models import Delivery, Message, PluginFault, Ticket
from deskcore.plugin.secret import Secret
from deskcore.services import privacy_erase, privacy_export, tickets
from deskcore.services.ticket_page import read
from deskcore.services.unit import reading
from plugins.reviews import answers, asking, inbox, texts
from plugins.reviews.answers import Press
from plugins.reviews.channel_google import GoogleSettings
from plugins.reviews.channel_site import AnySite
from plugins.reviews.channel_woo import WooSettings
from plugins.reviews.tables import ASKED, REVIEWS
from plugins.reviews.tests.far_sides import Address, Place
from plugins.reviews.tests.far_sides import Shop as WooShop
from plugins.reviews.texts import Text
from tests import factories
from tests.reviews.conftest import Shop, a_site, approved, asked, configure, fetch, state, work

REVIEW = {
    "id": 22,
    "date_created_gmt": "2026-10-18T20:59:17",
    "product_name": "Assam",
    "product_permalink": "https://shop.example/assam",
    "reviewer": "Ann",
    "reviewer_email": "ann@example.com",
    "review": "<p>Nice tea!</p>",
    "rating": 3,
}


def numbers() -> list[int]:
    with reading() as session:
        return list(session.scalars(select(REVIEWS.c.number).order_by(REVIEWS.c.id)))


def faults() -> list[str]:
    with reading() as session:
        return list(session.scalars(select(PluginFault.message)))


def woo(far: WooShop) -> int:
    keys: dict[str, Any] = {"consumer_key": Secret("ck_1"), "consumer_secret": Secret("cs_1")}
    return a_site("reviews_woo", WooSettings(**far.settings, **keys), name="E-shop")


def test_a_shop_is_read_once_and_odd_entries_harm_nobody(shop: Shop) -> None:
    with WooShop() as far:
        site = woo(far)
        far.reviews = [None, REVIEW, "odd", {"id": 23, "review": None, "rating": 0}, {"rating": 5}]
        assert fetch(site) == 2
        assert fetch(site) == 0
        first, second = (inbox.one(shop.ann, number) for number in numbers())
    assert (first.stars, first.author, first.product, first.text) == (
        "3",
        "Ann",
        "Assam",
        "Nice tea!",
    )
    assert first.link == "https://shop.example/assam#comment-22"
    assert (second.stars, second.author, second.text) == ("", "", "")
    assert faults() == []


def test_a_changed_review_shows_its_difference_and_is_looked_at_anew(shop: Shop) -> None:
    with WooShop() as far:
        site = woo(far)
        far.reviews = [REVIEW]
        fetch(site)
        [number] = numbers()
        approved(shop, number)
        far.reviews = [REVIEW | {"review": "<p>Nice tea, slow post!</p>", "rating": 4}]
        fetch(site)
        assert state(number) == "new"  # what may leave already was thought of before
        review = inbox.one(shop.ann, number)
        assert (review.text, review.stars, review.is_outdated) == (
            "Nice tea, slow post!",
            "4",
            True,
        )
        before = inbox.before(review.id)
        assert before is not None
        assert (before["text"], before["tenths"]) == ("Nice tea!", 30)
        far.reviews = [REVIEW]
        fetch(site)
        assert inbox.one(shop.ann, number).text == "Nice tea!"
    assert len(numbers()) == 1


def test_what_is_gone_there_needs_no_answer_unless_the_list_was_cut_short(shop: Shop) -> None:
    with WooShop() as far:
        site = woo(far)
        far.reviews = [REVIEW, REVIEW | {"id": 23, "review": "Other"}]
        fetch(site)
        one, two = numbers()
        far.reviews = []
        assert fetch(site) == 0  # nothing at all is trouble of the shop, no word about reviews
        far.reviews = [REVIEW]
        fetch(site)
    assert (state(one), state(two)) == ("new", "gone")


def test_a_feed_a_table_and_a_list_are_read_by_names_or_a_mapping(shop: Shop) -> None:
    feed = b"""<?xml version="1.0"?><rss version="2.0"><channel><title>x</title>
      <item><guid>f-1</guid><title>Good</title><description>&lt;b&gt;Good&lt;/b&gt; tea</description>
      <author>Olga</author><pubDate>Wed, 18 Nov 2026 10:00:00 GMT</pubDate><link>https://x.example/1</link></item>
      <item/></channel></rss>"""
    table = "číslo;hvězdy;kdo;co\n1;4,5;Jana;Dobrý čaj\n2;;Petr;\n".encode()
    named = "id = číslo\nstars = hvězdy\nauthor = kdo\ntext = co"
    pages = [
        (feed, AnySite(form="feed", key=Secret("Bearer k")), ("f-1", "Olga", "Good tea", "")),
        (
            table,
            AnySite(form="csv", key=Secret("Bearer k"), mapping=named),
            ("1", "Jana", "Dobrý čaj", "4.5"),
        ),
    ]
    for content, settings, wanted in pages:
        with Address() as far:
            far.page = content
            values = {name: getattr(settings, name) for name in ("form", "key", "mapping")}
            site = a_site("reviews_site", AnySite(**far.settings, **values), name=settings.form)
            assert fetch(site)
            assert fetch(site) == 0
        with reading() as session:
            row = session.execute(
                select(REVIEWS).where(REVIEWS.c.account_id == site).order_by(REVIEWS.c.id)
            ).first()
        assert row is not None
        found = (row.external_id, row.author, row.text, inbox.one(shop.ann, row.number).stars)
        assert found == wanted


def place(far: Place) -> int:
    settings = GoogleSettings(
        **far.settings,
        location="accounts/1/locations/2",
        client_id="desk",
        client_secret=Secret("s-1"),
        refresh_token=Secret("r-1"),
    )
    return a_site("reviews_google", settings, name="Google")


def google_review(**more: object) -> dict[str, object]:
    who = {"displayName": "Ann", "isAnonymous": False}
    said = {"reviewId": "g1", "reviewer": who, "starRating": "FOUR", "comment": "Good"}
    return (
        said | {"createTime": "2026-10-01T09:30:00Z", "updateTime": "2026-10-01T09:30:00Z"} | more
    )


def test_an_answer_goes_to_google_and_comes_back_when_it_is_rejected(shop: Shop) -> None:
    with Place() as far:
        site = place(far)
        far.reviews = [
            None,
            google_review(),
            google_review(reviewId="g2", reviewer={"isAnonymous": True}),
        ]
        fetch(site)
        number, anonymous = numbers()
        assert inbox.one(shop.ann, anonymous).author == ""
        approved(shop, number, "Call 123!")
        answers.publish(shop.ann, number)
        work()
        assert far.sent == [("g1", "Call 123!")]
        assert state(number) == "published"
        answer = {"comment": "Call 123!", "updateTime": "2026-10-02T09:30:00Z"}
        far.reviews = [google_review(reviewReply=answer | {"reviewReplyState": "PENDING"})]
        assert fetch(site) == 0
        told = {"reviewReplyState": "REJECTED", "policyViolation": "Phone numbers."}
        far.reviews = [google_review(reviewReply=answer | told)]
        assert fetch(site) == 1
        assert state(number) == "returned"
        assert "Phone numbers." in inbox.one(shop.ann, number).refusal
        approved(shop, number, "Thank you!")
        answers.publish(shop.ann, number)
        work()
        assert far.sent[-1] == ("g1", "Thank you!")
        far.reviews = [
            google_review(reviewReply={"comment": "Thank you!", "reviewReplyState": "APPROVED"})
        ]
        fetch(site)
    assert state(number) == "published"
    with reading() as session:
        assert (
            session.scalars(select(Delivery.state).order_by(Delivery.id.desc())).first()
            == "delivered"
        )


def test_few_stars_open_a_follow_up_once_and_in_private(shop: Shop) -> None:
    configure(low_stars=2)
    known = factories.a_customer("Ann Black", "ann@example.com")
    number = shop.review("Cold tea.", stars="1", link="https://zbozi.example/9")
    follow_up = inbox.one(shop.ann, number).follow_up
    assert follow_up
    page = read(SYSTEM, follow_up)
    assert (page.kind, page.customer and page.customer.id) == ("reviews.follow_up", known[0])
    shop.review("Cold tea, still.", stars="2", link="https://zbozi.example/9")
    shop.review("Fine.", stars="3")
    with reading() as session:
        kinds = list(session.scalars(select(Ticket.kind).order_by(Ticket.id)))
    assert kinds.count("reviews.follow_up") == 1
    assert inbox.one(shop.ann, number).customer_id == known[0]


def test_customers_are_asked_by_lot_once_and_never_against_their_will(shop: Shop) -> None:
    configure(ask_share=100, ask_after_days=0, ask_link="https://rate.example")
    mailbox = factories.a_mailbox("Shop", address="shop@example.com")
    jana, ivo = (
        factories.a_customer("Jana", "jana@cz.example"),
        factories.a_customer("Ivo", "ivo@cz.example"),
    )
    asking.opt_out(shop.ann, ivo[0], wants=True)
    first, again, other = (factories.a_ticket(mailbox, customer=who) for who in (jana, jana, ivo))
    for number in (first, again, other):
        factories.a_message(number, "Thanks")
        tickets.change_status(shop.ann, number, "solved")
        work()
    with reading() as session:
        outcomes = {row.number: row.outcome for row in session.execute(select(ASKED))}
        sent = list(session.scalars(select(Message.visible).where(Message.direction == "out")))
    assert outcomes == {first: "asked", again: "lately", other: "opted_out"}
    assert len(sent) == 1
    assert "https://rate.example" in sent[0]


def test_the_lot_depends_on_the_number_alone() -> None:
    drawn = [asking.draw(number) for number in range(1000, 3000)]
    assert drawn == [asking.draw(number) for number in range(1000, 3000)]
    assert 0.27 < sum(each < 30 for each in drawn) / len(drawn) < 0.33


def test_texts_are_offered_by_stars_and_filled_in(shop: Shop) -> None:
    words = (
        "Dear {{reviews.author}}, thank you for {{reviews.stars}} stars for {{reviews.product}}."
    )
    for name, least, most in (("Happy", 4, 5), ("Middling", 3, 3), ("Unhappy", 1, 2)):
        texts.keep(shop.ann, Text(name=name, least=least, most=most, words=words))
    number = shop.review(stars="3")
    [text] = texts.fitting(inbox.one(shop.ann, number))
    assert text.name == "Middling"
    assert texts.filled(shop.ann, number, text) == "Dear Ann, thank you for 3 stars for Assam."


def test_a_customer_is_told_and_forgotten(shop: Shop) -> None:
    customer = factories.a_customer("Ann", "ann@example.com")
    factories.a_ticket(shop.mailbox, customer=customer)
    number = shop.review("Good tea.")
    asked(shop.ann, number, "Thanks")
    told = BytesIO()
    privacy_export.export(shop.ann, customer[0], told)
    with ZipFile(told) as archive:
        said = str([archive.read(name) for name in archive.namelist()])
    assert "not_to_be_asked" in said
    privacy_erase.erase(shop.ann, customer[0])
    assert numbers() == []


@pytest.mark.parametrize("version", [0, 1])
def test_what_nobody_wrote_cannot_be_approved(shop: Shop, version: int) -> None:
    number = shop.review()
    with pytest.raises(Exception, match=r"Write something|changed this answer"):
        answers.approve(shop.bob, Press(number=number, version=version))
