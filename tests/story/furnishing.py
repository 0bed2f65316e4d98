"""What an owner does before the day begins: accounts, the customers' side, goods, an offer."""

from __future__ import annotations

from playwright.sync_api import FilePayload, Page, expect

from tests.browser.desks import SLOW_MS
from tests.story.shop import PLACES, SHOP_PAGE, STOCKED, Story, connect_bot, connect_mail


def furnish(story: Story, page: Page) -> None:
    """Do all of it in the browser."""
    connect_mail(page, story)
    connect_bot(page, story)
    open_the_doors(story, page)
    bring_goods(story, page)
    write_the_offer(story, page)


def open_the_doors(story: Story, page: Page) -> None:
    """Open the customers' side, and have the form write to the shop's own mailbox."""
    page.goto("/admin")
    page.locator("#begin-public").click()
    page.get_by_label(story.mailbox).check()
    page.locator("#save").click()
    page.goto("/p/web_form/")
    page.locator("#name").fill("Contact")
    page.locator("#make").click()
    page.locator("#web-form-settings").click()
    page.locator("#mailbox_id").select_option(label=story.mailbox)
    page.locator("#save").click()
    expect(page.locator("#web-form-settings")).to_be_visible()


def bring_goods(story: Story, page: Page) -> None:
    """Add two places, and bring the goods from a file."""
    for place in PLACES:
        page.goto("/p/catalogue/places")
        page.locator("#name").fill(place)
        page.locator("#place-add").click()
        expect(page.get_by_role("cell", name=place, exact=True)).to_be_visible()
    lines = ["SKU;Name;Price;Currency;Fits with;Praha;Brno"]
    for sku, (price, fits, *counts) in STOCKED.items():
        there = ";".join(str(number) for number in counts)
        lines.append(f"{sku};{story.told.goods[sku]};{price};CZK;{fits};{there}")
    page.goto("/p/catalogue/imports")
    content = "\n".join(lines).encode()
    file = FilePayload(name="goods.csv", mimeType="text/csv", buffer=content)
    page.locator("#file").set_input_files([file])
    page.locator("#bring").click()
    page.locator("#check").click()
    page.locator("#import-start").click(timeout=SLOW_MS)
    page.locator("#import-start").wait_for(state="detached")
    # The page goes on by itself, and offers the file once more when all of it is taken.
    page.locator("#import-start").wait_for(timeout=SLOW_MS)
    page.goto("/p/catalogue/")
    expect(page.get_by_role("link", name=story.told.goods["SEN-2"])).to_be_visible()


def write_the_offer(story: Story, page: Page) -> None:
    """Offer the descaler to whoever asks about the kettle."""
    page.goto("/p/cross_sell/offers/new")
    page.locator("#name").fill("DES-1")
    page.locator("#what").select_option("product")
    page.locator("#value").fill("DES-1")
    page.locator("#url").fill(SHOP_PAGE)
    page.locator(f"#text_{story.told.language}").fill(story.told.offer)
    page.locator("#save").click()
    expect(page.locator("#save")).to_have_count(0)
