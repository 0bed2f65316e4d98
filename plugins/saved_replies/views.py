"""The pages of saved replies: look, search, write, change, delete."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for

from deskcore.api import Actor, _
from deskcore.api.data import can, fill_with_samples, placeholders, statuses, teams
from deskcore.api.web import current_actor, needs, page, redirect, submit, toast
from plugins.saved_replies import finding, replies
from plugins.saved_replies.forms import SavedReplyForm, form_of
from plugins.saved_replies.picker_views import blueprint as picker
from plugins.saved_replies.places import MANAGE, SLUG, USE
from plugins.saved_replies.replies import SavedReply

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_USE, _CAN_MANAGE = needs(USE), needs(MANAGE.name)


@blueprint.get("/")
@_CAN_USE
def index() -> Response:
    """List what the reader may use, or what fits a search."""
    actor, typed = current_actor(), request.args.get("q", "").strip()[:200]
    context = {
        "found": _found(replies.usable(actor), typed),
        "typed": typed,
        "may_manage": can(actor, MANAGE.name),
        "team_names": _team_names(actor),
    }
    return page("plugins/saved_replies/index.html", context)


@blueprint.get("/<int:reply_id>")
@_CAN_USE
def show(reply_id: int) -> Response:
    """Show one as it may look in an answer."""
    actor = current_actor()
    reply = replies.one(actor, reply_id)
    context = {
        "reply": reply,
        "filled": {
            language: fill_with_samples(language, text) for language, text in reply.texts.items()
        },
        "may_manage": can(actor, MANAGE.name),
        "team_names": _team_names(actor),
        "statuses": {each.key: each for each in statuses()},
    }
    return page("plugins/saved_replies/show.html", context)


@blueprint.get("/new")
@_CAN_MANAGE
def new() -> Response:
    """Ask for a new one."""
    return _form_page(form_of())


@blueprint.post("/new")
@_CAN_MANAGE
def create() -> Response:
    """Keep it."""
    form = form_of()
    done = submit(form, lambda: replies.create(current_actor(), form.written()))
    if done is None:
        return _form_page(form, status=form.status)
    toast(_("Saved. It is offered in every answer of those who may use it."))
    return redirect(url_for("saved_replies.show", reply_id=done.result))


@blueprint.get("/<int:reply_id>/edit")
@_CAN_MANAGE
def edit(reply_id: int) -> Response:
    """Show its form."""
    reply = replies.one(current_actor(), reply_id)
    return _form_page(form_of(reply), reply=reply)


@blueprint.post("/<int:reply_id>/edit")
@_CAN_MANAGE
def change(reply_id: int) -> Response:
    """Change it."""
    actor = current_actor()
    reply, form = replies.one(actor, reply_id), form_of()
    seen = form.seen_version()
    done = submit(form, lambda: replies.change(actor, reply_id, form.written(), version=seen))
    if done is None:
        return _form_page(form, reply=reply, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("saved_replies.show", reply_id=reply_id))


@blueprint.post("/<int:reply_id>/delete")
@_CAN_MANAGE
def delete(reply_id: int) -> Response:
    """Delete it."""
    name = replies.remove(current_actor(), reply_id)
    toast(_("“%(name)s” is deleted. Answers that were given with it stay.", name=name))
    return redirect(url_for("saved_replies.index"))


def blueprints() -> list[Blueprint]:
    """Return these pages and those of the picker."""
    return [blueprint, picker]


def _team_names(actor: Actor) -> dict[int, str]:
    """Return the names of teams for whoever chooses among them; others know them as theirs."""
    return {team.id: team.name for team in teams()} if can(actor, MANAGE.name) else {}


def _found(known: list[SavedReply], typed: str) -> list[SavedReply]:
    if not typed:
        return known
    scores = {
        reply.id: finding.score(typed, reply.name, "\n".join(reply.texts.values()))
        for reply in known
    }
    fitting = [reply for reply in known if scores[reply.id]]
    return sorted(fitting, key=lambda reply: (-scores[reply.id], -reply.uses, reply.name))


def _form_page(
    form: SavedReplyForm, *, reply: SavedReply | None = None, status: int = 200
) -> Response:
    context = {
        "form": form,
        "reply": reply,
        "statuses": statuses(),
        "placeholders": placeholders(),
    }
    return page("plugins/saved_replies/edit.html", context, status=status)
