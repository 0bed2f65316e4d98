"""What pages of plugins for customers are made of: anybody may open them, and they know nobody.

They lie below ``/c/<slug>``, are closed with the customers' side, and are drawn in its looks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import wraps
from typing import ParamSpec

from flask import Response

from deskcore.services import throttle
from deskcore.theme.pages import page
from deskcore.web import guards
from deskcore.web.identity import client_address
from deskcore.web.public_surface import is_open, refuse_closed, site
from deskcore.web.security import frame_by, hand_to_others, use_surface

P = ParamSpec("P")

__all__ = ["frame_by", "is_open", "public", "public_page", "script_for_others", "within_limit"]

_AN_HOUR = "public, max-age=3600"


def public(view: Callable[P, Response]) -> Callable[P, Response]:
    """Let anybody call this view of a plugin, while the customers' side is open.

    All views of its blueprint must be such. They ask for no session's token: a view that does
    something takes care itself that it is done once, and by whom it may.
    """

    @wraps(view)
    def opened(*args: P.args, **values: P.kwargs) -> Response:
        refuse_closed()
        return view(*args, **values)

    return guards.public(opened)


def public_page(
    template: str,
    context: Mapping[str, object] | None = None,
    *,
    runs_scripts: bool = False,
    status: int = 200,
) -> Response:
    """Answer with a page in the looks of the customers' side; *template* extends its layout.

    Nothing runs there unless *runs_scripts*: then files of the desk do, as assets of the plugin.
    The page must do without.
    """
    use_surface("scripted" if runs_scripts else "public")
    return page(template, {"site": site(), **(context or {})}, status=status)


def script_for_others(script: str) -> Response:
    """Answer with a script that pages of other sites load from a lasting address."""
    hand_to_others()
    response = Response(script, mimetype="text/javascript")
    response.headers["Cache-Control"] = _AN_HOUR
    return response


def within_limit(name: str, *, most: int, within: timedelta) -> bool:
    """Count a visit from this place, and say whether there were at most *most* of this *name*.

    A place is an IPv4 address or an IPv6 network. What is over the limit is not counted.
    """
    return throttle.count_visit(name, client_address(), most=most, within=within)
