"""Handing out and forgetting everything that is held of one customer."""

from __future__ import annotations

from contextlib import ExitStack
from tempfile import TemporaryFile

from flask import Blueprint, Response, send_file, url_for
from flask_babel import gettext as _

from deskcore.errors import Conflict
from deskcore.extensions import config
from deskcore.services import privacy, privacy_erase, privacy_export
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("privacy", __name__, url_prefix="/customers/<int:customer_id>")

_CAN_ERASE = needs(privacy.RIGHT)


@blueprint.get("/privacy")
@_CAN_ERASE
def show(customer_id: int) -> Response:
    """Show how much is held, by whom, and offer both."""
    return page("customers/privacy.html", {"held": privacy.held(current_actor(), customer_id)})


@blueprint.post("/export")
@_CAN_ERASE
def export(customer_id: int) -> Response:
    """Hand out everything as one archive."""
    with ExitStack() as opened:
        archive = opened.enter_context(TemporaryFile(dir=config().instance))
        name = privacy_export.export(current_actor(), customer_id, archive)
        archive.seek(0)
        kind = "application/zip"
        response = send_file(archive, mimetype=kind, as_attachment=True, download_name=name)
        response.call_on_close(opened.pop_all().close)
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.post("/erase")
@_CAN_ERASE
@asks_password
def erase(customer_id: int) -> Response:
    """Forget everything, for good."""
    try:
        erased = privacy_erase.erase(current_actor(), customer_id)
    except Conflict as error:
        toast(str(error), kind="bad")
        return htmx.redirect(url_for("privacy.show", customer_id=customer_id))
    toast(_("Erased, with %(count)s tickets.", count=erased.tickets))
    return htmx.redirect(url_for("inbox.home"))
