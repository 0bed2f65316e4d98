"""``?safe=1``: an owner's browser is shown the desk without plugins' parts and without theme.

For looking whether one of them is to blame, while everybody else works on as before. It holds for
the session until ``?safe=0``; it spares only the parts of pages, never a check of what is sent.
"""

from __future__ import annotations

from flask import Flask, g, request, session

from deskcore.domain.people import OWNER
from deskcore.plugin.guard import parts_left_out
from deskcore.web.identity import signed_in_user

_ASKED = "safe"


def init_bare(app: Flask) -> None:
    """Heed the wish on every request, after it is clear who asks."""
    app.before_request(_choose)
    app.teardown_request(_end)


def is_bare() -> bool:
    """Whether this page is made without plugins' parts and without theme."""
    return "desk_bare" in g


def _choose() -> None:
    wish = request.args.get("safe", "")
    if not wish and _ASKED not in session:
        return
    user = signed_in_user()
    if user is None or user.actor.role != OWNER:
        return
    if wish == "1":
        session[_ASKED] = True
    elif wish == "0":
        session.pop(_ASKED, None)
    if session.get(_ASKED):
        g.desk_bare = parts_left_out.set(True)


def _end(_error: BaseException | None) -> None:
    token = g.pop("desk_bare", None)
    if token is not None:
        parts_left_out.reset(token)
