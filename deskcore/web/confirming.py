"""Asks for the password again before something grave, without losing the form that was sent.

A view marked with ``asks_password`` runs only when the password was typed in this browser within
ten minutes, or comes along in the form (with JavaScript a dialog asks for it first). Otherwise
the answer is a page that asks; what was in the form waits in it, encrypted, and is as it was
when the view runs after all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import TypeVar

from flask import Flask, Response, abort, current_app, request
from werkzeug.datastructures import ImmutableMultiDict

from deskcore.domain.accounts import SignedInUser
from deskcore.errors import ConfigError
from deskcore.services import secrets, sessions
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.forms.accounts import ConfirmForm
from deskcore.web.forms.base import submit, text_of
from deskcore.web.identity import client_address, current_user, signed_in_user

_View = TypeVar("_View", bound=Callable[..., object])
_ATTRIBUTE = "desk_asks_password"
PASSWORD, KEPT = "confirm_password", "confirm_kept"
_OWN_FIELDS = frozenset({PASSWORD, KEPT, "csrf_token"})
_Pairs = list[tuple[str, str]]


def asks_password(view: _View) -> _View:
    """Let this view, of a POST, run only when the password was typed a moment ago."""
    setattr(view, _ATTRIBUTE, True)
    return view


def is_asking(view: object) -> bool:
    """Whether a view was marked so."""
    return getattr(view, _ATTRIBUTE, False) is True


def init_confirming(app: Flask) -> None:
    """Ask on every marked view of *app*, after it is clear that the caller may come here."""
    app.before_request(_ask)
    app.jinja_env.globals["confirm_attrs"] = _confirm_attrs


def _ask() -> Response | None:
    if not is_asking(current_app.view_functions.get(request.endpoint or "")):
        return None
    user = current_user()
    kept = _kept(user)
    form = ConfirmForm()
    if PASSWORD not in request.form:
        return None if user.is_confirmed else _page(form, kept)
    password = text_of(form.confirm_password)
    done = submit(
        form,
        lambda: sessions.confirm(user.actor, user.session_id, password, address=client_address()),
    )
    if done is None:
        return _page(form, kept)
    request.form = ImmutableMultiDict(kept)
    return None


def _page(form: ConfirmForm, kept: _Pairs) -> Response:
    sealed = secrets.encrypt({"for": _place(current_user()), "form": json.dumps(kept)})
    context = {"form": form, "sealed": sealed.decode(), "email": current_user().email}
    answer = page("me/confirm.html", context, fragment="main", status=form.status)
    return htmx.retarget(answer, "#main") if htmx.is_partial() else answer


def _kept(user: SignedInUser) -> _Pairs:
    """Return what was in the form: the one that was interrupted, or the one just sent."""
    sealed = request.form.get(KEPT, "")
    if not sealed:
        pairs = request.form.items(multi=True)
        return [(name, value) for name, value in pairs if name not in _OWN_FIELDS]
    try:
        values = secrets.decrypt(sealed.encode())
    except ConfigError:
        abort(400)
    if values["for"] != _place(user):
        abort(400)
    return [(name, value) for name, value in json.loads(values["form"])]


def _place(user: SignedInUser) -> str:
    """Name the browser and the address a kept form is good for."""
    return f"{user.session_id} {request.path}"


def _confirm_attrs() -> Mapping[str, str]:
    """Mark a form whose sending needs the password, so that a dialog can ask for it first."""
    user = signed_in_user()
    return {"data-asks-password": ""} if user and not user.is_confirmed else {}
