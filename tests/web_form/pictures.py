"""``python -m tests.web_form.pictures``: draw the pictures of web forms for the documentation anew."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.unit import unit_of_work
from plugins.web_form.beginning import begin
from plugins.web_form.snippets import script
from tests.browser.screenshots import LOOKS, PICTURES
from tests.databases import copy_sqlite
from tests.factories import a_mailbox
from tests.servers import chromium, rundir
from tests.web.conftest import OWNER_EMAIL, PASSWORD
from tests.web.tea_shop.served import signed_in
from tests.web.test_tickets import eva
from tests.web_form.conftest import ACTIVE
from tests.web_form.foreign import foreign_site
from tests.web_form.forms import change, contact, with_topic


def main() -> None:
    """Make a desk with a form, and draw its pages in every look."""
    run = rundir.create()
    try:
        with tempfile.TemporaryDirectory() as folder, chromium.launched() as browser:
            config = load_config(
                instance=Path(folder) / "instance",
                database_url=copy_sqlite(Path(folder) / "desk.db"),
                plugins=ACTIVE,
            )
            app = create_app(config)
            with app.app_context():
                _furnish()
                for name, look in LOOKS.items():
                    _draw(browser, app, name, look)
    finally:
        rundir.stop_all(run)
        rundir.remove(run)


def _furnish() -> None:
    code = setup.ensure_setup_code()
    assert code
    owner = setup.FirstOwner(name="Eva Nová", email=OWNER_EMAIL, password=PASSWORD)
    desk = DeskSettings(name="Čajovna", time_zone="Europe/Prague", language="en")
    setup.create_owner(setup.check_setup_code(code), owner, desk)
    a_mailbox("Help", address="help@shop.example")
    with unit_of_work() as unit:
        begin(unit.session)
    with_topic(eva())


def _draw(browser: Browser, app: Any, name: str, look: dict[str, Any]) -> None:
    with signed_in(browser, app, **look, expected=("request to another place",)) as context:
        order = contact().field("order_number")
        assert order is not None
        for picture, path in (
            ("builder", f"/p/web_form/{contact().id}?field={order.id}"),
            ("use", f"/p/web_form/{contact().id}/embed"),
            ("list", "/p/web_form/"),
            ("settings", f"/p/web_form/{contact().id}/settings"),
            ("page", "/c/web_form/contact"),
        ):
            _picture(context, path, f"web-form-{picture}-{name}")
        desk = context.pages[0].url.partition("/c/")[0]
        url = f"{desk}/c/web_form/contact"
        snippet = script(desk, "contact", url, language="en", title="Contact")
        with foreign_site(snippet, desk) as site:
            change(eva(), sites=(site,))
            _picture(context, f"{site}/contact", f"web-form-site-{name}")


def _picture(context: BrowserContext, path: str, name: str) -> None:
    page = context.pages[0] if context.pages else context.new_page()
    page.goto(path)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=PICTURES / f"{name}.png", animations="disabled", caret="hide")
    sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    main()
