"""The page of one request for its customer, opened by a key and by nothing else."""

from __future__ import annotations

import secrets

from flask import Blueprint, Response, request

from deskcore.domain import folding, html
from deskcore.domain.public_views import AnswerForm
from deskcore.errors import Conflict, DeskError, Invalid
from deskcore.services import follow_up, follow_up_writing
from deskcore.services.throttle import TooManyTries
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.composer import uploads
from deskcore.web.files import hand_out
from deskcore.web.follow_up_words import request_page
from deskcore.web.forms.base import TOO_MANY, UNPROCESSABLE
from deskcore.web.guards import public
from deskcore.web.identity import expect_language
from deskcore.web.public_surface import refuse_closed, site, this_public
from deskcore.web.security import use_surface

blueprint = Blueprint("follow_up", __name__, url_prefix="/r/<key>")

_STATUS: dict[type[DeskError], int] = {
    Invalid: UNPROCESSABLE,
    TooManyTries: TOO_MANY,
    Conflict: 409,
}


@blueprint.get("")
@public
def show(key: str) -> Response:
    """Show the request that the key opens."""
    return _page(key, AnswerForm(key=secrets.token_urlsafe(16)))


@blueprint.post("/answer")
@public
def answer(key: str) -> Response:
    """Take in an answer with its files."""
    refuse_closed()
    text, form_key = request.form.get("text", ""), request.form.get("form_key", "")
    files = uploads(request.files.getlist("files"))
    try:
        follow_up_writing.answer(key, text, files, form_key=form_key)
    except (Invalid, TooManyTries, Conflict) as error:
        form = AnswerForm(key=secrets.token_urlsafe(16), text=text, problems=_problems(error))
        return _page(key, form, status=_STATUS[type(error)])
    return htmx.redirect(f"/r/{key}?said=answer#said")


@blueprint.post("/solve")
@public
def solve(key: str) -> Response:
    """Take it that nothing more is needed."""
    refuse_closed()
    follow_up_writing.solve(key)
    return htmx.redirect(f"/r/{key}?said=solved#said")


@blueprint.post("/reopen")
@public
def reopen(key: str) -> Response:
    """Take it that it is not done."""
    refuse_closed()
    follow_up_writing.reopen(key)
    return htmx.redirect(f"/r/{key}?said=open#said")


@blueprint.get("/messages/<int:message_id>/body")
@public
def body(key: str, message_id: int) -> Response:
    """Answer with a message's markup for its frame: made harmless, without what it quotes."""
    refuse_closed()
    found = follow_up.body(key, message_id)
    images = {name: f"/r/{key}/files/{file}" for name, file in found.images.items()}
    halves = folding.fold(found.html, visible=found.visible, quoted=found.quoted)
    use_surface("message")
    said = html.clean(halves.said, images=images)
    return Response(html.document(said, is_by_word=html.is_by_word(found.html)))


@blueprint.get("/files/<public_id>")
@public
def file(key: str, public_id: str) -> Response:
    """Hand out a file of the request."""
    refuse_closed()
    return hand_out(*follow_up.open_file(key, public_id))


def _page(key: str, form: AnswerForm, *, status: int = 200) -> Response:
    refuse_closed()
    found = follow_up.open_request(key)
    expect_language(found.language)
    shown = request_page(
        found, f"/r/{key}", this_public().names, form, said=request.args.get("said", "")
    )
    return page("public/request.html", {"site": site(), "ticket": shown}, status=status)


def _problems(error: DeskError) -> tuple[tuple[str, str], ...]:
    if isinstance(error, Invalid):
        return tuple((problem.field, str(problem.message)) for problem in error.problems)
    return (("text", str(error)),)
