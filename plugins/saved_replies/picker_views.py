"""The picker of a ticket: a dialog beside the answer, or a page without scripts."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import _
from deskcore.api.data import can, statuses
from deskcore.api.web import current_actor, fragment, needs, redirect, toast
from plugins.saved_replies import picking, replies
from plugins.saved_replies.places import MANAGE, USE

blueprint = Blueprint("saved_replies_picker", __name__, template_folder="templates")

_CAN_USE = needs(USE)


@blueprint.get("/for/<int:number>")
@_CAN_USE
def pick(number: int) -> Response:
    """Show the picker."""
    return _answer("plugins/saved_replies/picker.html", number)


@blueprint.get("/for/<int:number>/options")
@_CAN_USE
def options(number: int) -> Response:
    """Show what fits what was typed."""
    return _answer("plugins/saved_replies/_options.html", number)


@blueprint.post("/for/<int:number>/<int:reply_id>")
@_CAN_USE
def insert(number: int, reply_id: int) -> Response:
    """Count a use; without scripts put the text into the draft and go back there."""
    actor, language = current_actor(), request.args.get("language", "")
    is_there = "inserted" in request.form
    told = picking.use(actor, number, reply_id, language=language, puts_in=not is_there)
    if is_there:
        return Response(told, mimetype="text/plain")
    toast(told or _("The text is in your answer."))
    status = replies.one(actor, reply_id).status
    return redirect(url_for("tickets.show", number=number, mode="reply", status=status or None))


def _answer(template: str, number: int) -> Response:
    actor = current_actor()
    typed, language = request.args.get("q", "")[:200], request.args.get("language", "")
    context = {
        "number": number,
        "typed": typed.strip(),
        "picked": picking.pick(actor, number, typed=typed, language=language),
        "statuses": {each.key: each for each in statuses()},
        "may_manage": can(actor, MANAGE.name),
    }
    return fragment(template, context, title=_("Saved replies"))
