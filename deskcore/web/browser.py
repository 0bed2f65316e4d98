"""Prepares an app for browsers: assets, pages, headers, forgery checks, error pages."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from deskcore.extensions import htmx as htmx_extension
from deskcore.plugin.brought import BroughtAsset
from deskcore.theme.pages import init_pages
from deskcore.theme.sheets import portraits, served
from deskcore.theme.wearing import Wardrobe
from deskcore.web import htmx
from deskcore.web.assets import init_assets
from deskcore.web.compression import init_compression
from deskcore.web.csrf import init_csrf
from deskcore.web.dressing import init_dressing
from deskcore.web.errors import init_errors
from deskcore.web.forms.defaults import default_words
from deskcore.web.numbers import init_addresses
from deskcore.web.security import init_security


def init_browser(app: Flask, *, base_url: str = "", brought: Sequence[BroughtAsset] = ()) -> None:
    """Make *app* fit for browsers; call before blueprints are registered.

    *base_url* is the address the desk is reached at; with https the session cookie is bound to
    that host and never sent in clear. *brought* are style sheets and scripts of plugins.
    """
    htmx_extension.init_app(app)
    init_addresses(app)
    wardrobe = app.extensions.setdefault("desk_themes", Wardrobe(app=app))
    init_assets(app, brought, {**portraits(wardrobe.there), **served(wardrobe.layers)})
    init_dressing(app)
    init_pages(app, htmx)
    app.jinja_env.filters["default_words"] = default_words
    init_errors(app)
    # After-request functions run last first: headers and tokens are set before the body is packed.
    init_compression(app)
    init_csrf(app)
    init_security(app, base_url=base_url)
