"""Asking the network, and what its answers mean for the desk."""

from __future__ import annotations

import json
from datetime import UTC, timedelta
from email.utils import parsedate_to_datetime

from deskcore.api import now
from deskcore.plugin import HttpAnswer, Net, Refused, SignInFailed, TryLater

from .settings import EchoSettings


class NoAnswer(TryLater):
    """Nothing came back, or nothing that says what became of the request."""


def ask(
    net: Net,
    settings: EchoSettings,
    path: str,
    content: bytes | None = None,
) -> dict[str, object]:
    """Ask once: GET, or POST with *content*; raises what the answer means for the desk."""
    headers = {"Content-Type": "application/json"} | authorization(settings)
    method = "GET" if content is None else "POST"
    try:
        answer = net.http(
            address(settings) + path, method=method, headers=headers, content=content or b""
        )
    except TryLater as failure:
        raise NoAnswer(str(failure)) from failure
    _raise_for(answer)
    try:
        found = json.loads(answer.content)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise NoAnswer("The network answered with something that is not its own.")
    return found


def authorization(settings: EchoSettings) -> dict[str, str]:
    """Return the header that proves who asks."""
    return {"Authorization": f"Bearer {settings.token.reveal()}"}


def address(settings: EchoSettings) -> str:
    """Return where the network is; the token is never part of it."""
    scheme = "https" if settings.encrypted else "http"
    return f"{scheme}://{settings.host.strip()}:{settings.port}"


def _raise_for(answer: HttpAnswer) -> None:
    if answer.status == 429:
        raise TryLater("The network asks for patience.", after=_patience(answer))
    if answer.status == 401:
        raise SignInFailed("The network does not know this token. Make a new one there.")
    if 400 <= answer.status < 500:
        raise Refused("The network does not take this message, or the person has blocked the shop.")
    if answer.status != 200:
        raise TryLater(f"The network has trouble of its own ({answer.status}).")


def _patience(answer: HttpAnswer) -> timedelta | None:
    """Read ``Retry-After``, which is a number of seconds or a date (RFC 9110, 10.2.3)."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdecimal():
        return timedelta(seconds=min(int(said), 86_400))
    try:
        at = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(timedelta(0), at.replace(tzinfo=at.tzinfo or UTC) - now())
