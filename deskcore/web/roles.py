"""What each role may do: read in words, and decided where a plugin brought the right."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import ngettext

from deskcore.services import roles
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("roles", __name__, url_prefix="/admin/roles")

_CAN_MANAGE = needs("people.manage")


@blueprint.get("")
@_CAN_MANAGE
def index() -> Response:
    """Show every right and who has it."""
    rights = roles.rights(current_actor())
    own = [right for right in rights if not right.slug]
    brought = [right for right in rights if right.slug]
    return page("people/roles.html", {"rights": rights, "own": own, "brought": brought})


@blueprint.post("")
@_CAN_MANAGE
@asks_password
def change() -> Response:
    """Store who has the rights of plugins."""
    wanted = {name: request.form.getlist(name) for name in request.form.getlist("right")}
    changed = roles.decide(current_actor(), wanted)
    toast(ngettext("%(num)s right changed.", "%(num)s rights changed.", changed))
    return htmx.redirect(url_for("roles.index"))
