"""A plugin that listens to events in a running desk, and the events it listens to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.events import CustomerCreated
from deskcore.extensions import db
from deskcore.services.unit import unit_of_work
from deskcore.services.wake import Bell
from tests.plugin.authoring import write_plugin
from tests.process.desks import Desk

_CODE = """
import os
import time
from pathlib import Path

from deskcore.domain.events import CustomerCreated
from deskcore.plugin import Subscription, hookimpl

HERE = Path(__file__).parent


def note(line):
    with open(HERE / "notes.txt", "a") as file:
        file.write(line + "\\n")


def handle(event):
    note(f"begin {{event.customer_id}} {{time.time()}}")
    {body}
    note(f"end {{event.customer_id}} {{os.getpid()}}")


@hookimpl
def desk_subscriptions():
    return [Subscription(name="subscriber.test", events=(CustomerCreated,), handle=handle)]
"""


def install_subscriber(instance: Path, body: str = "pass") -> None:
    """Drop in a plugin that notes each event before and after doing *body*."""
    write_plugin(instance / "plugins", "subscriber", _CODE.format(body=body))


def notes(desk: Desk) -> list[list[str]]:
    """Return what the plugin noted, in words."""
    path = desk.instance / "plugins" / "subscriber" / "notes.txt"
    if not path.exists():
        return []
    return [line.split() for line in path.read_text(encoding="utf-8").splitlines()]


@contextmanager
def beside(desk: Desk) -> Iterator[Flask]:
    """Open the desk's database beside it, as another process of the same desk would."""
    url = desk.environment.get("DESK_DATABASE_URL", "")
    config = load_config(instance=desk.instance, database_url=url, plugins=())
    app = create_app(config)
    with app.app_context():
        yield app
        db.engine.dispose()


def an_event(desk: Desk, *customer_ids: int) -> None:
    """Record one event for each customer, each in its own transaction, and ring."""
    with beside(desk):
        bell = Bell(desk.instance)
        for customer_id in customer_ids or (1,):
            with unit_of_work() as unit:
                unit.record(CustomerCreated(customer_id=customer_id))
            bell.ring()
        bell.huey.storage.close()
