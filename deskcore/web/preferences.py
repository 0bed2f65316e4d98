"""What people set for themselves: name, language, looks, password, signed-in browsers."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from deskcore.services import own_account, sessions
from deskcore.services.own_account import Preferences
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import submit, text_of
from deskcore.web.forms.people import OwnPasswordForm, PreferencesForm
from deskcore.web.guards import signed_in
from deskcore.web.identity import client_address, current_user

blueprint = Blueprint("me", __name__, url_prefix="/me")


@blueprint.get("")
@signed_in
def show() -> Response:
    """Show the wishes of whoever is signed in."""
    wishes = own_account.preferences(current_user().actor)
    return page("me/show.html", {"form": PreferencesForm(**asdict(wishes))})


@blueprint.post("")
@signed_in
def change() -> Response:
    """Store them; language and colours hold from the next page on."""
    form = PreferencesForm()
    done = submit(form, lambda: own_account.change_preferences(current_user().actor, _wishes(form)))
    if done is None:
        return page("me/show.html", {"form": form}, status=form.status)
    toast(_("Saved."))
    return htmx.redirect(url_for("me.show"))


@blueprint.get("/password")
@signed_in
def password() -> Response:
    """Ask for the old password and a new one."""
    return page("me/password.html", {"form": OwnPasswordForm(), "email": current_user().email})


@blueprint.post("/password")
@signed_in
def change_password() -> Response:
    """Set the new password and sign other browsers out."""
    form, user = OwnPasswordForm(), current_user()
    done = submit(
        form,
        lambda: own_account.change_own_password(
            user.actor,
            old=text_of(form.old),
            new=text_of(form.new),
            session_id=user.session_id,
            address=client_address(),
        ),
    )
    if done is None:
        return page("me/password.html", {"form": form, "email": user.email}, status=form.status)
    toast(_("Your new password is set. Other browsers were signed out."))
    return htmx.redirect(url_for("me.show"))


@blueprint.get("/sessions")
@signed_in
def browsers() -> Response:
    """List the browsers that are signed in."""
    user = current_user()
    return page(
        "me/sessions.html", {"sessions": sessions.own_sessions(user.actor, user.session_id)}
    )


@blueprint.post("/sessions/<int:session_id>/end")
@signed_in
def end_session(session_id: int) -> Response:
    """Sign one of them out."""
    sessions.end_own_session(current_user().actor, session_id)
    toast(_("That browser is signed out."))
    return htmx.redirect(url_for("me.browsers"))


@blueprint.post("/sessions/end-others")
@signed_in
def end_other_sessions() -> Response:
    """Sign every browser out but this one."""
    user = current_user()
    ended = sessions.end_other_sessions(user.actor, user.session_id)
    toast(ngettext("%(num)s browser is signed out.", "%(num)s browsers are signed out.", ended))
    return htmx.redirect(url_for("me.browsers"))


def _wishes(form: PreferencesForm) -> Preferences:
    return Preferences(
        name=text_of(form.name),
        language=text_of(form.language),
        time_zone=text_of(form.time_zone),
        theme=text_of(form.theme),
        density=text_of(form.density),
        has_shortcuts=bool(form.has_shortcuts.data),
    )
