"""Builds a desk: named steps, no logic of its own."""

from __future__ import annotations

from flask import Flask

from deskcore import db as database
from deskcore.config import Config, load_config, secret_key
from deskcore.extensions import db


def create_app(config: Config | None = None) -> Flask:
    """Build a desk from its configuration.

    Pure in effect: the same inputs give the same app. Reads no table while building; a plugin
    that raises while being loaded is left out, with its reason on the plugins page.
    """
    config = config or load_config()
    app = Flask("deskcore", static_folder=None)
    app.extensions["desk_config"] = config
    app.config.update(
        SECRET_KEY=secret_key(config),
        SQLALCHEMY_DATABASE_URI=config.database,
        MAX_CONTENT_LENGTH=config.max_request_bytes,
        WTF_CSRF_TIME_LIMIT=None,
    )
    db.init_app(app)
    with app.app_context():
        database.prepare_engine(db.engine)
    return app
