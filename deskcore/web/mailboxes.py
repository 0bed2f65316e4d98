"""Mailboxes of the desk: how they are doing, what they say, who sees them."""

from __future__ import annotations

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from deskcore.domain.mailboxes import MailboxView
from deskcore.errors import NotFound
from deskcore.extensions import config
from deskcore.services import channel_accounts, mailboxes, teams
from deskcore.services.mailboxes import MailboxProperties
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import submit, text_of
from deskcore.web.forms.mailboxes import MailboxForm
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor

blueprint = Blueprint("mailboxes", __name__, url_prefix="/admin/mailboxes")

_CAN_MANAGE = needs("mailbox.manage")


@blueprint.get("")
@_CAN_MANAGE
def index() -> Response:
    """List the mailboxes and how they are doing."""
    return page("mailboxes/index.html", {"mailboxes": mailboxes.mailboxes(current_actor())})


@blueprint.get("/<int:mailbox_id>")
@_CAN_MANAGE
def show(mailbox_id: int) -> Response:
    """Show one mailbox with its form."""
    view = mailboxes.mailbox(current_actor(), mailbox_id)
    return page("mailboxes/show.html", _context(view, _form(view)))


@blueprint.post("/<int:mailbox_id>")
@_CAN_MANAGE
def change(mailbox_id: int) -> Response:
    """Store what was changed."""
    view = mailboxes.mailbox(current_actor(), mailbox_id)
    form = _form(view)
    done = submit(form, lambda: _change(form, mailbox_id))
    if done is None:
        return page("mailboxes/show.html", _context(view, form), status=form.status)
    toast(_("Saved."))
    return htmx.redirect(url_for("mailboxes.show", mailbox_id=mailbox_id))


@blueprint.post("/<int:mailbox_id>/connections/<int:account_id>/pause")
@_CAN_MANAGE
def pause(mailbox_id: int, account_id: int) -> Response:
    """Stop a connection."""
    mailboxes.pause(current_actor(), _connection(mailbox_id, account_id))
    toast(_("Paused. Nothing is fetched and nothing is sent until you resume it."))
    return htmx.redirect(url_for("mailboxes.show", mailbox_id=mailbox_id))


@blueprint.post("/<int:mailbox_id>/connections/<int:account_id>/resume")
@_CAN_MANAGE
def resume(mailbox_id: int, account_id: int) -> Response:
    """Set a connection to work again."""
    mailboxes.resume(current_actor(), _connection(mailbox_id, account_id))
    toast(_("At work again."))
    return htmx.redirect(url_for("mailboxes.show", mailbox_id=mailbox_id))


@blueprint.post("/<int:mailbox_id>/connections/<int:account_id>/import")
@_CAN_MANAGE
def import_older(mailbox_id: int, account_id: int) -> Response:
    """Begin to import older mail as solved history."""
    channel_accounts.start_backlog(current_actor(), _connection(mailbox_id, account_id))
    toast(_("Older mail is coming in. You can go on working; nobody is answered by it."))
    return htmx.redirect(url_for("mailboxes.show", mailbox_id=mailbox_id))


def _context(view: MailboxView, form: MailboxForm) -> dict[str, object]:
    """Say by which address networks reach this desk: the one that is set, else as it is read."""
    base = config().base_url or request.host_url
    return {"mailbox": view, "form": form, "hook_base": base.rstrip("/")}


def _connection(mailbox_id: int, account_id: int) -> int:
    """Return the id of a connection of this mailbox; raises NotFound when it is not one."""
    view = mailboxes.mailbox(current_actor(), mailbox_id)
    if all(connection.id != account_id for connection in view.connections):
        raise NotFound("")
    return account_id


def _form(view: MailboxView) -> MailboxForm:
    form = MailboxForm(obj=view)
    form.offer(teams.team_refs())
    if not form.is_submitted() or form.is_set_back:
        form.team_ids.data = sorted(view.team_ids)
    return form


def _change(form: MailboxForm, mailbox_id: int) -> None:
    wanted = MailboxProperties(
        name=text_of(form.name),
        signature=text_of(form.signature),
        sends_acknowledgement=bool(form.sends_acknowledgement.data),
        acknowledgement_subject=text_of(form.acknowledgement_subject),
        acknowledgement_text=text_of(form.acknowledgement_text),
        undo_seconds=form.undo_seconds.data or 0,
        raw_days=form.raw_days.data or 0,
    )
    mailboxes.change_mailbox(current_actor(), mailbox_id, wanted, form.team_ids.data or [])
