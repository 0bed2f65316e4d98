"""Looks, in a browser, whether agents can still see and press what they work with.

Each control is compared with itself without the theme's style sheet, at two widths and in both
schemes: what could be seen and pressed there must be seen and pressed with the theme.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from deskcore.domain.people import SYSTEM
from deskcore.samples import filling
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.theme_checks import ThemeFinding
from deskcore.theme.sheets import AGENT_SHEET

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_PROGRAMS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
_EMAIL, _PASSWORD = "owner@example.com", "only for this check of a theme"
_WIDTHS = (1280, 360)
_SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
_MOST = 8  # of one page; the rest has the same cause

# What can be seen and pressed, by id: {"words": …, "why": "" or what is wrong}. Twice: as it is, and
# as if whatever lies on top of something took the press.
_LOOK = """(isCovering) => {
  const all = new CSSStyleSheet();
  all.replaceSync(isCovering ? "*, *::before, *::after { pointer-events: auto !important }" : "");
  document.adoptedStyleSheets = [all];
  const numbers = (colour) => (colour.match(/^rgba?\\(([^)]+)\\)$/) || ["", ""])[1].split(/[ ,/]+/).map(Number);
  const light = (rgb) => rgb.slice(0, 3).map((c) => c / 255)
    .map((c) => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const ground = (node) => {
    for (; node; node = node.parentElement) {
      const rgb = numbers(getComputedStyle(node).backgroundColor);
      if (rgb.length >= 3 && (rgb.length < 4 || rgb[3] > .9)) return rgb;
    }
    return [255, 255, 255];
  };
  const why = (node) => {
    node.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const box = node.getBoundingClientRect();
    if (box.width < 8 || box.height < 8) return "has no size";
    let opacity = 1;
    for (let n = node; n; n = n.parentElement) opacity *= Number(getComputedStyle(n).opacity);
    const style = getComputedStyle(node);
    if (style.visibility !== "visible" || opacity < .4) return "cannot be seen";
    const top = document.elementFromPoint(box.left + box.width / 2, box.top + box.height / 2);
    if (!top) return "lies outside of the page";
    if (!node.contains(top)) {
      const cover = top.closest("[id]");
      return "cannot be pressed: " + (cover ? "#" + cover.id : "<" + top.localName + ">") + " lies on it or takes its place";
    }
    const words = numbers(style.color), below = ground(node);
    if (words.length >= 3 && node.innerText) {
      const [a, b] = [light(words), light(below)];
      if ((Math.max(a, b) + .05) / (Math.min(a, b) + .05) < 3) return "has words of the colour of its ground";
    }
    return "";
  };
  const found = {};
  for (const node of [...document.querySelectorAll(".btn-primary[id]"), ...document.querySelectorAll("button[id], a.btn[id], a.nav-link[id], textarea[id], input[id]:not([type=hidden]), a[id^=open-]")]) {
    found[node.id] = { words: (node.innerText || node.getAttribute("aria-label") || node.id).trim().replace(/\\s+/g, " ").slice(0, 40), why: why(node) };
  }
  document.adoptedStyleSheets = [];
  return found;
}"""
_TAKE_OFF = """(isOff) => { for (const link of document.querySelectorAll("link[href$='/theme/style.css']")) link.disabled = isOff; }"""


def seen_findings(app: Flask) -> Iterator[ThemeFinding]:
    """Look at the pages of agents, when there is a browser and a style sheet for them."""
    if not app.extensions["desk_assets"].has(f"theme/{AGENT_SHEET}"):
        return
    program = next(filter(None, map(shutil.which, _PROGRAMS)), None)
    if program is None or importlib.util.find_spec("playwright") is None:
        text = (
            "Nobody looked whether agents can see and press everything: that takes Chromium and "
            "the package playwright (pip install 'deskcore[test]') on this machine."
        )
        yield ThemeFinding(level="note", where=AGENT_SHEET, text=text)
        return
    # A thread of its own: whoever checks may have a browser, too, and one thread drives one.
    with ThreadPoolExecutor(1, thread_name_prefix="looks") as looking:
        yield from looking.submit(lambda: list(_seen(app, program))).result()


def _seen(app: Flask, program: str) -> Iterator[ThemeFinding]:
    with app.app_context(), filled(app), served(app) as address, _browser(program) as browser:
        page = browser.new_page(base_url=address)
        sign_in(page)
        told: set[str] = set()
        for path in ("/v/open", first_ticket(page), "/new"):
            page.goto(path)
            left = _MOST
            for name, text in _compared(page):
                if name not in told and left:
                    told.add(name)
                    left -= 1
                    yield ThemeFinding(level="error", where=AGENT_SHEET, text=text)


def _compared(page: Page) -> Iterator[tuple[str, str]]:
    for width in _WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        for scheme in _SCHEMES:
            page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            for is_covering in (False, True):
                worn = page.evaluate(_LOOK, is_covering)
                page.evaluate(_TAKE_OFF, True)
                bare = page.evaluate(_LOOK, is_covering)
                page.evaluate(_TAKE_OFF, False)
                for name, there in bare.items():
                    here = worn.get(name, {"why": "is gone"})
                    if here["why"] and not there["why"]:
                        where = f"{page.title()}, {width} pixels wide, {scheme}"
                        yield name, f"{there['words']!r} ({where}) {here['why']}."


@contextmanager
def filled(app: Flask) -> Iterator[None]:
    """Give the desk an owner and tickets."""
    with app.app_context():
        code = setup.ensure_setup_code()
        setup.create_owner(
            setup.check_setup_code(code or ""),
            setup.FirstOwner(name="Ann Owner", email=_EMAIL, password=_PASSWORD),
            DeskSettings(name="Shop"),
        )
        filling.fill(SYSTEM)
    yield


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve the desk on this machine alone; gives its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Quiet(WSGIRequestHandler):
    def log(self, *_args: object) -> None:
        """Tell nobody of requests that only the check made."""


@contextmanager
def _browser(program: str) -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  not on every machine

    with sync_playwright() as playwright:
        # Chromium refuses its own sandbox to root; what it looks at is this machine's own desk.
        flags = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(
            executable_path=program, args=[*flags, "--disable-gpu", "--no-first-run"]
        )
        try:
            yield browser
        finally:
            browser.close()


def sign_in(page: Page) -> None:
    """Sign the owner in."""
    page.goto("/sign-in")
    page.fill("input[name=email]", _EMAIL)
    page.fill("input[name=password]", _PASSWORD)
    page.press("input[name=password]", "Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)


def first_ticket(page: Page) -> str:
    """Return the address of a ticket's page."""
    page.goto("/v/open")
    address = page.locator("a[href^='/t/']").first.get_attribute("href")
    return address or "/v/open"
