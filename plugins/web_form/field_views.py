"""The fields of a form, one at a time: added, changed, put in order, deleted after a warning."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import Conflict, _, page_language
from deskcore.api.web import current_actor, needs, page, redirect, submit, toast, whole
from plugins.web_form import fields, stored
from plugins.web_form.admin_forms import FieldForm, form_of_field, new_field_form
from plugins.web_form.places import MANAGE, SLUG
from plugins.web_form.shapes import EMAIL, Field, Form
from plugins.web_form.views import builder

blueprint = Blueprint(f"{SLUG}_fields", __name__, template_folder="templates")

_CAN_MANAGE = needs(MANAGE.name)
_CONFLICT = 409


@blueprint.post("/<int:form_id>/fields/new")
@_CAN_MANAGE
def add(form_id: int) -> Response:
    """Put a new field at the end."""
    form, typed = stored.by_id(form_id), new_field_form()
    language = form.language_for(page_language())
    done = submit(
        typed,
        lambda: fields.add(
            current_actor(), form_id, typed.kind.data, typed.label.data or "", language=language
        ),
    )
    if done is None:
        return builder(form, typed, status=typed.status)
    return redirect(url_for("web_form.show", form_id=form_id, field=done.result))


@blueprint.get("/<int:form_id>/fields/<int:field_id>")
@_CAN_MANAGE
def edit(form_id: int, field_id: int) -> Response:
    """Show what is known of a field, on a page of its own."""
    form = stored.by_id(form_id)
    field = fields.one(form, field_id)
    return _field_page(form, field, form_of_field(form, field, page_language()))


@blueprint.post("/<int:form_id>/fields/<int:field_id>")
@_CAN_MANAGE
def change(form_id: int, field_id: int) -> Response:
    """Change a field."""
    actor, form = current_actor(), stored.by_id(form_id)
    field = fields.one(form, field_id)
    typed = form_of_field(form, field, page_language())
    done = submit(typed, lambda: fields.change(actor, form_id, field_id, typed.wanted()))
    if done is None:
        return _field_page(form, field, typed, status=typed.status)
    toast(_("Saved. The form in the middle shows it."))
    return redirect(url_for("web_form.show", form_id=form_id, field=field_id))


@blueprint.post("/<int:form_id>/fields/<int:field_id>/move")
@_CAN_MANAGE
def move(form_id: int, field_id: int) -> Response:
    """Put a field elsewhere; what depends on another one stays below it."""
    place = request.form.get("place", 0, type=whole)
    try:
        fields.move(current_actor(), form_id, field_id, place)
    except Conflict as error:
        toast(str(error), kind="bad")
    chosen = request.form.get("field", 0, type=whole)
    return redirect(url_for("web_form.show", form_id=form_id, field=chosen or None))


@blueprint.get("/<int:form_id>/fields/<int:field_id>/delete")
@_CAN_MANAGE
def ask(form_id: int, field_id: int) -> Response:
    """Say what would be lost with a field."""
    form = stored.by_id(form_id)
    return _ask_page(form, fields.one(form, field_id))


@blueprint.post("/<int:form_id>/fields/<int:field_id>/delete")
@_CAN_MANAGE
def delete(form_id: int, field_id: int) -> Response:
    """Delete a field."""
    form = stored.by_id(form_id)
    try:
        fields.remove(current_actor(), form_id, field_id)
    except Conflict:
        return _ask_page(form, fields.one(form, field_id), status=_CONFLICT)
    toast(_("The field is gone. Tickets keep what was answered."))
    return redirect(url_for("web_form.show", form_id=form_id))


def _field_page(form: Form, field: Field, typed: FieldForm, *, status: int = 200) -> Response:
    context = {
        "form": form,
        "field": field,
        "field_form": typed,
        "language": form.language_for(page_language()),
    }
    return page("plugins/web_form/field.html", context, status=status)


def _ask_page(form: Form, field: Field, *, status: int = 200) -> Response:
    context = {
        "form": form,
        "field": field,
        "usage": fields.usage(form, field),
        "must_stay": field.key == EMAIL,
        "language": form.language_for(page_language()),
    }
    return page("plugins/web_form/remove_field.html", context, status=status)
