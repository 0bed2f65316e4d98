"""Views of plugins are called as their plugin's: they look without changing, and stay at home.

The matrix asks the same of everybody; this is the short way to see each guard.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask

from deskcore.config import Config
from deskcore.errors import NotFound
from deskcore.services.plugin_reads import history_of, opening_of, read_ticket
from tests import factories
from tests.databases import opened
from tests.matrix.forgotten import FORGOTTEN
from tests.matrix.surveying import SAMPLES, install
from tests.web.conftest import Visitor


@pytest.fixture
def config(config: Config) -> Config:
    """Give the configuration of a desk with both samples."""
    for slug in SAMPLES:
        install(config.instance, slug)
    return config.model_copy(update={"plugins": ("email", "spam", *SAMPLES)})


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give that desk, which nobody has set up."""
    with opened(config, has_pages=True) as app:
        yield app


@pytest.mark.parametrize("what", sorted(FORGOTTEN))
def test_a_view_that_forgets_fails_and_says_what(owner: Visitor, desk: Flask, what: str) -> None:
    path, words = FORGOTTEN[what]
    number = factories.a_ticket(factories.a_mailbox(), subject="Where is my tea?")
    answer = owner.get(path)
    assert answer.status_code == 500
    assert "Location" not in answer.headers
    assert words in desk.extensions["desk_plugins"].guard.last_fault("forgetful").message
    assert "Where is my tea?" in owner.get(f"/t/{number}").text
    assert owner.get("/p/careful/drawer").status_code == 200


def test_what_plugins_read_of_tickets_is_what_somebody_may_see(desk: Flask) -> None:
    mailbox_id = factories.a_mailbox()
    ours = factories.a_user(teams=(factories.a_team(mailbox_id),))
    stranger = factories.a_user(name="Somebody Else")
    customer = factories.a_customer(address="ann@customer.example")
    number = factories.a_ticket(mailbox_id, customer=customer)
    factories.a_message(number, "Where is it?")
    ticket = read_ticket(ours, number)
    assert ticket.number == number
    with pytest.raises(NotFound) as hidden:
        read_ticket(stranger, number)
    with pytest.raises(NotFound) as missing:
        read_ticket(stranger, 999_999)
    assert str(hidden.value) == str(missing.value)
    assert opening_of(ours, ticket.id) is not None
    assert opening_of(stranger, ticket.id) is None
    assert history_of(ours, "ann@customer.example").tickets == 1
    assert history_of(stranger, "ann@customer.example").tickets == 0
