"""What every command begins with: the configuration, the logs, an app without plugins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from deskcore.app import create_app
from deskcore.config import Config, load_config
from deskcore.extensions import db
from deskcore.logs import set_up_logging
from deskcore.prepare import require_schema, without_plugins


def configured() -> Config:
    """Read the configuration and begin to log as it says."""
    config = load_config()
    set_up_logging(config.log_format, config.log_level)
    return config


@contextmanager
def open_desk(config: Config) -> Iterator[None]:
    """Open the desk for a command; raises Unavailable when its database is of another version."""
    with open_unchecked(config):
        require_schema()
        yield


@contextmanager
def open_unchecked(config: Config) -> Iterator[None]:
    """Open the desk as it is; no plugin is loaded, so none can stand in a command's way."""
    with standing_in(create_app(without_plugins(config))):
        yield


@contextmanager
def standing_in(app: Flask) -> Iterator[None]:
    """Stand in the context of *app*; connections are let go after its end, which still writes faults."""
    with app.app_context():
        engine = db.engine
    try:
        with app.app_context():
            yield
    finally:
        engine.dispose()
