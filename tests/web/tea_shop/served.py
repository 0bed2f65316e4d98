"""The tea shop's desk as a browser meets it: served on this machine, its owner signed in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext
from waitress.server import create_server

from tests.browser.watching import watched_closely
from tests.web.conftest import OWNER_EMAIL, PASSWORD


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """Serve a desk from this process; gives its address."""
    server = create_server(app, host="127.0.0.1", port=0, threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        server.close()
        thread.join(timeout=20)


@contextmanager
def signed_in(
    browser: Browser, app: Flask, *, expected: tuple[str, ...] = (), **options: Any
) -> Iterator[BrowserContext]:
    """Give the owner's browser; any complaint of it that is not *expected* fails the test."""
    with served(app) as address, watched_closely(browser, address, **options) as (context, watch):
        watch.expected.extend(expected)
        page = context.new_page()
        page.goto("/sign-in")
        page.locator("#email").fill(OWNER_EMAIL)  # in whatever language the browser asks for
        page.locator("#password").fill(PASSWORD)
        page.locator("#sign-in").click()
        page.wait_for_url(lambda url: "/sign-in" not in url)
        page.close()
        yield context
