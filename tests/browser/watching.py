"""What a browser complained of while a test ran: scripts, refused resources, other machines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response, WebError


@dataclass(kw_only=True)
class Watch:
    """Everything wrong that a context has seen; ``expected`` are words of what a test provokes."""

    host: str
    faults: list[str] = field(default_factory=list)
    expected: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        """Listen to every page that the context has or will have."""
        context.on("console", self._said)
        context.on("weberror", self._raised)
        context.on("request", self._asked)
        context.on("response", self._answered)

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium reports here what the content security policy refused, too.
        if message.type == "error":
            self.faults.append(f"console: {message.text} {message.location['url']}")

    def _raised(self, error: WebError) -> None:
        self.faults.append(f"script: {error.error}")

    def _asked(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.netloc != self.host:
            self.faults.append(f"request to another place: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.faults.append(f"{response.status} {response.request.method} {response.url}")

    @property
    def unexpected(self) -> list[str]:
        """Return the faults that no test has announced."""
        return [one for one in self.faults if not any(part in one for part in self.expected)]


@contextmanager
def watched(browser: Browser, address: str, **options: Any) -> Iterator[BrowserContext]:
    """Give a context of its own on the desk at *address*; any complaint fails at its end."""
    with watched_closely(browser, address, **options) as (context, _watch):
        yield context


@contextmanager
def watched_closely(
    browser: Browser, address: str, **options: Any
) -> Iterator[tuple[BrowserContext, Watch]]:
    """Give a context with its watch, for tests that provoke complaints."""
    defaults = {"base_url": address, "locale": "en-GB", "viewport": {"width": 1440, "height": 900}}
    watch = Watch(host=urlsplit(address).netloc)
    with browser.new_context(**{**defaults, **options}) as context:
        context.set_default_timeout(20_000)
        watch.attach(context)
        yield context, watch
    if watch.unexpected:
        raise AssertionError("\n".join(["the browser complained:", *watch.unexpected]))
