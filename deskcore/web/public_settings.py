"""The owner's settings of the side of the desk that customers see."""

from __future__ import annotations

from flask import Blueprint, Response, url_for
from flask_babel import gettext as _

from deskcore.services import mailboxes
from deskcore.services.public_settings import change_public_settings, public_settings
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.forms.base import submit
from deskcore.web.forms.public import PublicForm, filled
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.links import absolute
from deskcore.web.public_surface import HOME

blueprint = Blueprint("public_settings", __name__, url_prefix="/admin/public")


@blueprint.get("")
@needs("desk.manage")
def show() -> Response:
    """Show the settings of the pages for customers, and where those pages are."""
    return _page(filled(public_settings()))


@blueprint.post("")
@needs("desk.manage")
def change() -> Response:
    """Store them."""
    form = PublicForm()
    done = submit(form, lambda: change_public_settings(current_actor(), form.wanted()))
    if done is None:
        return _page(form, status=form.status)
    toast(_("Saved."))
    return htmx.redirect(url_for("public_settings.show"))


def _page(form: PublicForm, *, status: int = 200) -> Response:
    form.name_days()
    form.mailbox_ids.choices = [
        (str(mailbox.id), mailbox.name) for mailbox in mailboxes.mailboxes(current_actor())
    ]
    return page("admin/public.html", {"form": form, "home": absolute(HOME)}, status=status)
