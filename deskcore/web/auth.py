"""Coming in and going out: sign-in, invitations, new passwords. Never drawn by a theme."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from deskcore.domain.accounts import TokenView
from deskcore.errors import NotFound
from deskcore.services import invitations, link_requests, notice_sender, sessions, setup
from deskcore.services.tokens import Purpose
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.accounts import ForgotForm, InvitationForm, NewPasswordForm, SignInForm
from deskcore.web.forms.base import DeskForm, submit, text_of
from deskcore.web.guards import public, signed_in
from deskcore.web.identity import (
    choose_language,
    client_address,
    current_user,
    farewell,
    half_way,
    own_path,
    signed_in_user,
    user_agent,
    wanted_path,
    welcome,
)

blueprint = Blueprint("auth", __name__)


@blueprint.get("/sign-in")
@public
def sign_in() -> AnyResponse:
    """Show the sign-in form; those who are in already go where they wanted."""
    if not setup.is_set_up():
        return redirect(url_for("setup.code"), code=303)
    if signed_in_user():
        return redirect(own_path(request.args.get("next", "/")), code=303)
    return page("auth/sign_in.html", {"form": SignInForm(), "next_path": wanted_path()})


@blueprint.post("/sign-in")
@public
def sign_in_submit() -> Response:
    """Begin a session, or say in one sentence that the pair is wrong."""
    form = SignInForm()
    done = submit(
        form,
        lambda: sessions.sign_in(
            text_of(form.email),
            text_of(form.password),
            address=client_address(),
            user_agent=user_agent(),
        ),
    )
    if done is None:
        return page(
            "auth/sign_in.html", {"form": form, "next_path": wanted_path()}, status=form.status
        )
    welcome(done.result, remember=form.remember.data)
    return htmx.redirect(wanted_path())


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> Response:
    """End this browser's session."""
    user = current_user()
    sessions.sign_out(user.actor, user.session_id)
    farewell()
    response = htmx.redirect(url_for("auth.sign_in"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@blueprint.post("/language")
@public
def change_language() -> Response:
    """Let a stranger choose the language of this browser."""
    choose_language(request.form.get("language", ""))
    return htmx.redirect(own_path(request.form.get("next", "/")))


@blueprint.get("/forgot")
@public
def forgot() -> Response:
    """Ask where to send a link for a new password, and say who else can make one."""
    return _forgot_page(ForgotForm())


@blueprint.post("/forgot")
@public
def forgot_submit() -> Response:
    """Have a link sent; the answer is the same for every address."""
    form = ForgotForm()
    ask = link_requests.ask_for_password
    if not notice_sender.can_send():
        return _forgot_page(ForgotForm(formdata=None))
    if submit(form, lambda: ask(text_of(form.email), address=client_address())) is None:
        return _forgot_page(form)
    return htmx.redirect(url_for("auth.forgot", asked="password"))


@blueprint.get("/invite/<token>")
@public
def invitation(token: str) -> Response:
    """Show what the invitation is for; looking uses nothing up."""
    view = _link("invite", token)
    form = InvitationForm(name=view.name) if view else None
    return _link_page("auth/invite.html", form, view, status=200 if view else 404)


@blueprint.post("/invite/<token>")
@public
def accept_invitation(token: str) -> Response:
    """Complete the account and come in."""
    form = InvitationForm()
    done = submit(
        form,
        lambda: invitations.accept_invitation(
            token,
            name=text_of(form.name),
            password=text_of(form.password),
            address=client_address(),
            user_agent=user_agent(),
        ),
    )
    if done is None:
        return _link_page("auth/invite.html", form, _link("invite", token), status=form.status)
    welcome(done.result)
    if half_way() is None:
        toast(_("Welcome. You are signed in."))
    return htmx.redirect("/")


@blueprint.post("/invite/<token>/again")
@public
def ask_for_invitation(token: str) -> Response:
    """Have a new invitation sent in place of one too old; says nothing of whether it was one."""
    form = DeskForm()
    asked = submit(form, lambda: link_requests.ask_for_invitation(token, address=client_address()))
    if asked is None:
        link = _link("invite", token)
        return _link_page("auth/invite.html", form, link, status=form.status)
    return htmx.redirect(url_for("auth.forgot", asked="invitation"))


@blueprint.get("/reset/<token>")
@public
def reset(token: str) -> Response:
    """Ask for a new password; looking uses nothing up."""
    view = _link("reset", token)
    form = NewPasswordForm() if view else None
    return _link_page("auth/reset.html", form, view, status=200 if view else 404)


@blueprint.post("/reset/<token>")
@public
def reset_submit(token: str) -> Response:
    """Take the new password, sign every browser out, come in."""
    form = NewPasswordForm()
    done = submit(
        form,
        lambda: invitations.reset_password(
            token, text_of(form.password), address=client_address(), user_agent=user_agent()
        ),
    )
    if done is None:
        return _link_page("auth/reset.html", form, _link("reset", token), status=form.status)
    welcome(done.result)
    toast(_("Your new password is set. Other browsers were signed out."))
    return htmx.redirect("/")


def _forgot_page(form: ForgotForm) -> Response:
    context = {
        "form": form,
        "can_send": notice_sender.can_send(),
        "asked": request.args.get("asked", ""),
    }
    return page("auth/forgot.html", context, status=form.status if form.errors else 200)


def _link_page(
    template: str, form: DeskForm | None, link: TokenView | None, *, status: int
) -> Response:
    """Show the page of a one-time link; one that is too old says how to get another."""
    is_usable = link is not None and not link.is_expired
    can_send = not is_usable and notice_sender.can_send()
    return page(template, {"form": form, "link": link, "can_send": can_send}, status=status)


def _link(purpose: Purpose, token: str) -> TokenView | None:
    try:
        return invitations.look_at(purpose, token)
    except NotFound:
        return None
