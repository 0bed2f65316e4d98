"""Calls the views of plugins: each inside its plugin's fence, looking without changing, and at home.

What a view raises is its plugin's fault, named with the view, but for the errors that have an answer.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, Response, make_response, request
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from werkzeug.exceptions import HTTPException

from deskcore.errors import DeskError
from deskcore.plugin.active import plugins
from deskcore.services.lending import NotYours
from deskcore.services.unit import only_reading
from deskcore.web.htmx import leads_to
from deskcore.web.identity import own_path

# Errors that "errors.py" has an answer for, whoever raises them.
_ANSWERS = (DeskError, HTTPException, OperationalError, InterfaceError)
# How SQLite and PostgreSQL say that a transaction only reads.
_REFUSED = frozenset({"SQLITE_READONLY", "25006"})
# SQLite's for a statement that makes no sense, which others do not count as a database in trouble.
_SENSELESS = "SQLITE_ERROR"
_LOOKING = frozenset({"GET", "HEAD"})


class LeadsAway(ValueError):
    """A view sends people to a place that neither is the desk nor stands in the manifest."""


def enclose(app: Flask, slug: str, blueprint: str) -> None:
    """Put the fence around the views of a blueprint that is registered, and what it does before."""
    for endpoint, view in app.view_functions.items():
        if endpoint.startswith(f"{blueprint}."):
            app.view_functions[endpoint] = _enclosed(slug, endpoint, view)
    before = app.before_request_funcs.get(blueprint, [])
    before[:] = [_enclosed(slug, f"{blueprint} before a page", call) for call in before]


def _enclosed(slug: str, place: str, view: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(view)
    def called(**values: object) -> Response | None:
        work = partial(_do, slug, place, partial(view, **values))
        return plugins().guard.call(slug, f"page {place}", work, patience="page", through=_ANSWERS)

    return called


def _do(slug: str, place: str, work: Callable[[], Any]) -> Response | None:
    try:
        answer = _look(place, work) if request.method in _LOOKING else work()
    except OperationalError as error:
        if getattr(error.orig, "sqlite_errorname", "") != _SENSELESS:
            raise
        raise RuntimeError(f"A statement makes no sense to the database: {error.orig}") from error
    if answer is None:
        return None
    response = make_response(answer)
    for target in leads_to(response):
        _require_home(slug, place, target)
    return response


def _look(place: str, work: Callable[[], Any]) -> Any:  # noqa: ANN401  what a view gives back
    """Do it without changing anything; what the database itself refuses is no busy database."""
    what = f"{request.method} {request.path} ({place})"
    try:
        with only_reading(what):
            return work()
    except NotYours as error:
        raise RuntimeError(f"{what} changes something, though people only look there.") from error
    except DBAPIError as error:
        told = getattr(error.orig, "sqlite_errorname", ""), getattr(error.orig, "sqlstate", "")
        if _REFUSED.isdisjoint(told):
            raise
        raise RuntimeError(f"{what} changes something, though people only look there.") from error


def _require_home(slug: str, place: str, target: str) -> None:
    """Raise ``LeadsAway`` unless a redirect stays here or goes where the manifest says."""
    try:
        parts = urlsplit(target)
    except ValueError:
        parts = urlsplit("nowhere://nowhere")
    if not parts.scheme and not parts.netloc:
        path = target if target.startswith("/") else f"/{target}"
        is_fine = own_path(path, "") == path
    else:
        is_web = parts.scheme in {"http", "https"}
        is_named = parts.hostname in plugins().manifests[slug].network
        is_fine = is_web and (parts.netloc == request.host or is_named)
    if not is_fine:
        raise LeadsAway(
            f"The view {place} sends people to {target[:200]!r}, which is not this desk; hosts "
            "it may send them to stand in the manifest under network."
        )
