"""The builder without JavaScript: forms and fields made, changed, ordered, tried and deleted."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select

from deskcore.errors import NotAllowed
from deskcore.services.unit import reading
from plugins.web_form import building, fields
from plugins.web_form.tables import FORMS
from tests.factories import a_user
from tests.web.conftest import Visitor
from tests.web.test_tickets import eva
from tests.web_form.conftest import FILLED, URL, Writer, tickets, work_off
from tests.web_form.forms import contact, with_topic

HOME = "/p/web_form/"


def keys() -> list[str]:
    return [each.key for each in contact().fields]


def test_a_form_is_made_and_works_at_once(owner: Visitor, writer: Writer) -> None:
    owner.get(HOME)
    path = owner.post(f"{HOME}new", {"name": "Returns"}).location
    page = owner.get(path).text
    for shown in ("Returns", "Your mail address", "As customers see it", f'src="{path}/preview"'):
        assert shown in page, shown
    assert "Returns" in writer.open("/c/web_form/returns")
    assert writer.send().status_code == 303
    work_off()
    assert [ticket.subject for ticket in tickets()] == ["Broken cup"]
    assert owner.post(f"{HOME}new", {"name": " "}).status_code == 422
    assert owner.post(f"{HOME}new", {"name": "Возврат"}).status_code == 303
    assert re.search(r"/c/web_form/form-[0-9a-f]{6}", owner.get(HOME).text)
    assert owner.post(f"{path}/delete").status_code == 303
    assert owner.get(path).status_code == 404
    audit = owner.get("/admin/audit").text
    for said in ("made a web form", "deleted a web form"):
        assert said in audit


def test_fields_are_added_changed_ordered_and_deleted(owner: Visitor) -> None:
    form = contact()
    path = f"{HOME}{form.id}"
    owner.get(path)
    added = owner.post(f"{path}/fields/new", {"kind": "choice", "label": "Topic"})
    assert added.status_code == 303
    field = contact().field("topic")
    assert field is not None
    assert added.location == f"{path}?field={field.id}"
    page = owner.get(f"{path}/fields/{field.id}").text
    assert "Choices, one in a line: English" in page
    wanted = {
        "label_en": "Topic",
        "label_cs": "Téma",
        "choices_en": "Return\nQuestion",
        "choices_cs": "Vrácení\nDotaz",
        "is_required": "y",
    }
    assert owner.post(f"{path}/fields/{field.id}", wanted).status_code == 303
    assert owner.post(f"{path}/fields/{field.id}/move", {"place": "0"}).status_code == 303
    assert keys()[0] == "topic"
    order = contact().field("order_number")
    assert order is not None
    page = owner.get(f"{path}?field={order.id}").text
    assert "Only if “Topic” is “Return”." in page
    shown = {"when": "topic=Return", "label_en": "", "is_required": "y"}
    assert owner.post(f"{path}/fields/{order.id}", shown).status_code == 303
    # What depends on another field stays below it, and what decides about one says so first.
    owner.post(f"{path}/fields/{order.id}/move", {"place": "0"})
    assert "so it stays below it" in owner.get(path).text
    assert keys()[0] == "topic"
    uneven = owner.post(f"{path}/fields/{field.id}", {**wanted, "choices_cs": "Vrácení"})
    assert (uneven.status_code, "as many lines" in uneven.text) == (422, True)
    gone = owner.post(
        f"{path}/fields/{field.id}", {**wanted, "choices_en": "A\nB", "choices_cs": ""}
    )
    assert "“Return” decides about another field" in gone.text
    asked = owner.get(f"{path}/fields/{field.id}/delete").text
    assert "Other fields depend on it" in asked
    assert "Order number" in asked
    assert owner.post(f"{path}/fields/{field.id}/delete").status_code == 303
    assert "topic" not in keys()
    left = contact().field("order_number")
    assert left is not None
    assert left.when is None
    assert "changed the fields of a web form" in owner.get("/admin/audit").text


def test_the_field_for_the_address_stays_and_answers_are_counted(
    owner: Visitor, writer: Writer
) -> None:
    writer.open()
    writer.send()
    form = contact()
    email, order = form.field("email"), form.field("order_number")
    assert email is not None
    assert order is not None
    path = f"{HOME}{form.id}/fields"
    assert "1 message has an answer to it" in owner.get(f"{path}/{order.id}/delete").text
    assert "so this field stays" in owner.get(f"{path}/{email.id}/delete").text
    assert owner.post(f"{path}/{email.id}/delete").status_code == 409
    owner.post(f"{path}/{email.id}", {"label_en": "Mail"})
    kept = contact().field("email")
    assert kept is not None
    assert kept.is_required


def test_a_form_is_tried_in_the_builder_and_nothing_is_sent(owner: Visitor) -> None:
    with_topic(eva())
    path = f"{HOME}{contact().id}/preview"
    page = owner.get(path)
    assert "frame-ancestors 'self'" in page.headers["Content-Security-Policy"]
    assert "Only if “Topic” is “Return”." in page.text
    wrong = owner.post(path, FILLED)
    assert (wrong.status_code, "Choose an answer for “Topic”" in wrong.text) == (422, True)
    right = owner.post(path, {**FILLED, "f-topic": "Return"})
    assert "This is what would arrive. Nothing was sent." in right.text
    assert "Order number: A-17" in right.text
    work_off()
    assert tickets() == []


def test_properties_are_changed_once_and_two_people_are_told(owner: Visitor) -> None:
    form = contact()
    path = f"{HOME}{form.id}/settings"
    owner.get(path)
    wanted = {
        "name": "Write to us",
        "slug": "write-to-us",
        "is_on": "y",
        "is_first": "y",
        "mailbox_id": "0",
        "team_id": "0",
        "tags": "web, form",
        "languages": ["en", "cs"],
        "title_en": "Write to us",
        "title_cs": "Napište nám",
        "sites": "https://shop.example\nHTTPS://shop.example/",
        "version": str(form.version),
    }
    assert owner.post(path, wanted).status_code == 303
    late = owner.post(path, {**wanted, "name": "Late"})
    assert (late.status_code, "Somebody changed this form meanwhile" in late.text) == (422, True)
    assert owner.get(URL).status_code == 404
    assert "Napište nám" in owner.get("/c/web_form/write-to-us?lang=cs").text
    with reading() as session:
        row = session.execute(select(FORMS.c.sites, FORMS.c.tags)).one()
    assert (row.sites, row.tags) == (["https://shop.example"], ["web", "form"])
    for field, bad in (("slug", "Write us"), ("languages", ["xx"]), ("mailbox_id", "99")):
        assert owner.post(path, {**wanted, "version": "2", field: bad}).status_code == 422


def test_building_needs_the_right(owner: Visitor) -> None:
    agent = a_user("agent")
    for forbidden in (
        lambda: building.create(agent, "Mine"),
        lambda: building.remove(agent, contact().id),
        lambda: fields.remove(agent, contact().id, 1),
    ):
        with pytest.raises(NotAllowed):
            forbidden()
