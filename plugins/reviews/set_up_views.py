"""Setting reviews up: texts to begin with, follow-ups, asking for reviews, and which sites there are."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, url_for

from deskcore.api import SYSTEM, _
from deskcore.api.data import change_settings, mailboxes, read_customer, settings_of
from deskcore.api.web import (
    DeskForm,
    current_actor,
    form_for,
    form_values,
    from_form,
    needs,
    page,
    redirect,
    submit,
    toast,
    translate,
)
from plugins.reviews import asking, texts
from plugins.reviews.forms import TextForm, text_form
from plugins.reviews.rights import SET_UP, SLUG
from plugins.reviews.settings import ReviewsSettings
from plugins.reviews.sites import sites
from plugins.reviews.texts import Text

blueprint = Blueprint(f"{SLUG}_set_up", __name__, template_folder="templates")

_CAN_SET_UP, _CAN_SET = needs(SET_UP), needs("plugins.manage")


@blueprint.get("/sites")
@_CAN_SET_UP
def all_sites() -> Response:
    """List the sites with their rules; they are connected where all accounts are."""
    return page("plugins/reviews/sites.html", {"sites": list(sites(current_actor()).values())})


@blueprint.get("/texts")
@_CAN_SET_UP
def all_texts() -> Response:
    """List the texts to begin answers with."""
    return page("plugins/reviews/texts.html", {"texts": texts.all_texts()})


@blueprint.get("/texts/new")
@_CAN_SET_UP
def new_text() -> Response:
    """Ask for a new one."""
    return _text_page(text_form())


@blueprint.post("/texts/new")
@_CAN_SET_UP
def create_text() -> Response:
    """Keep it."""
    return _kept(text_form(), 0)


@blueprint.get("/texts/<int:text_id>")
@_CAN_SET_UP
def edit_text(text_id: int) -> Response:
    """Show the form of one."""
    text = texts.one(text_id)
    return _text_page(text_form(text), text)


@blueprint.post("/texts/<int:text_id>")
@_CAN_SET_UP
def change_text(text_id: int) -> Response:
    """Change it."""
    return _kept(text_form(), texts.one(text_id).id)


@blueprint.post("/texts/<int:text_id>/delete")
@_CAN_SET_UP
def delete_text(text_id: int) -> Response:
    """Delete it."""
    name = texts.remove(current_actor(), text_id)
    toast(_("“%(name)s” is deleted. Answers that began with it stay.", name=name))
    return redirect(url_for("reviews_set_up.all_texts"))


@blueprint.get("/settings")
@_CAN_SET
def settings() -> Response:
    """Show what holds for all sites."""
    return _settings_page(_settings_form())


@blueprint.post("/settings")
@_CAN_SET
def change() -> Response:
    """Store it."""
    form = _settings_form()
    actor = current_actor()
    done = submit(form, lambda: change_settings(actor, SLUG, from_form(ReviewsSettings, form)))
    if done is None:
        return _settings_page(form, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("reviews_set_up.settings"))


@blueprint.get("/asked")
@_CAN_SET_UP
def asked() -> Response:
    """Show who came into question, what was drawn, and what became of it."""
    rows, counts = asking.ledger(current_actor())
    context = {"rows": rows, "counts": counts, "settings": settings_of(SLUG, ReviewsSettings)}
    return page("plugins/reviews/asked.html", context)


@blueprint.get("/asking/<int:customer_id>")
@_CAN_SET_UP
def asking_page(customer_id: int) -> Response:
    """Show whether a customer may be asked for reviews."""
    customer = read_customer(current_actor(), customer_id)
    context = {"customer": customer, "is_out": asking.is_opted_out(customer.id)}
    return page("plugins/reviews/asking.html", context)


@blueprint.post("/asking/<int:customer_id>")
@_CAN_SET_UP
def opt_out(customer_id: int) -> Response:
    """Keep what the customer wants, the other way round than it was."""
    wants = not asking.is_opted_out(customer_id)
    asking.opt_out(current_actor(), customer_id, wants=wants)
    toast(
        _("This customer is never asked for reviews.") if wants else _("They may be asked again.")
    )
    return redirect(url_for("reviews_set_up.asking_page", customer_id=customer_id))


def _kept(form: TextForm, text_id: int) -> Response:
    done = submit(form, lambda: texts.keep(current_actor(), form.text(text_id)))
    if done is None:
        return _text_page(form, Text(id=text_id), status=form.status)
    toast(_("Saved."))
    return redirect(url_for("reviews_set_up.all_texts"))


def _text_page(form: TextForm, text: Text | None = None, *, status: int = 200) -> Response:
    context = {"form": form, "text": text if text and text.id else None}
    return page("plugins/reviews/text.html", context, status=status)


def _settings_form() -> DeskForm:
    """Make the form from the settings class, in the reader's language."""
    values = form_values(settings_of(SLUG, ReviewsSettings))
    form = cast("type[DeskForm]", form_for(ReviewsSettings, base=DeskForm))(data=values)
    translate(form)
    return form


def _settings_page(form: DeskForm, *, status: int = 200) -> Response:
    context = {"form": form, "mailboxes": [(each.id, each.name) for each in mailboxes(SYSTEM)]}
    return page("plugins/reviews/settings.html", context, status=status)
