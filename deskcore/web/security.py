"""Sets what browsers may do with our answers: one table of policies by surface, on every one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from flask import Flask, Response, g, request

from deskcore.web.public_paths import is_public
from deskcore.web.vary import vary_on

Surface = Literal["desk", "framed", "message", "preview", "public", "scripted"]

_DESK = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; frame-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
# The desk's own pages where its owner looks at them under another look, beside the form.
_FRAMED = _DESK.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
# Customers' mail: nothing runs and nothing is fetched but its own inline images. Its style
# attributes are its looks, so inline style is allowed here and nowhere else. allow-same-origin
# lets the page around it measure its height and the browser send the session cookie.
_MESSAGE = (
    "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox; "
    "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
# Files shown in the browser: the same without any style, opened alone or in a frame.
_PREVIEW = (
    "sandbox; default-src 'none'; img-src 'self' data:; media-src 'self'; "
    "style-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)
# Pages for customers: nothing runs there. Shown in a frame only inside the desk itself.
_PUBLIC = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
# The same where a plugin's page for customers brings a script of its own: it may do without.
_SCRIPTED = _PUBLIC.replace("style-src", "script-src 'self'; style-src", 1)
POLICIES: dict[Surface, str] = {
    "desk": _DESK,
    "framed": _FRAMED,
    "message": _MESSAGE,
    "preview": _PREVIEW,
    "public": _PUBLIC,
    "scripted": _SCRIPTED,
}
# A site that may put a page of ours into a frame, as a policy names it: nothing else gets in there.
_SITE = re.compile(r"https?://(?:\*\.)?[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?::\d{1,5})?")

_FEATURES = (
    "accelerometer", "autoplay", "camera", "display-capture", "geolocation", "gyroscope", "hid",
    "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
    "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    # no-referrer would make Chromium send "Origin: null" with forms on plain http.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in _FEATURES),
}
# A year, in seconds: what lists of browsers and OWASP ASVS 5.0 (3.4.1) ask for.
_HTTPS_ONLY = "max-age=31536000"


def init_security(app: Flask, *, base_url: str = "") -> None:
    """Set the headers of every answer and the flags of the session cookie."""
    is_https = base_url.startswith("https://")
    app.config.update(
        SESSION_COOKIE_NAME="__Host-desk" if is_https else "desk",
        SESSION_COOKIE_SECURE=is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
    )
    app.after_request(set_headers)


def use_surface(surface: Surface) -> None:
    """Choose the policy of this answer; without a call it is the desk's."""
    g.desk_surface = surface


def frame_by(sites: Sequence[str]) -> None:
    """Let *sites*, as ``https://shop.example``, show this answer in a frame; errors, too.

    Only a surface that the desk itself may frame can be framed by others. Raises ValueError for
    what is no site.
    """
    for site in sites:
        if not _SITE.fullmatch(site):
            raise ValueError(f"{site[:200]!r} is no site that could show a page in a frame.")
    g.desk_framed_by = tuple(sites)


def hand_to_others() -> None:
    """Let pages of other sites load this answer, a script for them."""
    g.desk_for_others = True


def set_headers(response: Response) -> Response:
    """Set what every answer carries, errors and fragments too.

    Answers that name no caching of their own are personal: not stored, kept apart by cookie.
    """
    surface: Surface = g.get("desk_surface", "desk")
    framed_by = " ".join(("frame-ancestors 'self'", *g.get("desk_framed_by", ())))
    policy = POLICIES[surface].replace("frame-ancestors 'self'", framed_by)
    response.headers["Content-Security-Policy"] = policy
    for name, value in HEADERS.items():
        response.headers[name] = value
    if g.get("desk_for_others"):
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if is_public() and request.is_secure:
        # Nothing at all leaves a page whose address is a key; only https can do without (above).
        response.headers["Referrer-Policy"] = "no-referrer"
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = _HTTPS_ONLY
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
        vary_on(response, "Cookie")
    return response
