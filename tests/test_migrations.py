"""Schema changes keep what is there, and end where the models are."""

from __future__ import annotations

from flask import Flask
from sqlalchemy import select

from deskcore.domain.kinds import DeliveryState, Direction
from deskcore.domain.messages import InboundFile
from deskcore.extensions import db
from deskcore.models import Attachment, Delivery, DeliveryPart, Message
from deskcore.plugin import migrations
from deskcore.services import files
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


def test_mail_that_was_there_before_is_offered_its_remote_images_and_none_is_lost_by_stepping_back(
    app: Flask,
) -> None:
    number = factories.a_ticket(factories.a_mailbox())
    markup = '<p>Roses</p><img src="https://far.example/1"><img alt="a > b" src=//far.example/2>'
    with_two = factories.a_message(number, "Roses", html=markup)
    with_none = factories.a_message(number, "Roses", html='<img src="cid:one">')
    sent = InboundFile(filename="bill.pdf", content_type="application/pdf", content=b"bill")
    fetched = InboundFile(filename="image", content_type="image/png", content=b"png")
    with unit_of_work() as unit:
        files.attach(unit, sent, message_id=with_two)
        files.attach(unit, fetched, message_id=with_two, is_remote=True)
    core = migrations.core()
    migrations.downgrade(db.engine, core, "core_0008")
    migrations.upgrade(db.engine, core)
    with reading() as session:
        assert session.get_one(Message, with_two).remote_images == 2
        assert session.get_one(Message, with_two).image_load == {}
        assert session.get_one(Message, with_none).remote_images == 0
        assert session.scalars(select(Attachment.filename)).all() == ["bill.pdf"]
    assert migrations.differences(db.engine, core) == []
