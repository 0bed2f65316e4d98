"""The only place that knows htmx: what kind of request this is and how to steer the browser.

Written for htmx 4.0.1, whose headers the htmx-flask package does not know; that package is
asked only whether htmx made the request. https://four.htmx.org/reference/headers
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import cast
from urllib.parse import unquote

from flask import Response, request
from flask import redirect as plain_redirect
from htmx_flask import request as htmx_request

from deskcore.web.vary import vary_on


def is_htmx() -> bool:
    """Tell whether htmx made this request, for a part or for a whole page."""
    return bool(htmx_request.htmx)


def is_partial() -> bool:
    """Tell whether htmx wants part of a page.

    ``HX-Request`` alone is not enough: boosted links, ``hx-select`` and history restores want
    the whole page. Source: htmx 4.0.1, ``#issueRequest``.
    """
    return request.headers.get("HX-Request-Type") == "partial"


def target_id() -> str:
    """Name the element that the answer will replace; empty when it has no id."""
    return _id_in(request.headers.get("HX-Target", ""))


def source_id() -> str:
    """Name the element that made the request; empty when it has no id."""
    return _id_in(request.headers.get("HX-Source", ""))


def is_lazy() -> bool:
    """Tell whether a place in the page asks for what it is filled with, as ``ui.lazy`` does."""
    return source_id().endswith("-lazy")


def vary(response: Response) -> None:
    """Say that the same address answers with a page or with a part of it.

    Without it the Back button may show a bare fragment from the cache.
    """
    vary_on(response, "HX-Request-Type", "HX-Target")


def trigger(response: Response, name: str, detail: Mapping[str, object] | None = None) -> Response:
    """Let the browser fire the event *name*, e.g. ``desk:ticket-changed``.

    *detail* holds ids and numbers, not people's words: headers are ASCII and may be logged.
    """
    waiting = json.loads(response.headers.get("HX-Trigger", "{}"))
    waiting[name] = dict(detail or {})
    response.headers["HX-Trigger"] = json.dumps(waiting)
    return response


def redirect(url: str, *, target: str = "") -> Response:
    """Send the browser on after a POST: 303, or the same for htmx.

    With *target* (``#main``) htmx fetches *url* into that region and puts the address into the
    history; without, the browser loads the whole page.
    """
    if not is_htmx():
        return cast("Response", plain_redirect(url, code=303))
    response = Response(status=204)
    if target:
        place = {"path": url, "target": target, "swap": "outerMorph"}
        response.headers["HX-Location"] = json.dumps(place)
    else:
        response.headers["HX-Redirect"] = url
    return response


def leads_to(response: Response) -> list[str]:
    """Return the addresses that an answer sends the browser on to, in any of the ways there are."""
    told = [response.headers.get(name, "") for name in ("Location", "HX-Redirect", "HX-Push-Url")]
    place = response.headers.get("HX-Location", "")
    if place.startswith("{"):
        place = str(json.loads(place).get("path", ""))
    return [url for url in (*told, place) if url]


def retarget(response: Response, target: str, *, swap: str = "outerMorph") -> Response:
    """Put the answer into another element than the one that asked, e.g. ``#thread``."""
    response.headers["HX-Retarget"] = target
    response.headers["HX-Reswap"] = swap
    return response


def push_url(response: Response, url: str) -> Response:
    """Put *url* into the address bar; it alone must reproduce what is shown."""
    response.headers["HX-Push-Url"] = url
    return response


def no_change() -> Response:
    """Leave the page as it is: the answer to a poll without news, or to an autosave."""
    return Response(status=204)


def sign_in_again(url: str) -> Response:
    """Send somebody whose session has ended to *url*, also from inside a fragment.

    ``fetch`` would follow a redirect and put the sign-in page into the region, hence 401.
    """
    if is_htmx():
        return Response(status=401, headers={"HX-Redirect": url})
    return cast("Response", plain_redirect(url, code=303))


def _id_in(identifier: str) -> str:
    """Take the id out of htmx's ``tag#id``."""
    return unquote(identifier.partition("#")[2])
