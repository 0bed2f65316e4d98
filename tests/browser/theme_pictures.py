"""``python -m tests.browser.theme_pictures``: draw the bundled themes for their cards and the docs."""

from __future__ import annotations

from playwright.sync_api import Browser, Page, ViewportSize
from sqlalchemy import select

from deskcore.authoring.theme_check import desk_wearing
from deskcore.authoring.theme_check.seen import filled, first_ticket, served, sign_in
from deskcore.domain.people import SYSTEM
from deskcore.models import Mailbox
from deskcore.services import public_settings
from deskcore.services.public_settings import PublicSettings
from deskcore.services.unit import reading
from deskcore.theme.discovery import FoundTheme, bundled_themes, chain, discover_themes
from tests.browser.screenshots import PICTURES
from tests.servers import chromium, rundir

SIZE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


def main() -> None:
    """Draw each theme on its surfaces, light and dark, and on a phone."""
    run = rundir.create()
    there = discover_themes(bundled_themes() / "none")
    try:
        with chromium.launched() as browser:
            for theme in there:
                draw(browser, theme, there)
    finally:
        rundir.stop_all(run)
        rundir.remove(run)


def draw(browser: Browser, theme: FoundTheme, there: list[FoundTheme]) -> None:
    """Draw one theme."""
    with desk_wearing(chain(theme, there)) as app, filled(app), served(app) as address:
        with app.app_context():
            _open()
        page = browser.new_page(base_url=address, viewport=SIZE, reduced_motion="reduce")
        sign_in(page)
        for name, path in (("help", "/help"), ("inbox", first_ticket(page))):
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                page.goto(path)
                _keep(page, f"theme-{theme.slug}-{name}-{scheme}")
        page.emulate_media(color_scheme="light")
        page.goto("/help")
        page.screenshot(path=theme.folder / "screenshot.png")
        page.set_viewport_size(PHONE)
        _keep(page, f"theme-{theme.slug}-help-phone")
        page.close()


def _open() -> None:
    """Fill the help page: hours, and every mailbox to write to."""
    with reading() as session:
        ids = tuple(session.scalars(select(Mailbox.id)))
    hours = ("9:00-12:00, 13:00-18:00",) * 5 + ("10:00-14:00", "")
    wanted = PublicSettings(hours=hours, mailbox_ids=ids)
    public_settings.change_public_settings(SYSTEM, wanted)


def _keep(page: Page, name: str) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png")


if __name__ == "__main__":
    main()
