"""Asking sites over the web, and what their answers mean for the desk."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime
from http import HTTPStatus

from deskcore.api import _, now
from deskcore.plugin import HttpAnswer, Net, Refused, SignInFailed, TryLater

_DAY_S = 86_400


class NoAnswer(TryLater):
    """Nothing came back, or nothing that says what became of the request."""


def ask(
    net: Net,
    url: str,
    *,
    method: str = "GET",
    headers: Mapping[str, str] | None = None,
    content: bytes = b"",
) -> HttpAnswer:
    """Ask once; raises what an answer that is no good means for the desk."""
    try:
        answer = net.http(url, method=method, headers=headers, content=content)
    except TryLater as failure:
        raise NoAnswer(str(failure)) from failure
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        raise TryLater(_("The site asks for patience."), after=_patience(answer))
    if answer.status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}:
        raise SignInFailed(_("The site does not accept these credentials. Make new ones there."))
    if HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        raise Refused(_said(answer))
    if answer.status != HTTPStatus.OK:
        raise TryLater(_("The site has trouble of its own (%(status)s).", status=answer.status))
    return answer


def as_json(answer: HttpAnswer) -> object:
    """Read an answer; raises ``NoAnswer`` when it is none of the site's own."""
    try:
        return json.loads(answer.content)
    except (ValueError, RecursionError) as failure:
        message = _("The site answered with something that is not JSON, perhaps a page for people.")
        raise NoAnswer(message) from failure


def _said(answer: HttpAnswer) -> str:
    """Give the words of a site that refuses something, as far as it has any."""
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    told = found.get("error", found) if isinstance(found, dict) else None
    message = told.get("message") if isinstance(told, dict) else told
    if isinstance(message, str) and message.strip():
        return _("The site refused it: %(words)s", words=" ".join(message.split())[:300])
    return _("The site refused it (%(status)s).", status=answer.status)


def _patience(answer: HttpAnswer) -> timedelta | None:
    """Read ``Retry-After``, which is a number of seconds or a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=min(int(said), _DAY_S))
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(timedelta(0), at.replace(tzinfo=at.tzinfo or UTC) - now())
