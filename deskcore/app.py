"""Builds a desk: named steps, no logic of its own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from flask import Flask

from deskcore import db as database
from deskcore import i18n, web
from deskcore.config import Config, load_config, secret_key
from deskcore.extensions import db
from deskcore.plugin.catalogues import catalogues
from deskcore.plugin.choice import Choice
from deskcore.plugin.guard import Guard
from deskcore.plugin.loader import BOOT, load_plugins
from deskcore.plugin.marks import Marks
from deskcore.plugin.recovery import is_safe_mode
from deskcore.plugin.rooms import Rooms
from deskcore.plugin.tracing import FOLDER, Trace
from deskcore.services import plugin_records
from deskcore.services.left_open import Fence
from deskcore.services.plugin_faults import StoredFaults
from deskcore.theme.compiled import keep_compiled
from deskcore.theme.discovery import FoundTheme
from deskcore.theme.letters import draw_letter
from deskcore.theme.wearing import init_themes

_NO_SLEEPERS = "-c idle_in_transaction_session_timeout=60000"  # milliseconds


def create_app(
    config: Config | None = None,
    *,
    is_marked: bool = False,
    has_pages: bool = True,
    worn: Sequence[FoundTheme] | None = None,
) -> Flask:
    """Build a desk from its configuration.

    Pure in effect: the same inputs give the same app. A plugin that raises while being loaded is
    left out, with its reason on the plugins page. *is_marked* keeps marks of what this process is
    inside of, so that its parent can name the plugin it died in; make such an app after a fork.
    One that answers no browser needs no pages and speaks English where it is not told otherwise.
    *worn* are the layers of a theme that is tried on.
    """
    config = config or load_config()
    app = Flask("deskcore", static_folder=None)
    app.extensions["desk_config"] = config
    app.config.update(
        SECRET_KEY=secret_key(config),
        SQLALCHEMY_DATABASE_URI=config.database,
        # Errors of the database are logged, and what people wrote must not be quoted in them.
        SQLALCHEMY_ENGINE_OPTIONS={
            "hide_parameters": True,
            # A server that was restarted is found again before anybody has to be refused.
            "pool_pre_ping": not config.is_sqlite,
            # A process that was stopped inside a transaction must not hold its rows for ever.
            "connect_args": {} if config.is_sqlite else {"options": _NO_SLEEPERS},
            "pool_size": max(config.web_threads, config.worker_threads) + 4,
        },
        MAX_CONTENT_LENGTH=config.max_request_bytes,
        WTF_CSRF_TIME_LIMIT=None,
    )
    keep_compiled(app, config.compiled_templates)
    _open_database(app, has_pages=has_pages)
    # Two threads of the worker are for others at any rate, and most of those that answer browsers.
    most = max(1, config.web_threads // 4) if has_pages else config.worker_threads
    _load_plugins(app, config, rooms=Rooms(most), is_marked=is_marked)
    with app.app_context():
        init_themes(app, config, worn=worn)
    app.extensions["desk_letters"] = draw_letter
    if has_pages:
        web.register(app)
    else:
        i18n.init_app(app, further=partial(catalogues, app.extensions["desk_plugins"]))
    return app


def _open_database(app: Flask, *, has_pages: bool) -> None:
    db.init_app(app)
    with app.app_context():
        # A worker has a dozen connections, each of which others' writing empties all the time.
        database.prepare_engine(db.engine, cache_kb=16_000 if has_pages else 500)


def _load_plugins(app: Flask, config: Config, *, rooms: Rooms, is_marked: bool) -> None:
    faults = StoredFaults()
    app.extensions["desk_faults"] = faults
    marks = Marks(config.instance / BOOT) if is_marked else None
    guard = Guard(
        sink=faults,
        marks=marks,
        trace=Trace(config.instance / FOLDER),
        scope=Fence,
        rooms=rooms,
    )
    with app.app_context(), guard.commons.loading():
        app.extensions["desk_plugins"] = load_plugins(
            instance=config.instance,
            choice=_choice(config, is_child=is_marked),
            guard=guard,
            safe_mode=config.safe_mode,
            allow_private=config.private_mail_hosts,
        )

    @app.teardown_appcontext
    def write_faults(_error: BaseException | None) -> None:
        faults.flush()


def _choice(config: Config, *, is_child: bool) -> Choice:
    """Ask the database which plugins are wanted; a command that loads none asks nobody.

    A child in safe mode loads none, either, but follows what is changed meanwhile.
    """
    if not is_child and (
        config.plugins is not None or is_safe_mode(config.instance, configured=config.safe_mode)
    ):
        return Choice(configured=config.plugins, kept={})
    return plugin_records.choice(config.plugins)
