"""``python -m tests.shelf.pictures [words]``: draw every page, card and board of the shelf for the docs.

With words only those whose names hold one of them. Pictures are kept as WebP without loss, which is a
third of what PNG takes.
"""

from __future__ import annotations

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page

from plugins.web_form.snippets import script
from tests.browser.screenshots import LOOKS
from tests.servers import chromium, rundir
from tests.shelf import gallery
from tests.shelf.screens import SCREENS, Screen, picture_of, screens
from tests.shelf.tea_shop import TeaShop, tea_shop
from tests.shelf.test_screens import show
from tests.web.tea_shop.served import signed_in
from tests.web.test_tickets import eva
from tests.web_form.foreign import foreign_site
from tests.web_form.forms import change

ELSEWHERE = ("request to another place",)


def main(words: list[str]) -> None:
    """Open the shop, and draw its screens in every look."""
    run = rundir.create()
    try:
        with (
            tempfile.TemporaryDirectory() as folder,
            chromium.launched() as browser,
            tea_shop(Path(folder)) as shop,
        ):
            for name, look in LOOKS.items():
                _draw(browser, shop, name, look, words)
        gallery.main()
    finally:
        rundir.stop_all(run)
        rundir.remove(run)


def _draw(
    browser: Browser, shop: TeaShop, look: str, how: dict[str, Any], words: list[str]
) -> None:
    with signed_in(
        browser, shop.app, expected=ELSEWHERE, reduced_motion="reduce", **how
    ) as context:
        page = context.new_page()
        for plugin, screen in screens(shop.keys):
            name = picture_of(plugin, screen, look)
            is_wanted = any(word in name for word in words) or not words
            if is_wanted and (look == "light" or look in screen.also):
                show(page, screen)
                _keep(page, screen, name)
        if look == "light":
            _draw_elsewhere(context, page)


def _draw_elsewhere(context: BrowserContext, page: Page) -> None:
    """Draw the form inside a shop's own site."""
    desk = f"http://{urlsplit(page.url).netloc}"
    url = f"{desk}/c/web_form/contact"
    with foreign_site(script(desk, "contact", url, language="en", title="Contact"), desk) as site:
        change(eva(), sites=(site,))
        page.goto(f"{site}/contact")
        [screen] = [each for each in SCREENS["web_form"] if not each.path]
        _keep(page, screen, picture_of("web_form", screen, "light"))


def _keep(page: Page, screen: Screen, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    if screen.part:
        drawn = page.locator(screen.part).screenshot(animations="disabled", caret="hide")
    else:
        page.evaluate("document.querySelector('#main')?.scrollTo(0, 0); window.scrollTo(0, 0)")
        drawn = page.screenshot(animations="disabled", caret="hide")
    with Image.open(BytesIO(drawn)) as picture:
        picture.convert("RGB").save(gallery.PICTURES / name, lossless=True, method=6)
    sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
