"""The second factor's pages: its step at sign-in, and one's own under Your account."""

from __future__ import annotations

from textwrap import wrap

from flask import Blueprint, Response, redirect, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from deskcore.errors import Invalid, NotFound
from deskcore.services import coming_in, own_factor
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.forms.accounts import CodeForm
from deskcore.web.forms.base import submit, text_of
from deskcore.web.guards import public, signed_in
from deskcore.web.identity import (
    client_address,
    current_user,
    half_way,
    user_agent,
    wanted_path,
    welcome,
)

blueprint = Blueprint("second_factor", __name__)


@blueprint.get("/sign-in/code")
@public
def code() -> AnyResponse:
    """Ask for the code of whoever has just shown a password."""
    who = half_way()
    if who is None or who.awaits != "code":
        return redirect(url_for("auth.sign_in"), code=303)
    return page("auth/code.html", {"form": CodeForm(), "next_path": wanted_path()})


@blueprint.post("/sign-in/code")
@public
def enter_code() -> AnyResponse:
    """Let them in; after too many wrong codes they begin again."""
    who, form = half_way(), CodeForm()
    if who is None:
        return _begin_again(_("Signing in took too long. Enter your password again."))
    try:
        done = submit(form, lambda: coming_in.pass_code(who, text_of(form.code), **_place()))
    except NotFound as error:
        return _begin_again(str(error))
    if done is None:
        form.code.data = ""  # the next one is another one
        context = {"form": form, "next_path": wanted_path()}
        return page("auth/code.html", context, status=form.status)
    welcome(done.result, remember=session.permanent)
    return htmx.redirect(wanted_path())


@blueprint.get("/sign-in/set-up")
@public
def first_set_up() -> AnyResponse:
    """Show the seed to somebody who does not come in without a second factor."""
    who = half_way()
    if who is None or who.awaits != "set_up":
        return redirect(url_for("auth.sign_in"), code=303)
    return _set_up_page(CodeForm(), who.session_id, is_first=True)


@blueprint.post("/sign-in/set-up")
@public
def finish_first_set_up() -> AnyResponse:
    """Let them in by the first code of their app, and show the recovery codes once."""
    who = half_way()
    if who is None:
        return _begin_again(_("Signing in took too long. Enter your password again."))
    return _finish(who.session_id, next_path=wanted_path(), is_first=True)


@blueprint.get("/me/second-factor")
@signed_in
def show() -> Response:
    """Say whether there is one, since when, and how many recovery codes are left."""
    return page("me/second_factor.html", {"factor": own_factor.factor_view(current_user().actor)})


@blueprint.post("/me/second-factor/begin")
@signed_in
@asks_password
def begin() -> Response:
    """Make a seed for this browser to show."""
    user = current_user()
    own_factor.begin_set_up(user.actor, user.session_id)
    return htmx.redirect(url_for("second_factor.set_up"))


@blueprint.get("/me/second-factor/set-up")
@signed_in
def set_up() -> AnyResponse:
    """Show the seed that this browser is setting up, as a picture and as letters."""
    return _set_up_page(CodeForm(), current_user().session_id)


@blueprint.post("/me/second-factor/set-up")
@signed_in
@asks_password
def finish_set_up() -> AnyResponse:
    """Turn it on by its first code, and show the recovery codes once."""
    return _finish(current_user().session_id, next_path=url_for("second_factor.show"))


@blueprint.post("/me/second-factor/off")
@signed_in
@asks_password
def turn_off() -> Response:
    """Do without it again."""
    try:
        own_factor.turn_off(current_user().actor, address=client_address())
    except Invalid as error:
        toast(str(error), kind="bad")
    else:
        toast(_("The second factor is off. Your password alone lets you in."))
    return htmx.redirect(url_for("second_factor.show"))


@blueprint.post("/me/second-factor/codes")
@signed_in
@asks_password
def renew_codes() -> Response:
    """Make new recovery codes and show them once."""
    codes = own_factor.renew_recovery_codes(current_user().actor, address=client_address())
    return _codes_page(codes, url_for("second_factor.show"))


def _finish(session_id: int, *, next_path: str, is_first: bool = False) -> AnyResponse:
    form = CodeForm()
    try:
        done = submit(
            form,
            lambda: coming_in.finish_set_up(session_id, text_of(form.code), **_place()),
        )
    except NotFound as error:
        return _begin_again(str(error))
    if done is None:
        return _set_up_page(form, session_id, is_first=is_first)
    token, codes = done.result
    welcome(token, remember=session.permanent)
    return _codes_page(codes, next_path)


def _set_up_page(form: CodeForm, session_id: int, *, is_first: bool = False) -> AnyResponse:
    seed, address = coming_in.set_up_of(session_id)
    if not seed:
        return redirect(url_for("second_factor.show"), code=303)
    import segno  # noqa: PLC0415  large, and drawn once in a user's life

    picture = segno.make(address, error="m", micro=False)
    context = {
        "form": form,
        "key": " ".join(wrap(seed, 4)),
        # Black on white in any theme, or the camera does not see it.
        "picture": picture.svg_data_uri(scale=5, border=4, dark="#000", light="#fff"),
        "is_first": is_first,
        "next_path": wanted_path(),
    }
    return page("auth/set_up.html", context, status=form.status if form.is_submitted() else 200)


def _codes_page(codes: list[str], next_path: str) -> Response:
    """Show recovery codes right in the answer to the form: they are known now and never again."""
    return page("auth/recovery_codes.html", {"codes": codes, "next_path": next_path})


def _place() -> dict[str, str]:
    return {"address": client_address(), "user_agent": user_agent()}


def _begin_again(message: str) -> Response:
    toast(message, kind="bad")
    return htmx.redirect(url_for("auth.sign_in"))
