"""Forms that tests build, by the services that the builder uses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from deskcore.domain.people import Actor
from plugins.web_form import building, fields, stored
from plugins.web_form.building import Properties
from plugins.web_form.fields import Wanted
from plugins.web_form.shapes import Condition, Form

PLAIN = Wanted(label={}, help={}, is_required=False, choices={}, accepts="any", when=None)


def contact() -> Form:
    return stored.by_slug("contact")


def properties(form: Form) -> Properties:
    return Properties(
        name=form.name,
        slug=form.slug,
        is_on=form.is_on,
        is_first=form.is_first,
        mailbox_id=form.mailbox_id,
        team_id=form.team_id,
        tags=form.tags,
        languages=form.languages,
        texts=form.texts,
        sites=form.sites,
    )


def change(actor: Actor, **wanted: Any) -> None:
    """Change properties of the first form."""
    form = contact()
    building.change(actor, form.id, replace(properties(form), **wanted), version=form.version)


def with_topic(actor: Actor) -> None:
    """Ask for a topic, and for the order number only of who returns something, then as a must."""
    form_id = contact().id
    topic = fields.add(actor, form_id, "choice", "Topic", language="en")
    lines = {"en": ["Return", "Question"], "cs": ["Vrácení", "Dotaz"], "ru": ["Возврат", "Вопрос"]}
    words = {"en": "Topic", "cs": "Téma", "ru": "Тема"}
    fields.change(
        actor, form_id, topic, replace(PLAIN, label=words, is_required=True, choices=lines)
    )
    fields.move(actor, form_id, topic, 0)
    order = contact().field("order_number")
    assert order is not None
    when = Condition(key="topic", value="Return")
    fields.change(actor, form_id, order.id, replace(PLAIN, is_required=True, when=when))
