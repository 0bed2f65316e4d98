"""How customers get to a form: its address, a code for the counter, and what goes into a site's page."""

from __future__ import annotations

from io import BytesIO

import segno
from flask import Blueprint, Response

from deskcore.api import page_language
from deskcore.api.web import absolute, customers_may_come, needs, page
from plugins.web_form import stored
from plugins.web_form.places import MANAGE, SLUG
from plugins.web_form.shapes import Form
from plugins.web_form.snippets import frame, script

blueprint = Blueprint(f"{SLUG}_embed", __name__, template_folder="templates")

_CAN_MANAGE = needs(MANAGE.name)


@blueprint.get("/<int:form_id>/embed")
@_CAN_MANAGE
def show(form_id: int) -> Response:
    """Show the link, the code, and what to copy into a page."""
    form = stored.by_id(form_id)
    language = form.language_for(page_language())
    title = form.text("title", language) or form.name
    context = {
        "form": form,
        "url": _address(form),
        "frame": frame(_address(form), language=language, title=title),
        "script": script(absolute(""), form.slug, _address(form), language=language, title=title),
        "desk": absolute(""),
        "is_open": customers_may_come(),
    }
    return page("plugins/web_form/embed.html", context)


@blueprint.get("/<int:form_id>/code.svg")
@_CAN_MANAGE
def code(form_id: int) -> Response:
    """Draw the form's address as a code for phones."""
    drawn = BytesIO()
    made = segno.make(_address(stored.by_id(form_id)), error="m")
    made.save(drawn, kind="svg", scale=8, border=4, dark="#000", light="#fff")
    return Response(drawn.getvalue(), mimetype="image/svg+xml")


def _address(form: Form) -> str:
    return absolute(f"/c/web_form/{form.slug}")
