"""``python -m tests.browser.theme_pictures``: draw the bundled themes for their cards and the docs."""

from __future__ import annotations

from dataclasses import replace

from playwright.sync_api import Browser, FloatRect, Page, ViewportSize
from sqlalchemy import select

from deskcore.authoring.theme_check import desk_wearing
from deskcore.authoring.theme_check.samples import letters
from deskcore.authoring.theme_check.seen import filled, first_ticket, served, sign_in
from deskcore.domain.people import SYSTEM
from deskcore.domain.public_views import Letter
from deskcore.models import Identity, Ticket
from deskcore.services import public_links, public_settings
from deskcore.services.public_settings import PublicSettings
from deskcore.services.unit import unit_of_work
from deskcore.theme.discovery import FoundTheme, bundled_themes, chain, discover_themes
from deskcore.theme.letters import draw_letter
from tests import factories
from tests.browser.screenshots import PICTURES, TICKET
from tests.servers import chromium, rundir

SIZE: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}
MAIL: FloatRect = {"x": 0, "y": 0, "width": 1280, "height": 400}
# As a mail program shows one: its own background and colour of letters, in both schemes.
OPENED = (
    "<!doctype html><meta name=color-scheme content='light dark'>"
    "<body style='margin: 40px 64px; font: 17px/1.5 sans-serif; color: CanvasText'>{}"
)


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
    """Draw one theme: the help page, a request, a mail, and a ticket as agents see it."""
    layers = chain(theme, there)
    with (
        desk_wearing(layers, plugins=("email",)) as app,
        filled(app),
        served(app) as address,
    ):
        with app.app_context():
            _open()
            request, (_text, mail) = _request(), draw_letter("reply", _letter())
        page = browser.new_page(base_url=address, viewport=SIZE, reduced_motion="reduce")
        sign_in(page)
        ticket = first_ticket(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            for name, path in (("help", "/help"), ("request", request), ("inbox", ticket)):
                page.goto(path)
                _keep(page, f"theme-{theme.slug}-{name}-{scheme}")
            page.goto("about:blank")
            page.set_content(OPENED.format(mail))
            _keep(page, f"theme-{theme.slug}-mail-{scheme}", MAIL)
        page.emulate_media(color_scheme="light")
        page.goto("/help")
        page.screenshot(path=theme.folder / "screenshot.png")
        page.set_viewport_size(PHONE)
        _keep(page, f"theme-{theme.slug}-help-phone")
        page.close()


def _open() -> None:
    """Fill the help page: hours, and a mailbox to write to."""
    mailbox = factories.a_mailbox("Orders and advice", address="hello@shop.example")
    hours = ("9:00-12:00, 13:00-18:00",) * 5 + ("10:00-14:00", "")
    wanted = PublicSettings(hours=hours, mailbox_ids=(mailbox,))
    public_settings.change_public_settings(SYSTEM, wanted)


def _request() -> str:
    """Return the address of a request that was answered, as its customer has it."""
    with unit_of_work() as unit:
        wanted = select(Ticket).where(Ticket.subject.startswith(TICKET)).limit(1)
        ticket = unit.session.scalars(wanted).one()
        asker = select(Identity).where(Identity.customer_id == ticket.customer_id).limit(1)
        return f"/r/{public_links.ensure(unit, ticket.id, unit.session.scalars(asker).one().id)}"


def _letter() -> Letter:
    full, _bare = letters()
    return replace(full, link="https://shop.example/r/7Hq2", shop="Shop")


def _keep(page: Page, name: str, clip: FloatRect | None = None) -> None:
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", clip=clip)


if __name__ == "__main__":
    main()
