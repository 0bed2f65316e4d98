"""The desk of a tea shop: its plugin on a desk with pages, and the till that the plugin asks."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from deskcore.config import Config
from deskcore.domain.people import SYSTEM, Actor
from deskcore.extensions import db
from deskcore.plugin import stored
from deskcore.plugin.discovery import NAMESPACE, discover
from deskcore.plugin.migrations import of_plugin, upgrade
from deskcore.plugin.net import network_allowed
from deskcore.services import jobs, plugin_settings
from deskcore.testing.simulator import Reply, Request, Simulator, reply_json
from tests.databases import opened

SLUG = "tea_shop"
TOKEN = "assam"
HERE = Path(__file__).parent / SLUG


def install(instance: Path) -> None:
    """Drop the plugin into a desk's folder."""
    for name in [name for name in sys.modules if name.startswith(f"{NAMESPACE}.{SLUG}")]:
        del sys.modules[name]  # an earlier test's folder had it too
    shutil.copytree(HERE, instance / "plugins" / SLUG)


@pytest.fixture
def config(config: Config) -> Config:
    """Give the configuration of a desk with the plugin; import this and ``desk`` where it is wanted."""
    install(config.instance)
    return config.model_copy(update={"plugins": ("email", "spam", SLUG)})


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give that desk, which nobody has set up."""
    with opened(config, has_pages=True) as app:
        make_tables(config.instance)
        yield app


def part(name: str) -> Any:
    """Return a module of the plugin that the desk has loaded."""
    return import_module(f"{NAMESPACE}.{SLUG}.{name}")


def make_tables(instance: Path) -> None:
    """Make the plugin's tables in the desk that is open."""
    (found,) = [found for found in discover(instance / "plugins") if found.slug == SLUG]
    component = of_plugin(found)
    assert component is not None
    upgrade(db.engine, component)


def point_at(till: Till, owner: Actor = SYSTEM) -> None:
    """Set the desk that is open to this till, untried."""
    kind = plugin_settings.declared(SLUG)
    assert kind is not None
    where = {"host": "127.0.0.1", "port": till.port, "token": TOKEN}
    settings = stored.load(kind, where)
    plugin_settings.change_settings(owner, SLUG, settings)


class Till(Simulator):
    """The shop's till: knows one token, and what is on the shelves."""

    def __init__(self) -> None:
        super().__init__()
        self.shelves = {"Assam": 3, "Sencha": 0}

    def answer(self, request: Request) -> Reply:
        """Say who asks, or what is there."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return reply_json({"error": "who are you?"}, 401)
        return reply_json(self.shelves if request.path == "/shelves" else {"name": 1})


@contextmanager
def a_worker(app: Flask) -> Iterator[None]:
    """Have jobs run in a thread of their own, as the worker does, until the block ends."""
    stopping = threading.Event()

    def work() -> None:
        while not stopping.wait(0.02):
            with app.app_context(), network_allowed():
                while jobs.run_next("test"):
                    pass

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=20)
