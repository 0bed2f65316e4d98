"""Pages that do what nobody should. Each says a right, or it would not be there at all."""

from __future__ import annotations

from flask import Blueprint, Response, request
from flask import redirect as plain_redirect
from sqlalchemy import text

from deskcore.api.data import network_of, read_ticket, reading, settings_of, unit_of_work
from deskcore.api.web import current_actor, needs, page, redirect
from deskcore.plugin import PluginSettings, Secret, setting

blueprint = Blueprint("forgetful", __name__, template_folder="templates")
_CAN_READ = needs("ticket.read")


class TheirSettings(PluginSettings):
    """What another plugin keeps, declared once more."""

    note: str = setting("Note", default="")
    token: Secret = setting("Token", default=Secret())


@blueprint.get("/tickets/<int:number>")
@_CAN_READ
def ticket(number: int) -> Response:
    """Show any ticket there is, without a thought for whose it is."""
    found = read_ticket(current_actor(), number)
    return page("plugins/forgetful/ticket.html", {"ticket": found})


@blueprint.get("/count")
@_CAN_READ
def count() -> Response:
    """Count who looks, by looking."""
    with unit_of_work(current_actor()) as unit:
        unit.audit("counted")
    return Response("counted")


@blueprint.get("/tidy")
@_CAN_READ
def tidy() -> Response:
    """Tidy up in the desk's own tables, in a session that is for reading."""
    with reading() as session:
        session.execute(text("UPDATE ticket SET subject = 'tidy'"))
        session.commit()
    return Response("tidy")


@blueprint.get("/drawer")
@_CAN_READ
def drawer() -> str:
    """Show what another plugin keeps."""
    settings = settings_of("careful", TheirSettings)
    return f"{settings.note} {settings.token.reveal()}"


@blueprint.get("/line")
@_CAN_READ
def line() -> str:
    """Take the network of another plugin."""
    return str(network_of("careful"))


@blueprint.get("/on")
@_CAN_READ
def on() -> Response:
    """Go wherever the address says."""
    return redirect(request.args.get("to", "https://evil.example/"))


@blueprint.get("/on/plainly")
@_CAN_READ
def on_plainly() -> Response:
    """Go there without the desk's own redirect."""
    answer = plain_redirect(request.args.get("to", "//evil.example/"))
    return Response(status=answer.status_code, headers={"Location": answer.location or ""})


@blueprint.post("/drop")
@needs("ticket.note")
def drop() -> Response:
    """Drop something, by a form without a token."""
    with unit_of_work(current_actor()) as unit:
        unit.audit("dropped")
    return redirect("/")
