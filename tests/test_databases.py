"""Every test gets a migrated database that nobody wrote to before."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import func, insert, select

from deskcore.models import Tag
from deskcore.services.unit import reading, unit_of_work


@pytest.mark.parametrize("time", ["first", "second"])
def test_what_a_test_writes_is_not_seen_by_the_next(app: Flask, time: str) -> None:
    with reading() as session:
        assert session.scalar(select(func.count()).select_from(Tag)) == 0
    with unit_of_work() as unit:
        unit.session.execute(insert(Tag).values(key=time, label=time))
    with reading() as session:
        assert session.scalars(select(Tag.key)).all() == [time]
