"""Events get their place in the feed, and subscribers get their jobs, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from itertools import pairwise
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.app import create_app
from deskcore.config import load_config
from deskcore.domain.events import CustomerCreated, TicketAssigned
from deskcore.errors import NotFound
from deskcore.extensions import db
from deskcore.models import Event, Job
from deskcore.services import events, jobs
from deskcore.services.unit import reading, unit_of_work
from tests.plugin.authoring import write_plugin

LISTENER = """
from deskcore.domain.events import CustomerCreated
from deskcore.plugin import Subscription, hookimpl

heard = []


@hookimpl
def desk_subscriptions():
    return [Subscription(name="listener.heard", events=(CustomerCreated,), handle=heard.append)]
"""


@pytest.fixture
def listening(tmp_path: Path, database_url: str) -> Iterator[Flask]:
    instance = tmp_path / "instance"
    write_plugin(instance / "plugins", "listener", LISTENER)
    app = create_app(
        load_config(instance=instance, database_url=database_url, plugins=("listener",))
    )
    with app.app_context():
        yield app
        db.engine.dispose()


def record(*customer_ids: int) -> None:
    for customer_id in customer_ids:
        with unit_of_work() as unit:
            unit.record(CustomerCreated(customer_id=customer_id))


def positions() -> list[int | None]:
    with reading() as session:
        return list(session.scalars(select(Event.position).order_by(Event.id)))


def deliveries() -> list[Job]:
    with reading() as session:
        return list(
            session.scalars(select(Job).where(Job.name == "event.deliver").order_by(Job.id))
        )


def test_events_get_places_without_gaps(app: Flask) -> None:
    record(1, 2, 3)
    assert positions() == [None, None, None]
    assert events.dispatch() == 3
    record(4)
    assert events.dispatch() == 1
    assert positions() == [1, 2, 3, 4]


def test_dispatchers_at_once_give_each_place_once(app: Flask) -> None:
    record(*range(60))

    def dispatch() -> None:
        with app.app_context():
            events.dispatch()

    threads = [Thread(target=dispatch) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    events.dispatch()
    given = positions()
    assert all(later == earlier + 1 for earlier, later in pairwise(given) if earlier and later)
    assert given == list(range(1, 61))


def test_a_subscription_gets_a_job_for_each_of_its_events_only(listening: Flask) -> None:
    record(1)
    with unit_of_work() as unit:
        unit.record(TicketAssigned(mailbox_id=1))
    events.dispatch()
    [job] = deliveries()
    assert job.args["subscription"] == "listener.heard"


def test_a_subscriber_hears_the_event_with_its_values(listening: Flask) -> None:
    record(7)
    events.dispatch()
    while jobs.run_next("test"):
        pass
    listener = import_module("plugins.listener")
    assert listener.heard[-1] == CustomerCreated(customer_id=7)
    assert deliveries() == []


def test_events_of_one_customer_are_told_in_order(listening: Flask) -> None:
    record(1, 1, 2)
    events.dispatch()
    first, second, other = deliveries()
    assert first.order_key == second.order_key
    assert other.order_key != first.order_key


def test_a_subscription_of_a_plugin_that_is_away_waits(app: Flask) -> None:
    with pytest.raises(NotFound):
        events.deliver(subscription="gone.plugin", event_id=1)
