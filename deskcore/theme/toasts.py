"""Short messages at the edge of the page, kept in the session until a page shows them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, TypedDict, cast

from flask import flash, get_flashed_messages, session

# They travel in a cookie of 4 kB, and a page that nobody opened has shown none of them.
_MOST = 5
Kind = Literal["ok", "bad"]


class Toast(TypedDict, total=False):
    """What the toast macro of ``ui.html`` takes."""

    text: str
    kind: str
    undo_url: str
    undo_fields: dict[str, str]
    seconds: int


def toast(
    text: str,
    *,
    kind: Kind = "ok",
    undo_url: str = "",
    undo_fields: Mapping[str, str] | None = None,
    seconds: int = 0,
) -> None:
    """Say *text* on the next page or fragment of this session.

    A ``bad`` one is read out at once and stays. *undo_url* (POST) adds an Undo button and
    *seconds* a countdown after which the toast leaves.
    """
    flash(
        {
            "text": str(text),
            "kind": kind,
            "undo_url": undo_url,
            "undo_fields": dict(undo_fields or {}),
            "seconds": seconds,
        },  # type: ignore[arg-type]  # sessions keep any JSON value; flash is typed for text only
        "toast",
    )
    session["_flashes"] = session["_flashes"][-_MOST:]


def waiting_toasts() -> list[Toast]:
    """Take every waiting message; plain ``flash()`` calls of others count as well."""
    toasts: list[Toast] = []
    waiting = cast("list[tuple[str, object]]", get_flashed_messages(with_categories=True))
    for category, message in waiting:
        if isinstance(message, dict):
            toasts.append(cast("Toast", message))
        else:
            kind = "bad" if category in {"error", "bad", "danger"} else "ok"
            toasts.append(Toast(text=str(message), kind=kind))
    return toasts
