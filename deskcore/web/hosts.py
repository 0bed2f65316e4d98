"""Which name the desk answers to: with a configured address, that one and no other.

A request under another name would put that name into links and caches (a forged ``Host``), or
comes from a page elsewhere whose name was made to point here (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Response, request
from flask_babel import gettext as _
from werkzeug.sansio.utils import host_is_trusted

from deskcore.extensions import config
from deskcore.web.errors import error_answer

# Asked by machines under whatever name they know; their answers hold no links. Static files
# dress the page that says no.
_OPEN_ENDPOINTS = frozenset({"health.alive", "health.ready", "asset"})
_BAD_REQUEST = 400


def init_hosts(app: Flask) -> None:
    """Refuse requests under foreign names before anything else looks at them."""
    app.before_request(_check)


def is_unprotected() -> bool:
    """Whether this browser reaches the desk over a network without its https address being set."""
    if config().base_url.startswith("https://"):
        return False
    name = urlsplit(f"//{request.host}").hostname or ""
    try:
        return not ipaddress.ip_address(name).is_loopback
    except ValueError:
        return name != "localhost" and not name.endswith(".localhost")


def _check() -> Response | None:
    own = urlsplit(config().base_url).hostname
    if not own or request.endpoint in _OPEN_ENDPOINTS:
        return None
    if host_is_trusted(request.host, [own, *config().trusted_hosts]):
        return None
    text = _(
        "This desk is not reached under this name. Use its own address, or have whoever runs the "
        "server add the name to trusted_hosts."
    )
    return error_answer(_BAD_REQUEST, text=text)
