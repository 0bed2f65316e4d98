"""Who may call a route: every view says so, or the desk does not start.

::

    @blueprint.get("/admin/people")
    @needs("people.manage")
    def people() -> Response: ...
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeVar
from urllib.parse import urlencode

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import CSRFError

from deskcore.i18n import _
from deskcore.services import access, audit, setup
from deskcore.services.unit import reading, reading_together
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.errors import forged_answer
from deskcore.web.identity import client_address, half_way, is_rescuing, signed_in_user

_View = TypeVar("_View", bound=Callable[..., object])
_ATTRIBUTE = "desk_access"
# Static files carry nothing personal; their view is made by the assets module itself.
_OPEN_ENDPOINTS = frozenset({"asset"})
_FORBIDDEN = 403
_STEPS = {"code": "/sign-in/code", "set_up": "/sign-in/set-up"}


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a view asks of its caller."""

    kind: Literal["public", "signed_in", "permission"]
    permission: str = ""
    or_rescue_key: bool = False


def public(view: _View) -> _View:
    """Let anybody call this view."""
    return _declare(view, Access(kind="public"))


def signed_in(view: _View) -> _View:
    """Let everybody who is signed in call this view."""
    return _declare(view, Access(kind="signed_in"))


def needs(permission: str, *, or_rescue_key: bool = False) -> Callable[[_View], _View]:
    """Let those with a right call this view; others get 403, strangers the sign-in page.

    With *or_rescue_key* also whoever came in by the key that the server printed.
    """

    def declare(view: _View) -> _View:
        return _declare(
            view,
            Access(kind="permission", permission=permission, or_rescue_key=or_rescue_key),
        )

    return declare


def access_of(view: object) -> Access | None:
    """Return what a view declared; None when it declared nothing."""
    return getattr(view, _ATTRIBUTE, None)


def init_guards(app: Flask) -> None:
    """Check every request against its view's declaration, before the view runs."""
    app.before_request(_read_together)
    app.teardown_request(_end_reading)
    app.before_request(_check)
    app.after_request(_remember_refusal)
    app.register_error_handler(CSRFError, _on_forged)


def check_routes(app: Flask) -> None:
    """Raise RuntimeError, naming them, when routes say nothing or name rights nobody declared.

    Called when the app is whole: a forgotten guard must not wait for its first caller.
    """
    silent, unknown = [], []
    for endpoint, view in app.view_functions.items():
        declared = access_of(view)
        if declared is None and endpoint not in _OPEN_ENDPOINTS:
            silent.append(endpoint)
        elif declared and declared.permission and not access.declared(declared.permission):
            unknown.append(f"{endpoint} ({declared.permission})")
    if silent:
        raise RuntimeError(f"Routes without a declared permission: {', '.join(sorted(silent))}.")
    if unknown:
        raise RuntimeError(f"Routes with an unknown permission: {', '.join(sorted(unknown))}.")


def _read_together() -> None:
    """Read everything of a page from one state of the desk; what changes it reads for itself."""
    if request.method == "GET":
        together = reading_together()
        together.__enter__()
        g.desk_reading = together


def _end_reading(_error: BaseException | None) -> None:
    together = g.pop("desk_reading", None)
    if together is not None:
        together.__exit__(None, None, None)


def _check() -> Response | None:
    """Stop the request unless its caller may make it."""
    endpoint = request.endpoint
    if endpoint is None or endpoint in _OPEN_ENDPOINTS:
        return None  # nothing is there: 404 and 405 are answered by the router
    declared = access_of(current_app.view_functions[endpoint])
    if declared is None:
        raise RuntimeError(f"The route {endpoint} declares no permission.")
    if declared.kind == "public" or (declared.or_rescue_key and is_rescuing()):
        return None
    user = signed_in_user()
    if user is None:
        return _to_sign_in(declared)
    if declared.permission:
        with reading() as session:
            access.require(user.actor, declared.permission, session)
    return None


def _on_forged(error: CSRFError) -> Response:
    """Refuse a form without its token; who was signed out since is told that, and where to go."""
    declared = access_of(current_app.view_functions.get(request.endpoint or ""))
    if declared and declared.kind != "public" and signed_in_user() is None:
        return _to_sign_in(declared)
    return forged_answer(error)


def _to_sign_in(declared: Access) -> Response:
    """Send a stranger to the step of sign-in they are at, and back to the page they wanted.

    A desk that nobody has set up sends them there. The rescue page has a door of its own.
    """
    if declared.or_rescue_key:
        return htmx.sign_in_again("/rescue")
    if not setup.is_set_up():
        return htmx.sign_in_again("/setup")
    if request.method != "GET":
        toast(_("You were signed out. Nothing was changed; sign in and try again."), kind="bad")
    who = half_way()
    place = _STEPS[who.awaits] if who else "/sign-in"
    wanted = request.full_path.rstrip("?") if request.method == "GET" else ""
    if not wanted or wanted == "/" or htmx.is_htmx():
        return htmx.sign_in_again(place)
    return htmx.sign_in_again(f"{place}?{urlencode({'next': wanted})}")


def _remember_refusal(response: Response) -> Response:
    """Write refused people into the audit log, after the refused transaction is over."""
    user = signed_in_user() if response.status_code == _FORBIDDEN else None
    if user is not None:
        place = f"{request.method} {request.path}"
        audit.record_refusal(user.seen_by or user.actor, place=place, address=client_address())
    return response


def _declare(view: _View, declared: Access) -> _View:
    setattr(view, _ATTRIBUTE, declared)
    return view
