"""Asking Acme, and what its answers mean for the desk."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from deskcore.api import now
from deskcore.plugin import HttpAnswer, Net, Refused, SignInFailed, TryLater

from .settings import AcmeSettings


class NoAnswer(TryLater):
    """Nothing came back, or nothing that says what became of the request."""


def ask(net: Net, own: AcmeSettings, path: str, form: bytes = b"") -> dict[str, object]:
    """Ask once: GET, or POST with *form*; raises what the answer means for the desk."""
    scheme = "https" if own.encrypted else "http"
    url = f"{scheme}://{own.host.strip()}:{own.port}{path}"
    headers = {"Authorization": f"Bearer {own.token.reveal()}", "Content-Type": "application/json"}
    try:
        answer = net.http(url, method="POST" if form else "GET", headers=headers, content=form)
    except TryLater as failure:
        raise NoAnswer(str(failure)) from failure
    _raise_for(answer)
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoAnswer("Acme answered with something that is not its own.")
    return found


def _raise_for(answer: HttpAnswer) -> None:
    if answer.status == 429:
        raise TryLater("Acme asks for patience.", after=_patience(answer))
    if answer.status == 401:
        raise SignInFailed("Acme does not know this token. Make a new one there.")
    if 400 <= answer.status < 500:
        raise Refused("Acme does not take this message.")
    if answer.status != 200:
        raise TryLater(f"Acme has trouble of its own ({answer.status}).")


def _patience(answer: HttpAnswer) -> timedelta | None:
    """Read ``Retry-After``: a number of seconds, or a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=min(int(said), 86_400))
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(timedelta(0), at.replace(tzinfo=at.tzinfo or UTC) - now())
