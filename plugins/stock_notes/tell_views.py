"""Telling all who wait: the text with its preview, the confirmed press, progress, stop, going on."""

from __future__ import annotations

from flask import Blueprint, Response, url_for

from deskcore.api import LANGUAGES, _
from deskcore.api.data import can, placeholders, settings_of
from deskcore.api.web import current_actor, needs, page, redirect, submit, toast
from plugins.stock_notes import board, preview, products, runs
from plugins.stock_notes.forms import TellForm
from plugins.stock_notes.places import SEE, SLUG, TELL
from plugins.stock_notes.settings import OWN, StockSettings

blueprint = Blueprint("stock_notes_tell", __name__, template_folder="templates")

_CAN_SEE, _CAN_TELL = needs(SEE), needs(TELL)


@blueprint.get("/restock/<int:card_id>/tell")
@_CAN_TELL
def ask(card_id: int) -> Response:
    """Show whom it reaches and what they would read."""
    settings = settings_of(SLUG, StockSettings)
    texts = {f"text_{language}": getattr(settings, f"text_{language}") for language in LANGUAGES}
    return _form_page(card_id, TellForm(data=texts))


@blueprint.post("/restock/<int:card_id>/preview")
@_CAN_TELL
def look(card_id: int) -> Response:
    """Show what they would read with a text that was changed; nothing is sent."""
    return _form_page(card_id, TellForm())


@blueprint.post("/restock/<int:card_id>/tell")
@_CAN_TELL
def confirm(card_id: int) -> Response:
    """Begin to tell them all."""
    form, actor, key = TellForm(), current_actor(), board.product_of(card_id)
    done = submit(form, lambda: runs.confirm(actor, key, form.texts(), expected=form.expected()))
    if done is None:
        return _form_page(card_id, form, status=form.status)
    toast(_("They are being told. You may leave this page."))
    return redirect(url_for("stock_notes_tell.progress", run_id=done.result))


@blueprint.get("/runs/<int:run_id>")
@_CAN_SEE
def progress(run_id: int) -> Response:
    """Show how far a telling is, and who could not be told."""
    actor, run = current_actor(), runs.one(run_id)
    context = {
        "run": run,
        "name": products.names([run.product])[run.product],
        "progress": runs.progress(run_id),
        "failed": preview.failed(actor, run_id),
        "may_tell": can(actor, TELL) and can(actor, "ticket.reply"),
    }
    return page("plugins/stock_notes/progress.html", context)


@blueprint.post("/runs/<int:run_id>/stop")
@_CAN_TELL
def stop(run_id: int) -> Response:
    """End it where it is."""
    runs.stop(current_actor(), run_id)
    toast(_("Stopped. Whoever was not told goes on waiting."))
    return redirect(url_for("stock_notes_tell.progress", run_id=run_id))


@blueprint.post("/runs/<int:run_id>/resume")
@_CAN_TELL
def resume(run_id: int) -> Response:
    """Go on with it."""
    runs.resume(current_actor(), run_id)
    toast(_("The others are being told."))
    return redirect(url_for("stock_notes_tell.progress", run_id=run_id))


def _form_page(card_id: int, form: TellForm, *, status: int = 200) -> Response:
    actor, key = current_actor(), board.product_of(card_id)
    reached = runs.audience(actor, key)
    form.count.data = str(reached.count)
    context = {
        "card_id": card_id,
        "name": products.names([key])[key],
        "reached": reached,
        "form": form,
        "previews": preview.of(actor, key, reached, form.texts()),
        "placeholders": placeholders(),
        "own": OWN,
    }
    return page("plugins/stock_notes/tell.html", context, status=status)
