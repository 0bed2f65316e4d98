"""Every page for everybody: axe finds nothing and nothing scrolls sideways, in any language."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.browser.desks import PASSWORD, running_desk
from tests.browser.furnished import Furnished, furnish
from tests.browser.readable import problems
from tests.browser.second_factor import accept, compel, give_password, invited, scan
from tests.browser.shop import opened_shop
from tests.browser.site_map import (
    BEFORE_SET_UP,
    BY_ONE_TIME_LINK,
    FOR_CUSTOMERS,
    HALF_WAY,
    NO_PAGES,
    SIGNED_OUT,
    get_endpoints,
    routes,
)
from tests.browser.watching import watched_closely
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix

pytestmark = [
    pytest.mark.browser,
    pytest.mark.timeout(400),
]
# One furnished desk for all that look at its pages.
looks_at_pages = pytest.mark.xdist_group("browser-accessibility")

LANGUAGES = {"en": "en-GB", "ru": "ru-RU", "cs": "cs-CZ"}


@pytest.fixture(scope="session")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    return routes(tmp_path_factory.mktemp("routes"))


@pytest.fixture(scope="session")
def furnished(
    app: Flask,
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Furnished]:
    folder = tmp_path_factory.mktemp("furnished")
    with opened_shop(folder, browser, dovecot, postfix) as shop:
        yield furnish(shop, app, dovecot, folder)


def looking(locale: str, **options: Any) -> dict[str, Any]:
    """Return the options of a context in which axe may be loaded into pages."""
    return {"locale": locale, "bypass_csp": True, **options}


def test_the_eye_sees_what_is_wrong(browser: Browser) -> None:
    pale = "<p style='color:#ccc;background:#fff'>pale</p><div style='width:2000px'>wide</div>"
    with browser.new_context(**looking("en-GB")) as context:
        page = context.new_page()
        page.set_content(f"<!doctype html><title>x</title><h1>x</h1><input>{pale}")
        found = "\n".join(problems(page))
    for fault in ("html-has-lang", "label", "color-contrast", "scrolls sideways"):
        assert fault in found
    assert "dark: color-contrast" in found


@looks_at_pages
def test_every_route_is_looked_at_or_is_no_page(app: Flask, furnished: Furnished) -> None:
    looked_at = (
        set(furnished.pages)
        | BEFORE_SET_UP
        | BY_ONE_TIME_LINK
        | SIGNED_OUT
        | HALF_WAY
        | FOR_CUSTOMERS
    )
    assert get_endpoints(app) - looked_at == set(NO_PAGES)


@pytest.mark.postgresql
def test_every_page_answers_on_postgresql_too(
    app: Flask,
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    empty_pg_url: str,
    tmp_path: Path,
) -> None:
    on_postgresql = {"DESK_DATABASE_URL": empty_pg_url}
    with opened_shop(tmp_path, browser, dovecot, postfix, on_postgresql) as shop:
        pages = furnish(shop, app, dovecot, tmp_path).pages
    looked_at = (
        set(pages) | BEFORE_SET_UP | BY_ONE_TIME_LINK | SIGNED_OUT | HALF_WAY | FOR_CUSTOMERS
    )
    assert get_endpoints(app) - looked_at == set(NO_PAGES)


@looks_at_pages
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_can_be_read(furnished: Furnished, language: str) -> None:
    found: list[str] = []
    with furnished.shop.opened_closely(**looking(LANGUAGES[language])) as (context, watch):
        watch.expected.append("404")
        page = context.new_page()
        choose_language(page, language)
        for path in [path for paths in furnished.pages.values() for path in paths]:
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("lang", language)
            found += problems(page)
    assert found == []


def choose_language(page: Page, language: str) -> None:
    page.goto("/me")
    page.locator("[name=language]").select_option(language)
    page.locator("#save").click()
    expect(page.locator("html")).to_have_attribute("lang", language)


@looks_at_pages
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pages_before_signing_in_can_be_read(furnished: Furnished, language: str) -> None:
    found: list[str] = []
    shop = furnished.shop
    options = looking(LANGUAGES[language], storage_state=None)
    with shop.opened_closely(**options) as (context, watch):
        watch.expected += ["422", "404"]
        page = context.new_page()
        for path in [
            "/sign-in",
            "/forgot",
            "/forgot?asked=password",
            *furnished.links,
            "/invite/spent",
            "/reset/spent",
            "/rescue",
        ]:
            page.goto(path)
            expect(page.locator("html")).to_have_attribute("lang", language)
            found += problems(page)
        page.goto("/sign-in")
        page.get_by_role("main").locator("button[type=submit].btn-primary").click()
        expect(page.locator("#errors")).to_be_focused()
        found += problems(page)
    assert found == []


@looks_at_pages
def test_the_pages_of_the_second_factor_can_be_read(furnished: Furnished) -> None:
    found: list[str] = []
    shop = furnished.shop
    with shop.opened() as context:
        page = context.new_page()
        choose_language(page, "en")
        compel(page, "Viewer")
        (without, first), (having, second) = invited(page, "Viewer"), invited(page, "Viewer")
    with shop.opened(storage_state=None) as context:
        accept(context.new_page(), first)
    with shop.opened(storage_state=None) as context:
        page = context.new_page()
        accept(page, second)
        codes = scan(page)
    for language, locale in LANGUAGES.items():
        with shop.opened_closely(**looking(locale, storage_state=None)) as (context, watch):
            watch.expected.append("422")
            page = context.new_page()
            give_password(page, without)
            expect(page.locator("#qr")).to_be_visible()
            expect(page.locator("html")).to_have_attribute("lang", language)
            found += problems(page)
            give_password(page, having)
            codes = look_behind_the_code(page, codes[0], found)
    assert found == []


def look_behind_the_code(page: Page, code: str, found: list[str]) -> list[str]:
    """Look at the step itself, at one's own page and at what guards it; returns new codes."""
    page.locator("#code").fill("no code")
    page.locator("#enter-code").click()
    expect(page.locator("#code-error")).to_be_visible()
    expect(page.locator("#code")).to_be_focused()
    found += problems(page)
    page.locator("#code").fill(code)
    page.locator("#enter-code").click()
    expect(page.locator("#nav")).to_be_attached()
    page.goto("/me/second-factor")
    found += problems(page)
    page.locator("#new-codes").click()
    page.locator("#dialog-ok").click()
    page.locator("#dialog-password").fill("not the password")
    page.locator("#dialog-ok").click()
    expect(page.locator("#errors")).to_be_focused()
    found += problems(page)
    page.locator("#confirm_password").fill(PASSWORD)
    page.locator("#confirm").click()
    codes = page.locator("#codes").inner_text().split()
    found += problems(page)
    return codes


def test_the_pages_of_set_up_can_be_read(
    browser: Browser, dovecot: Dovecot, tmp_path: Path
) -> None:
    found: list[str] = []
    with running_desk(tmp_path, dovecot) as desk:
        code = next(line.split()[-1] for line in desk.lines if "Set-up code:" in line)
        for language, locale in LANGUAGES.items():
            with watched_closely(browser, desk.address, **looking(locale)) as (context, watch):
                watch.expected.append("422")
                page = context.new_page()
                page.goto("/setup")
                expect(page.locator("html")).to_have_attribute("lang", language)
                found += problems(page)
                page.locator("[name=code]").fill(code)
                page.locator("#continue").click()
                expect(page.locator("#checks")).to_be_visible()
                found += problems(page)
                page.goto("/setup/owner")
                found += problems(page)
                page.locator("#create").click()
                expect(page.locator("#errors")).to_be_focused()
                found += problems(page)
    assert found == []
