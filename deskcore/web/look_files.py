"""Serves the looks of the desk: one style sheet a surface, under an address that holds its digest."""

from __future__ import annotations

from flask import Blueprint, Response, abort, request

from deskcore.services import appearance
from deskcore.theme.looks import SURFACES, sheet_of
from deskcore.web.guards import public
from deskcore.web.identity import this_desk
from deskcore.web.security import use_surface

blueprint = Blueprint("looks", __name__, url_prefix="/look")

_FOR_GOOD = "public, max-age=31536000, immutable"


@blueprint.get("/<digest>/<surface>")
@public
def sheet(digest: str, surface: str) -> Response:
    """Answer with a sheet; an address of another look gets today's, uncached."""
    if surface not in SURFACES:
        abort(404)
    found = sheet_of(surface, appearance.text_of_look(this_desk().look))
    response = Response(found.body, mimetype="text/css")
    response.set_etag(found.digest)
    response.headers["Cache-Control"] = _FOR_GOOD if digest == found.digest else "no-cache"
    response.make_conditional(request)
    return response


@blueprint.get("/logo/<digest>")
@public
def logo(digest: str) -> Response:
    """Answer with the shop's logo; nothing in it is run, however it is opened."""
    content, content_type = appearance.logo_file(digest)
    use_surface("preview")
    response = Response(content, mimetype=content_type)
    response.headers["Cache-Control"] = _FOR_GOOD
    return response
