"""One day of a shop with the whole shelf, in Chromium, in English and Czech: every plugin hands on to the next.

A phone posts a form with a photo; the stock card answers; no offer on a complaint, one on the next
harmless ticket, which is put in and followed; two people wait for tea and are told, each by their
own network; a review comes by feed and is answered by two people. At last every figure that the
plugins' pages show is counted again by SQL of this folder's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from plugins.telegram.tests.bot_api import ANN
from tests.browser.desks import SLOW_MS
from tests.browser.mails import png
from tests.browser.second_factor import accept
from tests.browser.test_first_ten_minutes import Stopwatch, begin
from tests.process.crashing import eventually
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix
from tests.story import recount
from tests.story.furnishing import furnish
from tests.story.shop import SHOP_PAGE, Story, card, connect_site, open_ticket, opened
from tests.story.told import CZECH, ENGLISH, Told

pytestmark = [pytest.mark.browser, pytest.mark.timeout(500)]

PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 720}, "is_mobile": True}
COMPLAINER, ASKER, DRINKER = "jana@customer.test", "olga@customer.test", "petr@customer.test"


def write(story: Story, sender: str, said: tuple[str, str], *, photo: bytes = b"") -> None:
    """Fill in the shop's form on a phone."""
    page = story.comes(**PHONE)
    page.goto("/c/web_form/contact")
    page.locator("#f-email").fill(sender)
    page.locator("#f-subject").fill(said[0])
    page.locator("#f-message").fill(said[1])
    if photo:
        file = FilePayload(name="foto.png", mimeType="image/png", buffer=photo)
        page.locator("#f-files").set_input_files([file])
    # Nobody writes as fast as a driven browser; the form takes whoever does for a robot.
    page.wait_for_timeout(3_000)
    page.locator("#send").click()
    expect(page.locator("#receipt")).to_be_visible(timeout=SLOW_MS)
    page.close()


def complain(story: Story, page: Page) -> None:
    """Send a photo of a broken kettle: the other shop has three, and nothing is offered now."""
    write(story, COMPLAINER, story.told.complaint, photo=png())
    open_ticket(page, COMPLAINER)
    expect(page.get_by_text("foto.png").first).to_be_visible(timeout=SLOW_MS)
    stock = card(page, "stock-card")
    line = stock.locator("li", has_text="Brno").first
    expect(line.locator(".stock-count")).to_have_text("3")
    expect(stock.locator("li", has_text="Praha").first.locator(".stock-count")).to_have_text("0")
    offers = card(page, "cross-sell-card")
    expect(offers.locator("[id^=cross-sell-card-insert]")).to_have_count(0)
    expect(offers.locator("p.small").first).to_be_visible()
    expect(card(page, "catalogue-card")).to_contain_text(story.told.goods["KET-1"])


def offer(story: Story, page: Page) -> str:
    """Ask something harmless: what fits is offered, put in, sent; returns the customer's link."""
    told = story.told
    write(story, ASKER, told.question)
    open_ticket(page, ASKER)
    text = page.locator("#composer-text")
    text.fill(f"{told.answer}\n")
    offers = card(page, "cross-sell-card")
    expect(offers).to_contain_text(told.goods["DES-1"])
    expect(offers).to_contain_text(told.goods["KET-1"])
    offers.locator("button[id^=cross-sell-card-insert]").first.click()
    expect(text).to_have_value(
        re.compile(rf"^{told.answer}\n.*/c/cross_sell/[\w-]{{22}}", re.DOTALL)
    )
    page.locator("#composer-send").click()
    expect(text).to_have_value("")
    assert eventually(lambda: "/c/cross_sell/" in story.text_to(ASKER))
    [path] = re.findall(r"/c/cross_sell/[\w-]{22}", story.text_to(ASKER))
    assert told.answer in story.text_to(ASKER)
    return str(path)


def follow(story: Story, path: str) -> None:
    """Look at the offer on the customer's phone, and go on to the shop."""
    page = story.comes(**PHONE, expected=(f"request to another place: {SHOP_PAGE}",))
    page.context.route(f"{SHOP_PAGE}**", lambda route: route.fulfill(body="The shop"))
    page.goto(path)
    page.locator("#go").click()
    page.wait_for_url(f"{SHOP_PAGE}**")
    page.close()


def wait_for_tea(story: Story, page: Page) -> None:
    """Have two ask for what is out, by form and in a chat: both are put on the list."""
    told = story.told
    write(story, DRINKER, told.asked_by_form)
    story.bot.say(told.asked_in_chat)
    for who in (DRINKER, "Ann"):
        open_ticket(page, who)
        stock = card(page, "stock-card")
        tea = stock.locator("section", has_text=told.goods["SEN-2"])
        tea.locator("[id$=-wait]").click()
        expect(tea.locator("[id$=-waits]")).to_be_visible()


