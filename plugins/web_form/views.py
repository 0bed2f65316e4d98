"""The builder: the forms there are, one of them with its fields, its properties, a try."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import _, page_language
from deskcore.api.web import (
    absolute,
    current_actor,
    customers_may_come,
    needs,
    page,
    public_page,
    redirect,
    submit,
    toast,
    whole,
)
from plugins.web_form import building, stored, wording
from plugins.web_form.admin_forms import (
    NewFieldForm,
    NewFormForm,
    PropertiesForm,
    form_of_field,
    new_field_form,
    properties_of,
)
from plugins.web_form.answers import Answers, problems, tidied
from plugins.web_form.drawing import draw
from plugins.web_form.places import MANAGE, SLUG
from plugins.web_form.posted import posted
from plugins.web_form.shapes import KINDS, Form

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_MANAGE = needs(MANAGE.name)
_UNPROCESSABLE = 422


@blueprint.get("/")
@_CAN_MANAGE
def index() -> Response:
    """List the forms."""
    return _index(NewFormForm())


@blueprint.post("/new")
@_CAN_MANAGE
def create() -> Response:
    """Make a form, and open it in the builder."""
    form = NewFormForm()
    done = submit(form, lambda: building.create(current_actor(), form.name.data or ""))
    if done is None:
        return _index(form, status=form.status)
    toast(_("The form is there and can be used. Change what you like."))
    return redirect(url_for("web_form.show", form_id=done.result))


@blueprint.get("/<int:form_id>")
@_CAN_MANAGE
def show(form_id: int) -> Response:
    """Show the builder: fields, the form as customers see it, and what is known of one field."""
    return builder(stored.by_id(form_id), new_field_form())


@blueprint.get("/<int:form_id>/settings")
@_CAN_MANAGE
def edit(form_id: int) -> Response:
    """Show the properties of a form."""
    form = stored.by_id(form_id)
    return _settings(form, properties_of(form, current_actor()))


@blueprint.post("/<int:form_id>/settings")
@_CAN_MANAGE
def change(form_id: int) -> Response:
    """Change them."""
    actor, form = current_actor(), stored.by_id(form_id)
    typed = properties_of(form, actor)
    seen = typed.seen_version()
    done = submit(typed, lambda: building.change(actor, form_id, typed.wanted(), version=seen))
    if done is None:
        return _settings(form, typed, status=typed.status)
    toast(_("Saved."))
    return redirect(url_for("web_form.show", form_id=form_id))


@blueprint.post("/<int:form_id>/delete")
@_CAN_MANAGE
def delete(form_id: int) -> Response:
    """Delete a form."""
    name = building.remove(current_actor(), form_id)
    toast(_("“%(name)s” is deleted. Tickets that came by it stay.", name=name))
    return redirect(url_for("web_form.index"))


@blueprint.get("/<int:form_id>/preview")
@_CAN_MANAGE
def preview(form_id: int) -> Response:
    """Show a form exactly as customers see it, in the middle of the builder."""
    return _as_customers_see(stored.by_id(form_id))


@blueprint.post("/<int:form_id>/preview")
@_CAN_MANAGE
def try_out(form_id: int) -> Response:
    """Judge a form as if a customer had sent it, and show what would arrive."""
    form = stored.by_id(form_id)
    return _as_customers_see(form, tidied(form, posted(form, "")))


def builder(form: Form, new_field: NewFieldForm, *, status: int = 200) -> Response:
    """Answer with the builder of a form."""
    language = form.language_for(page_language())
    chosen = request.args.get("field", 0, type=whole)
    field = next((each for each in form.fields if each.id == chosen), None)
    context = {
        "form": form,
        "language": language,
        "kinds": KINDS,
        "new_field": new_field,
        "field": field,
        "field_form": form_of_field(form, field, language) if field else None,
        "is_open": customers_may_come(),
    }
    return page("plugins/web_form/builder.html", context, status=status)


def _index(new: NewFormForm, *, status: int = 200) -> Response:
    context = {
        "forms": stored.all_forms(),
        "sent": stored.sent_by_form(),
        "new": new,
        "is_open": customers_may_come(),
    }
    return page("plugins/web_form/index.html", context, status=status)


def _settings(form: Form, typed: PropertiesForm, *, status: int = 200) -> Response:
    context = {"form": form, "typed": typed, "address": absolute("/c/web_form/")}
    return page("plugins/web_form/settings.html", context, status=status)


def _as_customers_see(form: Form, answers: Answers | None = None) -> Response:
    language = form.language_for(page_language())
    found = problems(form, answers, language) if answers else []
    drawn = draw(
        form,
        language=language,
        action=url_for("web_form.try_out", form_id=form.id),
        answers=answers,
        problems=found,
    )
    context: dict[str, object] = {
        "drawn": drawn,
        "is_framed": True,
        "is_for_show": True,
        "form_languages": (),  # what it says is tried in the language of whoever builds it
    }
    if answers is not None and not found:
        context["shown_answers"] = {
            "subject": wording.subject(form, answers, language),
            "text": wording.message(form, answers, language),
        }
    status = _UNPROCESSABLE if found else 200
    return public_page("plugins/web_form/form.html", context, runs_scripts=True, status=status)
