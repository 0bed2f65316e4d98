"""Connecting a mailbox: what to connect, its form, the test, keeping it; changing it later."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from deskcore.domain.mailboxes import TestView
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import Channel
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
    channel, address, current = _begun(test_id)
    form = connection_form(kind_of(channel), current=current, is_new=True, address=address)
    return page("mailboxes/new.html", _form_context(form, channel, test_id=test_id))


@blueprint.post("/admin/mailboxes/new")
@_CAN_MANAGE
def start_test() -> Response:
    """Have the worker try what was typed."""
    test_id = request.form.get("test", "")
    channel, _address, current = _begun(test_id)
    form = connection_form(kind_of(channel), current=current, is_new=True)
    done = submit(form, lambda: _start(form, channel, current, text_of(form["address"])))
    if done is None:
        context = _form_context(form, channel, test_id=test_id)
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
    return page("mailboxes/test.html", _test_context(view, form))


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
        return page("mailboxes/test.html", _test_context(view, form), status=form.status)
    if kind_of(view.channel).people == EMAIL:
        toast(_("Connected. New mail comes in from now on."))
    else:
        toast(_("Connected. New messages come in from now on."))
    return htmx.redirect("/" if _first() else url_for("mailboxes.show", mailbox_id=done.result))


@blueprint.get("/admin/mailboxes/connections/<int:account_id>")
@_CAN_MANAGE
def edit(account_id: int) -> Response:
    """Show how a connection is reached; passwords only as set or not."""
    account, current = mailboxes.connection_settings(current_actor(), account_id)
    form = connection_form(kind_of(account.channel), current=current, is_new=False)
    context = _form_context(form, account.channel, account=account)
    return page("mailboxes/connection.html", context)


@blueprint.post("/admin/mailboxes/connections/<int:account_id>")
@_CAN_MANAGE
@asks_password
def start_change(account_id: int) -> Response:
    """Try changed settings before they take the place of those at work."""
    account, current = mailboxes.connection_settings(current_actor(), account_id)
    channel, address = account.channel, account.address
    form = connection_form(kind_of(channel), current=current, is_new=False)
    done = submit(form, lambda: _start(form, channel, current, address, account_id))
    if done is None:
        context = _form_context(form, channel, account=account)
        return page("mailboxes/connection.html", context, status=form.status)
    return htmx.redirect(url_for("connections.test", public_id=done.result))


def kind_of(channel: str) -> type[Channel]:
    """Return the class of a channel; raises NotFound when its plugin is not active."""
    return plugins().channel_kind(channel).item


def _test_context(view: TestView, form: KeepForm) -> dict[str, object]:
    is_mail = kind_of(view.channel).people == EMAIL
    return {"test": view, "form": form, "is_first": bool(_first()), "is_mail": is_mail}


def _begun(test_id: str) -> tuple[str, str, PluginSettings | None]:
    """Return channel, address and settings to begin with: those of a test, or what was chosen.

    Mail is what a desk begins with, where there is mail.
    """
    if test_id:
        actor = current_actor()
        address, current = connection_tests.tested_settings(actor, test_id)
        return connection_tests.test_view(actor, test_id).channel, address, current
    offered = [owned.item.slug for owned in plugins().registry.channels.all()]
    first = EMAIL if EMAIL in offered else next(iter(offered), "")
    return request.values.get("channel") or first, "", None


def _start(
    form: DeskForm,
    channel: str,
    current: PluginSettings | None,
    address: str,
    account_id: int = 0,
) -> str:
    settings = from_form(kind_of(channel).settings, form, current=current)
    connection = Connection(
        channel=channel, address=address, settings=settings, account_id=account_id
    )
    return connection_tests.start_test(current_actor(), connection)


def _keep(form: KeepForm, public_id: str) -> int:
    return mailboxes.keep_connection(
        current_actor(), public_id, name=text_of(form.name), team_ids=form.team_ids.data or []
    )


def _form_context(form: DeskForm, channel: str, **more: object) -> dict[str, object]:
    """Say which fields are folded away; one with a problem is shown."""
    kind = kind_of(channel)
    folded = folded_names(kind.settings)
    return {
        "form": form,
        "channel": channel,
        "is_mail": kind.people == EMAIL,
        "offered": [owned.item.slug for owned in plugins().registry.channels.all()],
        "main_fields": [field for field in form if field.name not in folded],
        "folded_fields": [field for field in form if field.name in folded],
        # After a test that failed it is mostly a server's name that has to be looked at.
        "is_unfolded": bool(more.get("test_id"))
        or any(field.errors for field in form if field.name in folded),
        "is_first": bool(_first()),
        **more,
    }


def _name_for(view: TestView) -> str:
    """Suggest a name: the part before the @, unless that says nothing."""
    local = view.address.partition("@")[0]
    return local.capitalize() if local.isalpha() else this_desk().name


def _first() -> str | None:
    """Tell whether this is still set-up, whose pages have no nav yet."""
    return request.values.get("first") or None
