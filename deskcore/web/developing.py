"""The bar of ``desk dev``: a page's templates, what it asked, what happened, where plugins stand in it.

Nothing of this is there in any other desk: no route, no listener, no line of a page.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, MutableMapping, Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from flask import Flask, Response, current_app, g, has_request_context, request, session
from jinja2 import Environment, Template
from sqlalchemy import event

from deskcore.config import is_developing
from deskcore.extensions import config, db
from deskcore.plugin.active import plugins
from deskcore.web.guards import public

_END = b"</body>"
# Every page has the macros, and says so at length.
_OF_ALL = ("ui.html", "ui/", "dev/")
_RECORDS = "INSERT INTO event ("
# Most forms lead to another page: what they did is told there. A cookie has no room for more.
_EVENTS = "dev_events"
_MOST_EVENTS = 20


class _Environment(Environment):
    """Jinja's own, which notes on the request which templates were asked for."""

    def get_template(
        self,
        name: str | Template,
        parent: str | None = None,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002  Jinja's own name
    ) -> Template:
        """Give a template, as Jinja does."""
        found = super().get_template(name, parent, globals)
        if has_request_context() and found.filename:
            g.setdefault("dev_templates", {})[found.name] = found.filename
        return found


def init_developing(app: Flask) -> None:
    """Draw the bar on every page of *app*, when ``desk dev`` started it."""
    with app.app_context():
        if not is_developing(config()):
            return
        event.listen(db.engine, "before_cursor_execute", _count)
    app.jinja_env.__class__ = type("DevEnvironment", (_Environment, type(app.jinja_env)), {})
    app.before_request(_begin)
    app.after_request(_draw)
    app.add_url_rule("/dev/process", "dev.process", public(_process))


def _begin() -> None:
    g.dev_began, g.dev_queries = monotonic(), Counter()


_Parameters = Mapping[str, object] | Sequence[object]


def _count(
    _connection: object, _cursor: object, statement: str, parameters: _Parameters, *_more: object
) -> None:
    if not has_request_context() or "dev_queries" not in g:
        return
    g.dev_queries[statement] += 1
    if statement.startswith(_RECORDS):
        known = session.get(_EVENTS, [])
        session[_EVENTS] = [*known, _event(statement, parameters)][-_MOST_EVENTS:]


def _event(statement: str, parameters: _Parameters) -> str:
    """Name an event and its ticket by the statement that writes it."""
    if not isinstance(parameters, Mapping):
        columns = statement.removeprefix(_RECORDS).partition(")")[0].split(", ")
        parameters = dict(zip(columns, parameters, strict=False))
    ticket = parameters.get("ticket_id")
    return f"{parameters['name']} (ticket id {ticket})" if ticket else str(parameters["name"])


def _process() -> Response:
    """Name this process, so that an open page learns that it was replaced."""
    return Response(str(os.getpid()), mimetype="text/plain")


def _draw(response: Response) -> Response:
    if response.mimetype != "text/html" or response.is_streamed:
        return response
    before, end, after = response.get_data().rpartition(_END)
    if end and request.blueprint != "rescue":  # that page promises to be plain
        bar = _bar().encode()
        response.set_data(before + bar + end + after)
    return response


def _bar() -> str:
    found = g.get("dev_templates", {}).items()
    templates = {name: _short(path) for name, path in found if not name.startswith(_OF_ALL)}
    queries: Counter[str] = g.get("dev_queries", Counter())
    return current_app.jinja_env.get_template("dev/bar.html").render(
        endpoint=request.endpoint or "–",
        templates=templates,
        count=queries.total(),
        repeated=[(text, times) for text, times in queries.most_common(5) if times > 1],
        events=session.pop(_EVENTS, []),
        ms=round((monotonic() - g.get("dev_began", monotonic())) * 1000),
        slugs=sorted(plugins().manifests),
        process=os.getpid(),
    )


def _short(path: str) -> str:
    """Write a path from where one works, when it lies there."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
