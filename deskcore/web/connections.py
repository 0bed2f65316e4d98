"""Connecting a mailbox: what to connect, its form, the test, keeping it; changing it later."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from deskcore.domain.mailboxes import TestView
from deskcore.plugin.active import plugins
from deskcore.plugin.forms import from_form
from deskcore.plugin.settings import PluginSettings
from deskcore.services import connection_tests, mailboxes, teams
from deskcore.services.connection_tests import Connection
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.forms.base import DeskForm, submit, text_of
from deskcore.web.forms.mailboxes import KeepForm, connection_form, folded_names
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor, this_desk

blueprint = Blueprint("connections", __name__)

EMAIL = "email"
_CAN_MANAGE = needs("mailbox.manage")


@blueprint.get("/setup/mailbox")
@_CAN_MANAGE
def choose() -> Response:
    """Offer the ways to begin: an own mailbox, one at Google or Microsoft, sample data."""
    return page(
        "setup/mailbox.html", {"has_email": plugins().registry.channels.get(EMAIL) is not None}
    )


@blueprint.get("/admin/mailboxes/new")
@_CAN_MANAGE
def new() -> Response:
    """Ask for address and password, or go on from a test that failed."""
    test_id = request.args.get("test", "")
    current, address = None, ""
    if test_id:
        address, current = connection_tests.tested_settings(current_actor(), test_id)
    form = connection_form(_settings(EMAIL), current=current, is_new=True, address=address)
    return page("mailboxes/new.html", _form_context(form, test_id=test_id))


@blueprint.post("/admin/mailboxes/new")
@_CAN_MANAGE
def start_test() -> Response:
    """Have the worker try what was typed."""
    test_id = request.form.get("test", "")
    current = None
    if test_id:
        _address, current = connection_tests.tested_settings(current_actor(), test_id)
    form = connection_form(_settings(EMAIL), current=current, is_new=True)
    done = submit(form, lambda: _start(form, current, text_of(form["address"])))
    if done is None:
        context = _form_context(form, test_id=test_id)
        return page("mailboxes/new.html", context, status=form.status)
    return htmx.redirect(url_for("connections.test", public_id=done.result, first=_first()))


@blueprint.get("/admin/mailboxes/tests/<public_id>")
@_CAN_MANAGE
def test(public_id: str) -> Response:
    """Show how far the test is; asks again by itself until it is done."""
    view = connection_tests.test_view(current_actor(), public_id)
    form = KeepForm(name=_name_for(view))
    everybody = teams.team_refs()
    form.offer(everybody)
    form.team_ids.data = [team.id for team in everybody]
    return page("mailboxes/test.html", {"test": view, "form": form, "is_first": bool(_first())})


@blueprint.post("/admin/mailboxes/tests/<public_id>/keep")
@_CAN_MANAGE
def keep(public_id: str) -> Response:
    """Keep what was tried."""
    actor = current_actor()
    view = connection_tests.test_view(actor, public_id)
    form = KeepForm() if not view.account_id else KeepForm(name="-", formdata=None)
    form.offer(teams.team_refs())
    done = submit(form, lambda: _keep(form, public_id))
    if done is None:
        context = {"test": view, "form": form, "is_first": bool(_first())}
        return page("mailboxes/test.html", context, status=form.status)
    toast(_("Connected. New mail comes in from now on."))
    return htmx.redirect("/" if _first() else url_for("mailboxes.show", mailbox_id=done.result))


@blueprint.get("/admin/mailboxes/connections/<int:account_id>")
@_CAN_MANAGE
def edit(account_id: int) -> Response:
    """Show how a connection is reached; passwords only as set or not."""
    account, current = mailboxes.connection_settings(current_actor(), account_id)
    form = connection_form(type(current), current=current, is_new=False)
    return page("mailboxes/connection.html", _form_context(form, account=account))


@blueprint.post("/admin/mailboxes/connections/<int:account_id>")
@_CAN_MANAGE
@asks_password
def start_change(account_id: int) -> Response:
    """Try changed settings before they take the place of those at work."""
    account, current = mailboxes.connection_settings(current_actor(), account_id)
    form = connection_form(type(current), current=current, is_new=False)
    done = submit(form, lambda: _start(form, current, account.address, account_id))
    if done is None:
        context = _form_context(form, account=account)
        return page("mailboxes/connection.html", context, status=form.status)
    return htmx.redirect(url_for("connections.test", public_id=done.result))


def _start(
    form: DeskForm, current: PluginSettings | None, address: str, account_id: int = 0
) -> str:
    settings = from_form(_settings(EMAIL), form, current=current)
    connection = Connection(
        channel=EMAIL, address=address, settings=settings, account_id=account_id
    )
    return connection_tests.start_test(current_actor(), connection)


def _keep(form: KeepForm, public_id: str) -> int:
    return mailboxes.keep_connection(
        current_actor(), public_id, name=text_of(form.name), team_ids=form.team_ids.data or []
    )


def _form_context(form: DeskForm, **more: object) -> dict[str, object]:
    """Say which fields are folded away; one with a problem is shown."""
    folded = folded_names(_settings(EMAIL))
    return {
        "form": form,
        "main_fields": [field for field in form if field.name not in folded],
        "folded_fields": [field for field in form if field.name in folded],
        # After a test that failed it is mostly a server's name that has to be looked at.
        "is_unfolded": bool(more.get("test_id"))
        or any(field.errors for field in form if field.name in folded),
        "is_first": bool(_first()),
        **more,
    }


def _settings(channel: str) -> type[PluginSettings]:
    return plugins().channel_kind(channel).item.settings


def _name_for(view: TestView) -> str:
    """Suggest a name: the part before the @, unless that says nothing."""
    local = view.address.partition("@")[0]
    return local.capitalize() if local.isalpha() else this_desk().name


def _first() -> str | None:
    """Tell whether this is still set-up, whose pages have no nav yet."""
    return request.values.get("first") or None
