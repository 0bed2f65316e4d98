"""My requests: asked for by mail address, opened by the link that comes there."""

from __future__ import annotations

from flask import Blueprint, Response, request, session

from deskcore.domain.kinds import Category
from deskcore.domain.public_views import RequestLine, RequestsAsk, RequestsOpen, RequestsPage
from deskcore.errors import Invalid, NotFound
from deskcore.i18n import _, page_language, short_time
from deskcore.services import notice_sender, request_links
from deskcore.services.throttle import TooManyTries
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.follow_up_words import STATES
from deskcore.web.forms.base import TOO_MANY, UNPROCESSABLE
from deskcore.web.guards import public
from deskcore.web.identity import client_address, expect_language
from deskcore.web.public_surface import refuse_closed, site

blueprint = Blueprint("requests", __name__, url_prefix="/requests")

_VISIT = "visit"


@blueprint.get("")
@public
def ask() -> Response:
    """Ask for the address that the link is to go to."""
    return _ask(RequestsAsk(was_asked="asked" in request.args))


@blueprint.post("")
@public
def send() -> Response:
    """Have the link sent; the answer is the same for every address."""
    refuse_closed()
    email = request.form.get("email", "")
    try:
        if notice_sender.can_send():
            request_links.ask(email, language=page_language(), address=client_address())
    except (Invalid, TooManyTries) as error:
        problem = error.problems[0].message if isinstance(error, Invalid) else str(error)
        status = UNPROCESSABLE if isinstance(error, Invalid) else TOO_MANY
        return _ask(RequestsAsk(email=email, problem=str(problem)), status=status)
    return htmx.redirect("/requests?asked=1")


@blueprint.get("/<key>")
@public
def arrive(key: str) -> Response:
    """Show a button: programs that look into mails must not use the link up."""
    refuse_closed()
    if not request_links.is_good(key):
        return _over()
    visit = RequestsOpen(url=f"/requests/{key}")
    return page("public/requests_open.html", {"site": site(), "visit": visit})


@blueprint.post("/<key>")
@public
def enter(key: str) -> Response:
    """Use the link up and show the list in this browser, for an hour."""
    refuse_closed()
    try:
        session[_VISIT] = request_links.arrive(key)
    except NotFound:
        return _over()
    return htmx.redirect("/requests/mine")


@blueprint.get("/mine")
@public
def mine() -> Response:
    """List the requests of whoever came by a mailed link."""
    refuse_closed()
    found = request_links.own_requests(session.get(_VISIT, ""))
    if found is None:
        return htmx.redirect("/requests")
    expect_language(found.language)
    lines = tuple(_line(one) for one in found.requests)
    return page("public/requests.html", {"site": site(), "mine": RequestsPage(requests=lines)})


def _ask(asked: RequestsAsk, *, status: int = 200) -> Response:
    refuse_closed()
    return page("public/requests_ask.html", {"site": site(), "asked": asked}, status=status)


def _over() -> Response:
    problem = _("This link was used already or is too old. Ask for a new one.")
    return _ask(RequestsAsk(problem=problem), status=404)


def _line(found: request_links.OwnRequest) -> RequestLine:
    state, words = STATES[Category(found.category)]
    return RequestLine(
        number=found.number,
        subject=found.subject,
        state=state,
        state_text=str(words),
        when=short_time(found.at),
        when_iso=found.at.isoformat(),
        url=f"/r/{found.key}" if found.key else "",
    )
