"""A desk with the tea shop's plugin, for every test of this folder, and who works there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import insert, select, true

from deskcore.extensions import db
from deskcore.models import Team, TeamMember, User
from tests.plugin.tea import config, desk
from tests.web.conftest import PASSWORD, Visitor
from tests.web.test_people import invited

__all__ = ["config", "desk"]


@pytest.fixture
def colleague(owner: Visitor, set_up: Flask) -> Callable[[str], Visitor]:
    """Give somebody of a role who has signed in, and is in every team there is."""

    def join(role: str) -> Visitor:
        browser, email = Visitor(set_up.test_client()), f"{role}@example.com"
        path = invited(owner, email, role)
        browser.get(path)
        browser.post(path, {"name": "Petr", "password": PASSWORD})
        person = (
            select(User.id.label("user_id"), Team.id.label("team_id"))
            .join(Team, true())
            .where(User.email == email)
        )
        with db.engine.begin() as connection:
            for row in connection.execute(person).mappings().all():
                connection.execute(insert(TeamMember).values(**row))
        return browser

    return join
