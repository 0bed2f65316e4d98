"""The desk as its admins see it: overview and settings."""

from __future__ import annotations

from dataclasses import asdict

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _

from deskcore.domain.people import OWNER
from deskcore.extensions import config
from deskcore.samples import filling
from deskcore.services import (
    health,
    mailboxes,
    notice_sender,
    own_factor,
    plugin_pages,
    plugin_places,
    site_health,
    support_text,
    users,
)
from deskcore.services.desk_settings import DeskSettings, change_desk_settings
from deskcore.services.first_steps import first_steps
from deskcore.theme.pages import page
from deskcore.theme.toasts import toast
from deskcore.web import htmx
from deskcore.web.confirming import asks_password
from deskcore.web.forms.base import submit, text_of
from deskcore.web.forms.people import CompulsoryForm, DeskSettingsForm
from deskcore.web.guards import needs
from deskcore.web.hosts import is_unprotected
from deskcore.web.identity import current_actor, this_desk
from deskcore.web.links import base_url
from deskcore.web.plugin_parts import parts

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@blueprint.get("")
@needs("desk.manage")
def home() -> Response:
    """Show how the desk is doing and the ways to its parts."""
    actor = current_actor()
    context = {
        "checks": health.checks(),
        "mailboxes": mailboxes.mailboxes(actor),
        "people": users.people(actor),
        "plugins": plugin_pages.plugin_lines(actor),
        "first_steps": first_steps(actor),
        "has_samples": filling.has_samples(),
        "widgets": parts(
            plugin_places.widgets(actor),
            "plugin_parts/_widget.html",
            place="desk_dashboard_widgets",
        ),
    }
    return page("admin/home.html", context)


@blueprint.get("/health")
@needs("desk.manage")
def site() -> Response:
    """Show what is wrong with the desk, why, and where to mend it."""
    actor = current_actor()
    context = {"findings": site_health.findings(actor), "about": support_text.description(actor)}
    return page("admin/health.html", context)


@blueprint.get("/settings")
@needs("desk.manage")
def settings() -> Response:
    """Show the desk's own settings."""
    return _settings_page(DeskSettingsForm(**asdict(this_desk())))


@blueprint.post("/settings")
@needs("desk.manage")
def change_settings() -> Response:
    """Store them."""
    form = DeskSettingsForm(**asdict(this_desk()))
    done = submit(form, lambda: change_desk_settings(current_actor(), _settings(form)))
    if done is None:
        return _settings_page(form)
    toast(_("Saved."))
    return htmx.redirect(url_for("admin.settings"))


@blueprint.post("/settings/second-factor")
@needs("owner.manage")
@asks_password
def change_compulsory() -> Response:
    """Say which roles need a second factor; only an owner does."""
    form = CompulsoryForm()
    roles = form.roles.data or []
    done = submit(form, lambda: own_factor.change_compulsory_roles(current_actor(), roles))
    if done is None:
        return _settings_page(DeskSettingsForm(formdata=None, **asdict(this_desk())), form)
    toast(_("Saved. Who needs a second factor now sets it up at the next sign-in."))
    return htmx.redirect(url_for("admin.settings"))


def _settings_page(form: DeskSettingsForm, compulsory: CompulsoryForm | None = None) -> Response:
    roles = own_factor.compulsory_roles(current_actor())
    context = {
        "form": form,
        "compulsory": compulsory or CompulsoryForm(formdata=None, roles=list(roles)),
        "may_compel": current_actor().role == OWNER,
        "base_url": base_url(),
        "mailed_address": config().address,
        "can_send": notice_sender.can_send(),
        "is_unprotected": is_unprotected(),
    }
    return page("admin/settings.html", context, status=form.status if request.form else 200)


def _settings(form: DeskSettingsForm) -> DeskSettings:
    return DeskSettings(
        name=text_of(form.name),
        time_zone=text_of(form.time_zone),
        language=text_of(form.language),
        own_mail_from=form.own_mail_from.data or 0,
    )
