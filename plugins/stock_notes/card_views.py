"""The card beside a ticket: looking, noting, and the waiting list at one press."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import Invalid, Problem, _
from deskcore.api.data import read_customer, read_ticket, read_tickets
from deskcore.api.web import (
    current_actor,
    fragment,
    needs,
    redirect,
    submit,
    text_of,
    toast,
    whole,
)
from plugins.stock_notes import card, notes, products, waits
from plugins.stock_notes.forms import NoteForm, WaitForm
from plugins.stock_notes.places import KEEP, SEE, SLUG

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_SEE, _CAN_KEEP = needs(SEE), needs(KEEP)
_LONGEST_TYPED = 200


@blueprint.get("/card/<int:number>")
@_CAN_SEE
def show(number: int) -> Response:
    """Show what the ticket speaks of, or what was looked for."""
    return _card(number)


@blueprint.post("/card/<int:number>/note")
@_CAN_KEEP
def note(number: int) -> Response:
    """Note something about a product."""
    form, actor = NoteForm(), current_actor()
    read_ticket(actor, number)
    ask = (actor, text_of(form.product), text_of(form.body))
    done = submit(form, lambda: notes.add(*ask, place=text_of(form.place)))
    if done is None:
        return _card(number, form=form)
    toast(_("Noted."))
    return _done(number)


@blueprint.post("/notes/<int:note_id>/remove")
@_CAN_KEEP
def remove_note(note_id: int) -> Response:
    """Take a note away, and go back to the card it was read on."""
    notes.remove(current_actor(), note_id)
    toast(_("The note is removed."))
    number = request.form.get("number", type=whole)
    return _done(number) if number else redirect(url_for("stock_notes_board.show"))


@blueprint.post("/card/<int:number>/wait")
@_CAN_KEEP
def wait(number: int) -> Response:
    """Put the ticket's customer on the list."""
    form, actor = WaitForm(), current_actor()
    done = submit(form, lambda: waits.put(actor, number, form.wish(_wanted(form))))
    if done is None:
        return _card(number, form=form)
    is_new = _("They are on the list. You tell them, with all others, on the page Restock.")
    toast(is_new if done.result else _("They are on the list already; nothing was changed."))
    return _done(number)


@blueprint.post("/card/<int:number>/refuse")
@_CAN_KEEP
def refuse(number: int) -> Response:
    """Keep that the customer wants no news of goods, or wants them again."""
    wants_none = request.form.get("wants_none") == "1"
    waits.refuse(current_actor(), number, wants_none=wants_none)
    toast(
        _("They will not be told of goods, and wait for nothing any more.")
        if wants_none
        else _("They may be put on lists again.")
    )
    return _done(number)


@blueprint.post("/waits/<int:wait_id>/withdraw")
@_CAN_KEEP
def withdraw(wait_id: int) -> Response:
    """Let a customer wait no longer."""
    number = waits.withdraw(current_actor(), wait_id)
    toast(_("They are off the list."))
    if request.form.get("back") == "card":
        return _done(number)
    return redirect(f"/t/{number}")


@blueprint.get("/customers/<int:customer_id>")
@_CAN_SEE
def customer(customer_id: int) -> Response:
    """Show what a customer waits for, in tickets that the reader may see."""
    actor = current_actor()
    read_customer(actor, customer_id)
    found, has_refused = waits.standing(actor, customer_id)
    context = {
        "waits": found,
        "names": products.names(wait.product for wait in found),
        "numbers": {
            ticket.id: ticket.number
            for ticket in read_tickets(actor, [wait.ticket_id for wait in found]).values()
        },
        "has_refused": has_refused,
    }
    return fragment("plugins/stock_notes/_customer.html", context, title=_("Waits for"))


def _wanted(form: WaitForm) -> str:
    """Return the key of what is waited for; raises Invalid when nothing is said."""
    key = text_of(form.product) or products.unknown_key(text_of(form.words))
    if not key:
        message = _("Write what they ask for.")
        raise Invalid([Problem(field="words", message=message)])
    return key


def _card(number: int, *, form: NoteForm | WaitForm | None = None) -> Response:
    typed = request.args.get("q", "").replace("\x00", "").strip()[:_LONGEST_TYPED]
    context = {
        "card": card.of_ticket(current_actor(), number, typed=typed),
        "form": form,
        "asked": text_of(form.product) if form is not None else "",
    }
    status = form.status if form is not None else 200
    return fragment("plugins/stock_notes/_card.html", context, title=_("Is it in?"), status=status)


def _done(number: int) -> Response:
    """Show the card anew where it stands; a browser without scripts goes to its page."""
    away = redirect(url_for("stock_notes.show", number=number))
    return _card(number) if not away.location else away
