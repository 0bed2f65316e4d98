"""Its pages raise: in the view, and in what runs before one."""

from __future__ import annotations

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from deskcore.api.data import reading
from deskcore.api.web import needs
from deskcore.plugin import hookimpl

blueprint = Blueprint("fails_on_its_pages", __name__)


@blueprint.before_request
def check() -> None:
    if request.args.get("early"):
        raise LookupError("broken before the page")


@blueprint.url_value_preprocessor
def look(_endpoint: str | None, _values: dict[str, object] | None) -> None:
    if request.args.get("earliest"):
        raise LookupError("broken before anything")


@blueprint.get("/")
@needs("ticket.read")
def index() -> ResponseReturnValue:
    if request.args.get("sql"):
        with reading() as session:
            session.execute(text("SELECT nothing FROM nowhere"))
    raise ZeroDivisionError("broken page")


@blueprint.post("/")
@needs("ticket.read")
def change() -> ResponseReturnValue:
    raise ZeroDivisionError("broken form")


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    return [blueprint]
