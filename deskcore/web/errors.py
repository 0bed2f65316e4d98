"""Turns what went wrong into an answer: a page, or for htmx only a toast, with the right status.

The only place that knows both the error tree and HTTP.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from functools import partial

from flask import Flask, Response, g, make_response, request
from flask_wtf.csrf import CSRFError
from markupsafe import Markup
from sqlalchemy.exc import InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from deskcore.errors import (
    Conflict,
    DeskError,
    DiskFull,
    Invalid,
    NotAllowed,
    NotFound,
    Unavailable,
)
from deskcore.i18n import DEFAULT_LANGUAGE, LANGUAGES, _, lazy_gettext, speaking
from deskcore.theme.pages import page_or_plain, toast_partials
from deskcore.theme.shell import Look
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.public_paths import is_public
from deskcore.web.public_surface import error_context

log = logging.getLogger(__name__)

_STATUS: tuple[tuple[type[DeskError], int], ...] = (
    (NotFound, 404),
    (NotAllowed, 403),
    (Invalid, 422),
    (Conflict, 409),
    (DiskFull, 507),
    (Unavailable, 503),
)


@dataclass(frozen=True, kw_only=True)
class Words:
    """What an error page says: what happened and what to do. No blame, no internals."""

    title: str
    text: str
    can_retry: bool = False


_WORDS: dict[int, Words] = {
    400: Words(
        title=lazy_gettext("The desk could not read that request"),
        text=lazy_gettext("Nothing was changed. Go back, reload the page and try again."),
    ),
    403: Words(
        title=lazy_gettext("You may not do this"),
        text=lazy_gettext("An owner or admin of this desk can give you the right to."),
    ),
    404: Words(
        title=lazy_gettext("There is no page here"),
        text=lazy_gettext("It does not exist, was moved, or is not open to you."),
    ),
    405: Words(
        title=lazy_gettext("This address does not work that way"),
        text=lazy_gettext("Nothing was changed. Go back to where you came from."),
    ),
    409: Words(
        title=lazy_gettext("It changed in the meantime"),
        text=lazy_gettext("Nothing was overwritten. Load the page again to see what is new."),
        can_retry=True,
    ),
    410: Words(
        title=lazy_gettext("This is no longer here"),
        text=lazy_gettext("The link was used already, has run out, or the thing was deleted."),
    ),
    413: Words(
        title=lazy_gettext("That is too large"),
        text=lazy_gettext("Nothing was saved. Go back and send smaller or fewer files."),
    ),
    422: Words(
        title=lazy_gettext("Something in the form needs a change"),
        text=lazy_gettext("Nothing was saved. Go back; what you wrote is still there."),
    ),
    429: Words(
        title=lazy_gettext("Too many tries"),
        text=lazy_gettext("Wait a minute, then try again."),
        can_retry=True,
    ),
    500: Words(
        title=lazy_gettext("The desk made a mistake"),
        text=lazy_gettext("It is in the log under the number below. Mail is still received."),
        can_retry=True,
    ),
    503: Words(
        title=lazy_gettext("The desk is busy for a moment"),
        text=lazy_gettext("Nothing was lost. Try again in a minute."),
        can_retry=True,
    ),
    507: Words(
        title=lazy_gettext("The disk of this desk is full"),
        text=lazy_gettext(
            "Nothing was saved; go back, what you wrote is still there. Mail waits at its server. "
            "Somebody has to free space, then the desk goes on by itself."
        ),
        can_retry=True,
    ),
}
_RETRY_S = 30


def init_errors(app: Flask) -> None:
    """Answer every error of *app* in words."""
    app.register_error_handler(DeskError, _on_desk_error)
    app.register_error_handler(OperationalError, _on_database)
    app.register_error_handler(InterfaceError, _on_database)
    app.register_error_handler(CSRFError, forged_answer)
    app.register_error_handler(HTTPException, _on_http_error)
    app.register_error_handler(Exception, unexpected_answer)
    app.after_request(_name_request)


def request_id() -> str:
    """Name this request, the same in the log, in the answer's header and on an error page."""
    if "request_id" not in g:
        g.request_id = secrets.token_hex(5)
    return str(g.request_id)


def error_answer(status: int, *, text: str = "") -> Response:
    """Answer with an error page, or for a part of a page with a toast and nothing else.

    *text* replaces the general words of *status* by what exactly happened.
    """
    words = _WORDS.get(status) or _WORDS[500 if status >= 500 else 400]  # noqa: PLR2004  classes of answers
    if htmx.is_partial():
        return _toast_answer(status, text or f"{words.title}. {words.text}")
    plain = f"{words.title}\n{request_id()}\n"
    if is_public():
        told = partial(
            error_context, status, title=words.title, text=text or words.text, number=request_id()
        )
        return page_or_plain("public/error.html", told, plain=plain, status=status)
    context = {
        "status": status,
        "words": words,
        "text": text or words.text,
        "request_id": request_id(),
        "retry_url": request.full_path if request.method == "GET" else "",
    }
    return page_or_plain("errors/error.html", lambda: context, plain=plain, status=status)


def _toast_answer(status: int, text: str) -> Response:
    if htmx.is_lazy():
        return Response(status=status)  # nobody asked for it, and its place says that it is missing
    if status >= 500:  # noqa: PLR2004 (server errors are found by their number)
        text = f"{text} ({request_id()})"
    toast(text, kind="bad")
    response = make_response(Markup("\n").join(toast_partials()), status)
    htmx.vary(response)
    return response


def _on_desk_error(error: DeskError) -> Response:
    status = next((code for kind, code in _STATUS if isinstance(error, kind)), 500)
    # "Not there" and "not yours" must look the same, down to the words.
    return error_answer(status, text="" if isinstance(error, NotFound) else str(error))


def _on_database(error: OperationalError | InterfaceError) -> Response:
    """Say that the database is away, locked, or has no room, without asking it anything more."""
    log.warning("the database did not serve a request", exc_info=error)
    is_full = any(words in str(error.orig) for words in ("is full", "No space left"))
    g.desk_chrome, g.desk_is_away = {"site_name": "Deskcore", "look": Look()}, True
    language = request.accept_languages.best_match(LANGUAGES) or DEFAULT_LANGUAGE
    with speaking(language):
        answer = error_answer(507 if is_full else 503)
    answer.headers["Retry-After"] = str(_RETRY_S)
    return answer


def forged_answer(_error: CSRFError) -> Response:
    """Answer to a form that does not carry its session's token."""
    return error_answer(
        403,
        text=_(
            "This form is from an older session or from another site. Nothing was changed. "
            "Reload the page and send it again."
        ),
    )


def _on_http_error(error: HTTPException) -> Response | HTTPException:
    if error.code is None or error.code < 400 or error.response is not None:  # noqa: PLR2004  classes of answers
        return error
    answer = error_answer(error.code)
    for name, value in error.get_headers():
        if name in {"Allow", "Retry-After", "WWW-Authenticate"}:
            answer.headers[name] = value
    return answer


def unexpected_answer(error: Exception) -> Response:
    """Answer to what should not have happened; the log says where."""
    log.error("request failed", exc_info=error, extra={"request_id": request_id()})
    return error_answer(500)


def _name_request(response: Response) -> Response:
    response.headers["X-Request-Id"] = request_id()
    return response
