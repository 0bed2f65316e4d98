"""The desk in a browser: what every request passes, and the pages by area."""

from __future__ import annotations

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from deskcore.extensions import config
from deskcore.web.bare import init_bare
from deskcore.web.browser import init_browser
from deskcore.web.confirming import init_confirming
from deskcore.web.developing import init_developing
from deskcore.web.guards import check_routes, init_guards
from deskcore.web.hosts import init_hosts
from deskcore.web.identity import init_identity
from deskcore.web.looks import init_looks
from deskcore.web.pages import register_pages
from deskcore.web.plugin_errors import init_plugin_errors
from deskcore.web.plugin_views import init_plugin_views
from deskcore.web.public_surface import init_public
from deskcore.web.rescue import init_rescue
from deskcore.web.rules import LazyRule
from deskcore.web.seeing import init_seeing
from deskcore.web.words import init_words


def register(app: Flask) -> None:
    """Give *app* its pages; refuses to start with a route that declares no permission."""
    with app.app_context():
        base_url, proxies = config().base_url, config().trusted_proxies
    if proxies:
        believing = ProxyFix(app.wsgi_app, x_for=proxies, x_proto=proxies, x_host=proxies)
        app.wsgi_app = believing  # type: ignore[method-assign]  # Flask's own way
    app.url_rule_class = LazyRule
    init_rescue(app)
    init_identity(app)
    init_hosts(app)
    loaded = app.extensions["desk_plugins"]
    init_browser(app, base_url=base_url, brought=loaded.registry.assets)
    init_public(app)
    init_guards(app)
    init_seeing(app)
    init_bare(app)
    init_looks(app)
    init_confirming(app)
    init_words(app)
    register_pages(app)
    init_developing(app)
    with app.app_context():
        init_plugin_views(app)
        init_plugin_errors(app)
        check_routes(app)
