"""Absolute links: from the configured address, never from what a request claims."""

from __future__ import annotations

from flask import request

from deskcore.extensions import config


def absolute(path: str) -> str:
    """Return the whole address of a page, as people outside this browser must know it."""
    return f"{base_url()}{path}"


def base_url() -> str:
    """Return how the desk is reached, without a slash at the end.

    Without a configured address it is the one this browser uses: the person who copies the link
    is here by it. Mails never take it from a request. A name that no browser would send is shown
    as it came: decoding it may fail.
    """
    return config().base_url.rstrip("/") or f"{request.scheme}://{request.host}"
