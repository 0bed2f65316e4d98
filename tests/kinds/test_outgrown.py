"""What another plugin adds on the way out counts as part of an answer."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from deskcore.config import Config
from deskcore.domain.kinds import DeliveryState
from deskcore.models import Delivery
from deskcore.services.unit import reading
from tests.kinds.conftest import House
from tests.kinds.test_flow import WORDS, approved, work
from tests.plugin.guests import answer

MANIFEST = """
[plugin]
slug = "chatty"
name = "Chatty"
version = "1.0"
summary = "Says more."
desk = ">=0.1,<1"
api = 1
"""
CODE = """
from dataclasses import replace
from deskcore.plugin import hookimpl

@hookimpl
def desk_outbound_prepare(message):
    return replace(message, text=message.text + " Come again!" * 20)
"""


@pytest.fixture
def config(config: Config) -> Config:
    """Drop a second plugin, which adds something to everything that is sent."""
    folder = config.instance / "plugins" / "chatty"
    folder.mkdir(parents=True)
    (folder / "plugin.toml").write_text(MANIFEST)
    (folder / "__init__.py").write_text(CODE)
    return config.model_copy(update={"plugins": ("email", "spam", "guest_book", "chatty")})


def test_an_answer_that_outgrew_its_room_on_the_way_is_held(house: House) -> None:
    approved(house)
    answer(house.ann, house.number, WORDS)
    work()
    with reading() as session:
        held = session.execute(select(Delivery.state, Delivery.detail)).one()
    assert held.state == DeliveryState.HELD
    assert "longer than an answer may be here" in held.detail
