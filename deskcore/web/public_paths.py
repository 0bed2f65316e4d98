"""Which addresses are the public side's, and what a visitor there chose in this browser."""

from __future__ import annotations

from flask import request

from deskcore.i18n import LANGUAGES

LANGUAGE_COOKIE = "lang"
OF_PLUGINS = "/c"  # what customers see of plugins lies below it
_ROOTS = ("/help", "/r", "/requests", OF_PLUGINS)


def is_public() -> bool:
    """Whether this request is for the side of the desk that customers see."""
    return any(request.path == root or request.path.startswith(f"{root}/") for root in _ROOTS)


def is_of_plugin() -> bool:
    """Whether it is for a page that a plugin has there: one that knows nobody."""
    return request.path.startswith(f"{OF_PLUGINS}/")


def asked_language() -> str:
    """Return the language of the link that was followed, else the one chosen before, else ""."""
    for wanted in (request.args.get("lang", ""), request.cookies.get(LANGUAGE_COOKIE, "")):
        if wanted in LANGUAGES:
            return wanted
    return ""
