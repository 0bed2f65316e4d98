"""What the database layer promises whatever the database."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore.domain.writing import DraftForm
from deskcore.models import Draft, Tag
from deskcore.services import drafts
from deskcore.services.unit import reading, unit_of_work
from tests import factories


@pytest.mark.parametrize("typed", ["te\x00a", "te\ud800a", "\x00tea\udfff"])
def test_what_no_database_takes_is_left_out_of_a_text(app: Flask, typed: str) -> None:
    with unit_of_work() as unit:
        unit.session.add(Tag(key=typed, label=typed))
    with reading() as session:
        assert session.scalars(select(Tag.label).where(Tag.key == typed)).one() == "tea"


def test_a_draft_for_a_mailbox_that_is_gone_keeps_its_text(app: Flask) -> None:
    actor = factories.a_user()
    form = DraftForm(mode="new", body="Dobrý den", to=[], cc=[], mailbox_id=999_999, version=0)
    drafts.save(actor, None, form)
    with reading() as session:
        assert session.scalars(select(Draft)).one().body == "Dobrý den"
    assert drafts.get(actor, None, "new").mailbox_id is None
