"""Plugins beside a ticket and before a reply, on a real desk."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from deskcore.config import Config, load_config
from deskcore.domain.people import Actor
from deskcore.domain.writing import ReplyForm
from deskcore.errors import Invalid, NotFound
from deskcore.models import Delivery, PluginFault, Ticket
from deskcore.plugin.page_parts import LostPanel
from deskcore.services import plugin_places, replies, ticket_page
from deskcore.services.unit import reading
from tests import factories
from tests.plugin.authoring import write_plugin

POLITE = """
from deskcore.api import Problem
from deskcore.plugin import Panel, hookimpl

@hookimpl
def desk_ticket_panels(ticket, user):
    return [Panel(title=ticket.subject, body=f"{user.name} {ticket.customer_name}")]

@hookimpl
def desk_reply_check(draft):
    if "please" not in draft.text:
        return [Problem(field="body", message="Please say please.")]
"""
RUDE = """
from deskcore.plugin import hookimpl

@hookimpl
def desk_ticket_panels():
    raise RuntimeError("rude")

@hookimpl
def desk_reply_check():
    raise RuntimeError("rude")
"""


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    write_plugin(tmp_path / "instance" / "plugins", "polite", POLITE)
    write_plugin(tmp_path / "instance" / "plugins", "rude", RUDE)
    return load_config(
        instance=tmp_path / "instance",
        database_url=database_url,
        plugins=("email", "polite", "rude"),
    )


@pytest.fixture
def agent(app: Flask) -> Actor:
    mailbox_id = factories.a_mailbox()
    agent = factories.a_user("agent", teams=(factories.a_team(mailbox_id),))
    factories.a_ticket(mailbox_id)
    return agent


def number() -> int:
    with reading() as session:
        return session.scalars(select(Ticket.number)).one()


def reply(body: str) -> ReplyForm:
    return ReplyForm(body=body, to=["jana@example.cz"])


def deliveries() -> int:
    with reading() as session:
        return session.scalar(select(func.count()).select_from(Delivery)) or 0


def test_panels_stand_beside_the_ticket_and_a_failing_one_is_named(agent: Actor) -> None:
    page = ticket_page.read(agent, number())
    owned, lost = plugin_places.panels(agent, page)
    assert isinstance(lost.item, LostPanel)
    assert lost.slug != owned.slug
    assert owned.slug == "polite"
    assert owned.item.title == page.subject
    assert owned.item.body == f"{agent.name} {page.customer.name if page.customer else ''}"


def test_a_plugin_can_object_to_a_reply_and_nothing_is_queued_then(agent: Actor) -> None:
    with pytest.raises(Invalid, match="Please say please"):
        replies.queue_reply(agent, number(), reply("Wait."))
    assert deliveries() == 0
    replies.queue_reply(agent, number(), reply("Wait, please."))
    assert deliveries() == 1


def test_plugins_are_not_asked_about_tickets_the_agent_cannot_see(agent: Actor) -> None:
    stranger = factories.a_user("agent")
    with pytest.raises(NotFound):
        plugin_places.check_reply(stranger, number(), reply("Wait."))


def test_a_fault_is_kept_for_the_plugins_page(app: Flask, agent: Actor) -> None:
    replies.queue_reply(agent, number(), reply("Wait, please."))
    app.extensions["desk_faults"].flush()
    with reading() as session:
        fault = session.scalars(select(PluginFault)).one()
    assert (fault.slug, fault.place) == ("rude", "desk_reply_check")
