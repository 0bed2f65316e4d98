"""An owner switches plugins in the browser while everybody works: nobody notices but by the plugin."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.browser.desks import PASSWORD
from tests.browser.load import Load
from tests.browser.shop import Shop
from tests.plugin.authoring import write_plugin

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser-shop"),
    pytest.mark.timeout(600),  # seven switches, beside all other tests
]

TEA = """
from deskcore.api.data import settings_of
from deskcore.plugin import Panel, PluginSettings, Secret, hookimpl, setting

class TeaSettings(PluginSettings):
    minutes: int = setting("Minutes to draw", default=3, min=1, max=9)
    key: Secret = setting("Key of the cupboard")

@hookimpl
def desk_settings():
    return TeaSettings

@hookimpl
def desk_ticket_panels():
    settings = settings_of("tea", TeaSettings)
    return [Panel(title="Tea", body=f"{greeting} {{settings.minutes}} min {{bool(settings.key)}}")]
"""
IS_WHOLE = "DESK_TEST_EVERYTHING" in os.environ
SPAN_S = 4.0  # as long as the slow request that spans a switch


def write(shop: Shop, greeting: str, version: str = "1.0") -> None:
    folder = shop.desk.instance / "plugins" / "tea"
    code = TEA.replace("{greeting}", greeting).replace("{{", "{").replace("}}", "}")
    if not folder.exists():
        write_plugin(folder.parent, "tea", code)
        return
    (folder / "__init__.py").write_text(code)
    manifest = (folder / "plugin.toml").read_text()
    (folder / "plugin.toml").write_text(manifest.replace('"1.0"', f'"{version}"'))


@contextmanager
def switched(page: Page, load: Load, button: str, says: str) -> Iterator[None]:
    """Press a button of the plugin while a slow request is under way, and wait for what is said."""
    with load.spanned(SPAN_S):
        page.get_by_role("button", name=f"{button}: Tea").click()
        expect(page.get_by_role("status").filter(has_text=says)).to_be_visible(timeout=60_000)
    yield


def configure(page: Page, ticket: Page) -> None:
    page.get_by_label("Minutes to draw", exact=True).fill("12")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Minutes to draw", exact=True)).to_have_attribute(
        "aria-invalid", "true", timeout=60_000
    )
    page.get_by_label("Minutes to draw", exact=True).fill("5")
    page.get_by_label("Key of the cupboard", exact=True).fill("under the mat")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status").filter(has_text="2 settings changed")).to_be_visible()
    expect(page.get_by_label("Key of the cupboard", exact=True)).to_have_value("")
    assert "under the mat" not in page.content()
    ticket.reload()
    expect(ticket.get_by_text("Ready in 5 min True")).to_be_visible()


def live(page: Page, ticket: Page, shop: Shop, load: Load) -> None:
    """Take the plugin through its life."""
    with switched(page, load, "Activate", "tea is active"):
        ticket.reload()
        expect(ticket.get_by_text("Ready in 3 min False")).to_be_visible()
    configure(page, ticket)
    with switched(page, load, "Pause", "tea is paused"):
        expect(page.get_by_text("Paused by Olga Novotná.")).to_be_visible()
        ticket.reload()
        expect(ticket.get_by_text("Ready in")).to_have_count(0)
    with switched(page, load, "Try again", "works again"):
        ticket.reload()
        expect(ticket.get_by_text("Ready in 5 min")).to_be_visible()
    write(shop, "Better in", "2.0")
    page.reload()
    expect(page.get_by_text("Version 2.0 is here")).to_be_visible()
    with switched(page, load, "Upgrade", "is upgraded"):
        ticket.reload()
        expect(ticket.get_by_text("Better in 5 min True")).to_be_visible()
    with switched(page, load, "Deactivate", "is inactive"):
        expect(page.get_by_text("Not active")).to_be_visible()
    page.get_by_role("link", name="Uninstall…").click()
    page.get_by_label("Type tea").fill("tea")
    page.get_by_role("button", name="Uninstall").click()
    page.get_by_label("Your own password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("status").filter(has_text="is uninstalled")).to_be_visible(
        timeout=60_000
    )


def test_desk_settings_and_every_switch_refuse_and_delay_nobody(
    shop: Shop, count: Callable[[str], None]
) -> None:
    with shop.opened_closely() as (context, watch):
        watch.expected.append("422")
        ticket, page = context.new_page(), context.new_page()
        shop.open_question(ticket)
        load = Load.of(shop.desk.address, shop.signed_in, urlsplit(ticket.url).path)
        # Two shops are switched at the same time beside all other tests: one of them under load.
        if "DESK_DATABASE_URL" in shop.desk.environment and not IS_WHOLE:
            load.rate /= 4
        write(shop, "Ready in")
        page.goto("/admin/plugins")
        with load.running():
            time.sleep(SPAN_S)
            began = time.monotonic()
            live(page, ticket, shop, load)
            ended = time.monotonic()
            time.sleep(SPAN_S)
        # The page that stood open hears of news from processes that came later.
        shop.asked(subject="Novinka")
        expect(ticket.get_by_text("Novinka").first).to_be_visible(timeout=30_000)
        assert load.wrong == []
        assert load.posts > 10
        count(load.told(since=began, until=ended))
