"""The first start: the code, the checks, the owner. Gone (404) once the desk has an owner."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, session, url_for
from flask_babel import get_locale
from werkzeug.wrappers import Response as AnyResponse

from deskcore.errors import NotFound
from deskcore.i18n import DEFAULT_LANGUAGE
from deskcore.services import setup
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.server_checks import ServerCheck, server_checks
from deskcore.theme.pages import page
from deskcore.web import htmx
from deskcore.web.forms.accounts import OwnerForm, SetupCodeForm
from deskcore.web.forms.base import submit, text_of
from deskcore.web.forms.zones import guessed_zone
from deskcore.web.guards import public
from deskcore.web.identity import client_address, user_agent, welcome

blueprint = Blueprint("setup", __name__, url_prefix="/setup")

_PROOF = "setup"


@blueprint.before_request
def end_with_set_up() -> None:
    """Answer 404 to everything here once the desk is set up."""
    if setup.is_set_up():
        raise NotFound("")


@blueprint.get("")
@public
def code() -> Response:
    """Ask for the code, then show whether this server will do."""
    if not _is_open():
        return page("setup/code.html", {"form": SetupCodeForm()})
    checks = server_checks()
    return page("setup/checks.html", {"checks": checks, "is_stopped": _is_stopped(checks)})


@blueprint.post("")
@public
def enter_code() -> Response:
    """Let a browser in that knows the code the server printed."""
    form = SetupCodeForm()
    done = submit(
        form, lambda: setup.check_setup_code(text_of(form.code), address=client_address())
    )
    if done is None:
        return page("setup/code.html", {"form": form}, status=form.status)
    session[_PROOF] = done.result
    return htmx.redirect(url_for("setup.code"))


@blueprint.get("/owner")
@public
def owner() -> AnyResponse:
    """Ask who starts the desk, with zone and language guessed from the browser."""
    if not _is_open():
        return redirect(url_for("setup.code"), code=303)
    language = str(get_locale() or DEFAULT_LANGUAGE)
    form = OwnerForm(shop_time_zone=guessed_zone(), shop_language=language)
    return page("setup/owner.html", {"form": form, "guessed_zone": form.shop_time_zone.data})


@blueprint.post("/owner")
@public
def create_owner() -> AnyResponse:
    """Make the owner, name the shop, and go on to the mailbox."""
    if not _is_open():
        return redirect(url_for("setup.code"), code=303)
    form = OwnerForm()
    done = submit(form, lambda: _create(form))
    if done is None:
        return page("setup/owner.html", {"form": form, "guessed_zone": ""}, status=form.status)
    welcome(done.result)
    return htmx.redirect(url_for("connections.choose"))


def _create(form: OwnerForm) -> str:
    return setup.create_owner(
        session[_PROOF],
        setup.FirstOwner(
            name=text_of(form.name), email=text_of(form.email), password=text_of(form.password)
        ),
        DeskSettings(
            name=text_of(form.shop_name),
            time_zone=text_of(form.shop_time_zone),
            language=text_of(form.shop_language),
        ),
        address=client_address(),
        user_agent=user_agent(),
    )


def _is_open() -> bool:
    return setup.may_set_up(session.get(_PROOF, ""))


def _is_stopped(checks: list[ServerCheck]) -> bool:
    return any(check.state == "bad" for check in checks)