def tea_arrives(story: Story, page: Page) -> None:
    """Count what came; who waits is told by the way they wrote."""
    told = story.told
    page.goto("/p/catalogue/?q=SEN-2")
    page.get_by_role("link", name=told.goods["SEN-2"]).first.click()
    page.locator("[name^=place_][inputmode=numeric]").first.fill("12")
    page.locator("#count").click()
    page.goto("/p/stock_notes/restock")
    here = page.locator("[data-stock-card]", has_text=told.goods["SEN-2"])
    here.locator("select").select_option("arrived")
    here.locator("[id$=-move]").click()
    arrived = page.locator("#stock-lane-arrived [data-stock-card]")
    expect(arrived).to_contain_text("12")
    arrived.locator("[id$=-tell]").click()
    page.locator("#stock-confirm").click()
    expect(page.locator("#stock-state")).to_be_visible()
    expect(page.locator("#stock-progress [id=stock-stop]")).to_have_count(0, timeout=SLOW_MS)
    assert eventually(lambda: told.told in story.text_to(DRINKER), timeout_s=60)
    assert eventually(lambda: [said for said in story.bot.told(ANN) if told.told in said])


def answer_the_review(story: Story, owner: Page, colleague: Page) -> None:
    """Answer three stars: written, returned, mended, approved by another person, published."""
    told = story.told
    author = {"id": "r-1", "stars": 3, "author": "Ivo", "product": told.goods["SEN-2"]}
    story.site.reviews.append({**author, "text": told.review, "language": told.language})
    connect_site(owner, story)
    eventually(lambda: recount.one(story, "SELECT COUNT(*) FROM plg_reviews_review"))
    for words in (told.first_words, told.mended_words):
        colleague.goto("/p/reviews/")
        colleague.locator("[id^=review-][id$=-link]").first.click()
        colleague.locator("#words").fill(words)
        colleague.locator("#ask").click()
        expect(colleague.locator("#take-back")).to_be_visible()
        # One's own words cannot be approved by oneself.
        expect(colleague.locator("[id^=approve-]")).to_have_count(0)
        owner.goto("/p/reviews/approvals")
        if words == told.first_words:
            owner.locator("[id^=comment-]").fill(told.comment)
            owner.locator("[id^=return-]").click()
            expect(owner.locator("[id^=comment-]")).to_have_count(0)
            colleague.reload()
            expect(colleague.get_by_text(told.comment)).to_be_visible()
    owner.locator("[id^=approve-]").first.click()
    colleague.reload()
    colleague.locator("button#publish").click()
    expect(colleague.locator("#publish")).to_have_count(0)
    expect(colleague.locator("#reviews-preview, .message-text").first).to_be_visible()


def a_colleague(story: Story, owner: Page) -> Page:
    """Have the owner invite Petr, who comes in a browser of his own."""
    owner.goto("/admin/people/invite")
    owner.locator("#name").fill("Petr Svoboda")
    owner.locator("#email").fill("petr@shop.test")
    owner.locator("#send").click()
    link = owner.get_by_text(re.compile(r"http://\S+/invite/")).first.inner_text()
    page = story.comes()
    accept(page, re.sub(r"^http://[^/]+", "", link.strip()))
    return page


@pytest.mark.parametrize("told", [ENGLISH, CZECH], ids=["en", "cs"])
def test_a_day_of_a_shop_whose_plugins_hand_on_to_each_other(
    told: Told,
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    tmp_path: Path,
    count: Callable[[str], None],
) -> None:
    with opened(told, browser, dovecot, postfix, tmp_path) as story:
        owner = story.comes()
        watch = Stopwatch(owner, tmp_path)
        begin(watch, story.desk)
        with watch.step("the shelf is furnished"):
            furnish(story, owner)
        with watch.step("a complaint by phone"):
            complain(story, owner)
        with watch.step("an offer"):
            follow(story, offer(story, owner))
        with watch.step("two wait for tea"):
            wait_for_tea(story, owner)
        with watch.step("tea arrives"):
            tea_arrives(story, owner)
        with watch.step("a review is answered"):
            answer_the_review(story, owner, a_colleague(story, owner))
        with watch.step("every figure again"):
            figures = recount.compared(story, owner)
        expect(owner.locator("html")).to_have_attribute("lang", told.language)
    steps = ", ".join(f"{name} {seconds:.1f}" for name, seconds in watch.steps)
    count(f"{watch.total_s:.0f} s: {steps}; {figures} figures agree")
