"""One of its pages does not come back for very long, and neither does its form."""

from __future__ import annotations

import time

from flask import Blueprint
from flask.typing import ResponseReturnValue

from deskcore.api.web import needs
from deskcore.plugin import hookimpl

LONG_S = 600.0

blueprint = Blueprint("hangs_on_its_pages", __name__)


@blueprint.get("/")
@needs("ticket.read")
def index() -> ResponseReturnValue:
    time.sleep(LONG_S)
    return "at last"


@blueprint.post("/")
@needs("ticket.read")
def change() -> ResponseReturnValue:
    time.sleep(LONG_S)
    return "at last"


@blueprint.get("/quick")
@needs("ticket.read")
def quick() -> ResponseReturnValue:
    return "at once"


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    return [blueprint]
