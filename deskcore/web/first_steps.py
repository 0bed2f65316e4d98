"""Beginning: sample data in and out, and the card with the first things to do."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deskcore.samples import filling
from deskcore.services.first_steps import hide_first_steps
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("first_steps", __name__)


@blueprint.post("/admin/sample")
@needs("desk.manage")
def add_sample() -> Response:
    """Add the sample shop, once, and show its inbox."""
    if not filling.has_samples():
        filling.fill(current_actor())
        toast(_("A sample shop is here. Nothing of it is ever sent."))
    return htmx.redirect("/")


@blueprint.post("/admin/sample/remove")
@needs("desk.manage")
def remove_sample() -> Response:
    """Take the sample shop out again, with everything that was done to it."""
    count = filling.remove(current_actor())
    toast(
        ngettext(
            "The sample shop is gone, with %(num)s ticket.",
            "The sample shop is gone, with %(num)s tickets.",
            count,
        )
    )
    return htmx.redirect(url_for("admin.home"))


@blueprint.post("/admin/first-steps/hide")
@needs("desk.manage")
def hide() -> Response:
    """Put the card away."""
    hide_first_steps(current_actor())
    return htmx.redirect("/")
