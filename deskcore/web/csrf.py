"""Refuses changes that another site asked for: where the request came from, then the token.

Both hold for every unsafe method on every route, plugins' included, without their help. Plugins'
pages for customers do with the first: they know nobody whose rights could be borrowed, and inside
another site's frame a browser keeps no cookie that a token could be tied to. It follows Filippo Valsorda, https://words.filippo.io/csrf, and Go 1.25.
"""

from __future__ import annotations

import secrets

from flask import Flask, Response, current_app, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf

from deskcore.web.public_paths import is_of_plugin

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
# Webhooks are called by other programs: no browser, no session, but a signature.
SIGNED_PREFIX = "/in/"
# Stands in templates where a token goes, until the whole answer is there: a piece of a page is the
# same for every session then. Random, so nothing that anybody wrote can be taken for it.
_PLACE = secrets.token_urlsafe(24)

_protect = CSRFProtect()


def init_csrf(app: Flask) -> None:
    """Check every unsafe request to *app*."""
    # flask-wtf's own hook would not know about webhooks; its Referer rule is the origin check
    # below, done better.
    app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    app.config["WTF_CSRF_SSL_STRICT"] = False
    app.config["WTF_CSRF_TIME_LIMIT"] = None
    _protect.init_app(app)
    app.jinja_env.globals["csrf_token"] = _place
    app.context_processor(lambda: {"csrf_token": _place})  # flask-wtf gives its own like this
    app.before_request(refuse_forged)
    app.after_request(put_token)


def refuse_forged() -> None:
    """Raise CSRFError for an unsafe request that this desk's own pages did not make."""
    if request.method in SAFE_METHODS or request.path.startswith(SIGNED_PREFIX):
        return
    if not comes_from_here(
        fetch_site=request.headers.get("Sec-Fetch-Site", ""),
        origin=request.headers.get("Origin", ""),
        host=request.host,
    ):
        raise CSRFError(_("This request came from another site. Nothing was changed."))
    if current_app.config["WTF_CSRF_ENABLED"] and not is_of_plugin():
        _protect.protect()


def put_token(response: Response) -> Response:
    """Put the token of this session where templates left room for one."""
    if response.mimetype == "text/html" and not response.is_streamed:
        body = response.get_data()
        if _PLACE.encode() in body:
            response.set_data(body.replace(_PLACE.encode(), generate_csrf().encode()))
    return response


def comes_from_here(*, fetch_site: str, origin: str, host: str) -> bool:
    """Tell whether the browser says that one of our own pages asked.

    Browsers since 2023 send *fetch_site*; older ones at least *origin* with a POST. Without
    both it is no browser that could be tricked, and the token alone decides.
    """
    if fetch_site:
        return fetch_site in {"same-origin", "none"}
    if not origin:
        return True
    return origin.partition("://")[2] == host


def _place() -> str:
    return _PLACE
