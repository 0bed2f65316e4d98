"""What plugins let a kept text say of a ticket: asked when it is filled, behind the guard."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import insert

from deskcore.config import Config
from deskcore.domain.people import Actor
from deskcore.errors import NotFound
from deskcore.extensions import db
from deskcore.services.placeholders import fill, fill_with_samples, placeholders
from tests.factories import a_customer, a_mailbox, a_team, a_ticket, a_user
from tests.plugin.authoring import write_plugin
from tests.plugin.tea import part
from tests.web.conftest import Visitor

SULKY = """
from deskcore.plugin import Placeholder, hookimpl

def sulk(ticket, user):
    raise RuntimeError("no")

@hookimpl
def desk_placeholders():
    values = {"mood": sulk, "number": lambda ticket, user: 7, "long": lambda ticket, user: "x" * 1001,
              "nul": lambda ticket, user: " a\\0b "}
    return [Placeholder(name=f"sulky.{name}", label=name, sample="?", value=value)
            for name, value in values.items()]
"""
GREEDY = """
from deskcore.plugin import Placeholder, hookimpl

@hookimpl
def desk_placeholders():
    return [Placeholder(name="{name}", label="x", sample="x", value=lambda ticket, user: "x")]
"""
FOREIGN = {"greedy": "tea_shop.wished", "customer": "customer.name"}


@pytest.fixture
def config(config: Config) -> Config:
    write_plugin(config.instance / "plugins", "sulky", SULKY)
    for slug, name in FOREIGN.items():
        write_plugin(config.instance / "plugins", slug, GREEDY.format(name=name))
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "sulky", *FOREIGN)})


@pytest.fixture
def petr() -> Actor:
    return a_user("owner", name="Petr Dvořák")


def waits(customer_id: int, tea: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(insert(part("tables").WISHES).values(customer_id=customer_id, tea=tea))


def said(actor: Actor, number: int, text: str, language: str = "en") -> str:
    (filled,) = fill(actor, number, [(language, text)])
    return filled.text


def test_desk_placeholders_say_what_their_plugin_knows_of_the_ticket(
    owner: Visitor, petr: Actor
) -> None:
    customer = a_customer("Olga", "olga@cz.example")
    number = a_ticket(a_mailbox(), customer=customer)
    text = "Still waiting for {{ tea_shop.wished }}?"
    assert said(petr, number, text) == text
    waits(customer[0], "Sencha")
    assert said(petr, number, text) == "Still waiting for Sencha?"


def test_desk_placeholders_stand_beside_those_of_the_desk(owner: Visitor) -> None:
    names = [each.name for each in placeholders()]
    assert names[:3] == ["customer.name", "customer.first_name", "customer.greeting"]
    assert "tea_shop.wished" in names
    assert fill_with_samples("en", "{{tea_shop.wished}} {{no.such}}").text == "Sencha {{no.such}}"


def test_the_desk_knows_the_ticket_its_customer_and_who_answers(
    owner: Visitor, petr: Actor
) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("Nováková, Jana"), subject="Broken")
    text = "{{customer.first_name}} #{{ticket.number}} {{ticket.subject}} {{agent.first_name}}"
    assert said(petr, number, text) == f"Jana #{number} Broken Petr"
    assert said(petr, number, "{{customer.name}}, {{agent.name}}") == "Nováková, Jana, Petr Dvořák"
    greeting = "{{customer.greeting}}"
    spoken = [said(petr, number, greeting, language) for language in ("en", "cs", "ru")]
    assert spoken == ["Hello,", "Dobrý den,", "Здравствуйте!"]


def test_nobody_is_called_by_an_address(owner: Visitor, petr: Actor) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("olga@cz.example", "olga@cz.example"))
    (filled,) = fill(petr, number, [("en", "{{customer.name}} {{customer.first_name}}")])
    assert filled.unfilled == ("customer.name", "customer.first_name")


def test_desk_placeholders_that_fail_stay_unfilled_and_are_named(
    owner: Visitor, petr: Actor, set_up: Flask
) -> None:
    number = a_ticket(a_mailbox())
    text = "{{sulky.mood}} {{sulky.number}} {{sulky.long}} {{sulky.nul}} {{agent.first_name}}"
    assert said(petr, number, text) == "{{sulky.mood}} {{sulky.number}} {{sulky.long}} ab Petr"
    set_up.extensions["desk_faults"].flush()
    page = owner.get("/admin/plugins/sulky").text
    assert "desk_placeholders failed" in page


@pytest.mark.parametrize("slug", FOREIGN)
def test_desk_placeholders_of_others_and_of_the_desk_cannot_be_taken(
    owner: Visitor, slug: str
) -> None:
    page = owner.get(f"/admin/plugins/{slug}").text
    assert "The placeholder" in page
    assert f"{FOREIGN[slug]}" in page


def test_a_text_is_not_filled_from_a_ticket_out_of_reach(owner: Visitor) -> None:
    number = a_ticket(a_mailbox())
    stranger = a_user("agent", teams=(a_team(a_mailbox()),))
    with pytest.raises(NotFound):
        fill(stranger, number, [("en", "{{customer.name}}")])
