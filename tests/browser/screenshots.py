"""``python -m tests.browser.screenshots``: draw the pictures of the documentation anew.

A desk is set up by hand in the browser, with the sample shop, and shown as it comes.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.broken.test_loading import install
from tests.browser.desks import SLOW_MS, set_up
from tests.browser.watching import watched
from tests.process.desks import Desk
from tests.servers import chromium, rundir

PICTURES = Path(__file__).parents[2] / "docs" / "screenshots"
DROPPED = ("too_new", "wrong_type")
TICKET = "Change of delivery address"
LOOKS = {
    "light": {"color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "dark": {"color_scheme": "dark", "viewport": {"width": 1440, "height": 900}},
    "phone": {"color_scheme": "light", "viewport": {"width": 360, "height": 740}},
}


def main() -> None:
    """Start a desk, fill it, and draw its pages in every look."""
    run = rundir.create()
    try:
        with tempfile.TemporaryDirectory() as folder, chromium.launched() as browser:
            desk = Desk(instance=Path(folder) / "instance", environment={"DESK_PORT": "0"})
            try:
                _draw_all(browser, desk.ready(), Path(folder) / "signed-in.json")
            finally:
                desk.kill()
    finally:
        rundir.stop_all(run)
        rundir.remove(run)


def _draw_all(browser: Browser, desk: Desk, signed_in: Path) -> None:
    with watched(browser, desk.address) as context:
        page = context.new_page()
        set_up(page, desk)
        page.get_by_role("button", name="Add sample data").click()
        expect(page.get_by_text("A sample shop is here")).to_be_visible(timeout=SLOW_MS)
        _leave_traces(page, desk.instance)
        context.storage_state(path=signed_in)
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name, look in LOOKS.items():
        with watched(browser, desk.address, storage_state=signed_in, **look) as context:
            page = context.new_page()
            _draw(page, name)
            _draw_administration(page, name)


def _draw(page: Page, look: str) -> None:
    page.goto("/v/open")
    _picture(page, f"inbox-{look}")
    rows = page.get_by_role("region", name="Tickets")
    rows.get_by_role("link", name=re.compile(TICKET)).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(TICKET)
    _picture(page, f"ticket-{look}")


def _draw_administration(page: Page, look: str) -> None:
    page.goto("/admin/plugins")
    _picture(page, f"plugins-{look}")
    page.goto("/admin/plugins/spam")
    _picture(page, f"plugin-{look}")
    page.goto("/rescue")
    _picture(page, f"rescue-{look}")


def _leave_traces(page: Page, instance: Path) -> None:
    """Drop plugins in different states, so that there is something to see."""
    for slug in DROPPED:
        install(instance, slug)
    page.goto("/admin/plugins/wrong_type")
    for button, state in (("Activate", "Active"), ("Pause", "Paused")):
        page.get_by_role("button", name=f"{button}: ").click()
        expect(page.locator(".page-head")).to_contain_text(state, timeout=SLOW_MS)


def _picture(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.mouse.move(0, 0)
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")
    sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
