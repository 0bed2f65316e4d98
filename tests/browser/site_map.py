"""Every address of the desk: its routes, which of them are pages, and one of each by its links."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from html import unescape
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from playwright.sync_api import BrowserContext
from werkzeug.exceptions import HTTPException

from deskcore.app import create_app
from deskcore.config import load_config

# Routes that answer GET and are no pages, each with the reason why nobody looks at it.
NO_PAGES = {
    "asset": "a style sheet, script or icon",
    "looks.sheet": "a style sheet",
    "looks.logo": "a picture",
    "customize.draft_sheet": "a style sheet",
    "health.alive": "one word for machines",
    "health.ready": "one word for machines",
    "incoming.push": "answers for machines",
    "incoming.app_push": "answers for machines",
    "live.poll": "parts of pages that are looked at whole",
    "files.download": "somebody else's bytes, as a file",
    "messages.raw": "somebody else's bytes, as a file",
    "attention.raw": "somebody else's bytes, as a file",
    "help.robots": "words for search engines",
    "follow_up.file": "somebody else's bytes, as a file",
    "follow_up.body": "a customer's own markup, shown in a frame of their request",
    "messages.body": "a customer's own markup, shown in a frame of the ticket",
}
# Pages that end with set-up, or to which a one-time link leads instead of another page.
BEFORE_SET_UP = {"setup.code", "setup.owner"}
BY_ONE_TIME_LINK = {"auth.invitation", "auth.reset"}
SIGNED_OUT = {"auth.sign_in", "auth.forgot"}
# What customers see: looked at by tests/web/public/test_in_browser.py.
FOR_CUSTOMERS = {
    "help.home", "follow_up.show", "requests.ask", "requests.arrive", "requests.mine",
}  # fmt: skip
# Steps between the password and the desk.
HALF_WAY = {"second_factor.code", "second_factor.first_set_up"}
# Routes of which every page is looked at, since they differ.
EACH = {"inbox.view", "mailboxes.show"}

_LINK = re.compile(r'(?:href|src)="(/[^"]*)"')


def routes(folder: Path) -> Flask:
    """Make an app of an empty desk, for the map of its routes."""
    return create_app(load_config(instance=folder))


def get_endpoints(app: Flask) -> set[str]:
    """Return every route that answers GET."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}


def crawl(context: BrowserContext, app: Flask, starts: Iterable[str]) -> dict[str, list[str]]:
    """Follow the links from *starts*; return addresses by route.

    One address is kept of each kind: a ticket from each view, each view, one customer. An address
    that does not answer with a page is an error.
    """
    router = app.url_map.bind("127.0.0.1")
    found: dict[str, list[str]] = {}
    seen, queue = set[str](), deque(starts)
    while queue:
        path = queue.popleft()
        parts = urlsplit(path)
        try:
            endpoint, arguments = router.match(parts.path, method="GET")
        except HTTPException:
            continue
        of_view = re.search(r"(?:^|&)v=\w+", parts.query)
        one = arguments if endpoint in EACH else {}
        kind = f"{endpoint} {one} {of_view[0] if of_view else ''}"
        if kind in seen or endpoint in NO_PAGES:
            continue
        seen.add(kind)
        found.setdefault(endpoint, []).append(path)
        answer = context.request.get(path)
        assert answer.ok, f"{answer.status} at {path}"
        queue.extend(unescape(link) for link in _LINK.findall(answer.text()))
    return found
