"""Schema changes keep what is there, and end where the models are."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.extensions import db
from deskcore.models import Delivery, DeliveryPart
from deskcore.plugin import migrations
from deskcore.services.unit import reading, unit_of_work
from tests import factories


def test_the_schema_is_what_the_models_say(app: Flask) -> None:
    assert migrations.differences(db.engine, migrations.core()) == []


def test_answers_on_their_way_survive_the_step_back_and_forth_over_the_desks_own_mail(
    app: Flask,
) -> None:
    number = factories.a_ticket(factories.a_mailbox())
    factories.a_message(number, "Hello", direction=Direction.OUT, delivery=DeliveryState.QUEUED)
    with unit_of_work() as unit:
        delivery_id = unit.session.scalars(select(Delivery.id)).one()
        unit.session.add(DeliveryPart(delivery_id=delivery_id, recipient="ann@example.com"))
    core = migrations.core()
    migrations.downgrade(db.engine, core, "core_0006")
    migrations.upgrade(db.engine, core)
    with reading() as session:
        kept = session.scalars(select(Delivery)).one()
        assert (kept.id, kept.ticket_id is None) == (delivery_id, False)
        assert session.scalars(select(DeliveryPart.delivery_id)).one() == delivery_id
    assert migrations.differences(db.engine, core) == []
