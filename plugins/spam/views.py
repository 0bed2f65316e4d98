"""The page of bans and of what the filter has learned."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, Response, request, url_for

from deskcore.api import Invalid, _
from deskcore.api.data import can, change_settings, read_customer, settings_of
from deskcore.api.web import (
    DeskForm,
    current_actor,
    form_for,
    form_values,
    from_form,
    needs,
    page,
    redirect,
    submit,
    text_of,
    toast,
    translate,
    whole,
)
from plugins.spam import bans, memory
from plugins.spam.forms import BanForm
from plugins.spam.settings import RIGHT, SLUG, SpamSettings

blueprint = Blueprint(SLUG, __name__, template_folder="templates")

_CAN_BAN, _CAN_SET = needs(RIGHT), needs("plugins.manage")


@blueprint.get("/")
@_CAN_BAN
def index() -> Response:
    """Show who is banned, and how much was learned."""
    actor = current_actor()
    context = {
        "bans": bans.bans(actor),
        "learned": memory.totals(),
        "settings": settings_of(SLUG, SpamSettings),
        "may_settings": can(actor, "plugins.manage"),
    }
    return page("plugins/spam/index.html", context)


@blueprint.get("/bans/new")
@_CAN_BAN
def new() -> Response:
    """Ask whom to ban and why; of a customer the address is known."""
    customer_id = request.args.get("customer", type=whole)
    address = ""
    if customer_id:
        customer = read_customer(current_actor(), customer_id)
        address = next((one.value for one in customer.addresses if "@" in one.value), "")
    return _form_page(BanForm(who=address))


@blueprint.post("/bans")
@_CAN_BAN
def create() -> Response:
    """Ban them."""
    form = BanForm()
    ask = (text_of(form.who), text_of(form.reason))
    done = submit(form, lambda: bans.ban(current_actor(), *ask))
    if done is None:
        return _form_page(form, status=form.status)
    toast(_("%(who)s is banned. What comes from there is filed under Spam.", who=done.result))
    return redirect(url_for("spam.index"))


@blueprint.post("/bans/for/<int:number>")
@_CAN_BAN
def ban_writer(number: int) -> Response:
    """Ban whoever wrote a ticket, by one press there."""
    try:
        who = bans.ban_writer(current_actor(), number)
    except Invalid as refused:
        toast(refused.problems[0].message, kind="bad")
    else:
        toast(_("%(who)s is banned. What comes from there is filed under Spam.", who=who))
    return redirect(f"/t/{number}")


@blueprint.post("/bans/<int:ban_id>/lift")
@_CAN_BAN
def lift(ban_id: int) -> Response:
    """Let them write again."""
    who = bans.lift(current_actor(), ban_id)
    toast(_("%(who)s may write again. What was filed under Spam stays there.", who=who))
    return redirect(url_for("spam.index"))


@blueprint.get("/settings")
@_CAN_SET
def settings() -> Response:
    """Show when the filter speaks and acts."""
    return _settings_page(_settings_form())


@blueprint.post("/settings")
@_CAN_SET
def change() -> Response:
    """Store that."""
    form = _settings_form()
    done = submit(
        form, lambda: change_settings(current_actor(), SLUG, from_form(SpamSettings, form))
    )
    if done is None:
        return _settings_page(form, status=form.status)
    toast(_("Saved."))
    return redirect(url_for("spam.index"))


def _settings_form() -> DeskForm:
    """Make the form from the settings class, in the reader's language."""
    values = form_values(settings_of(SLUG, SpamSettings))
    form = cast("type[DeskForm]", form_for(SpamSettings, base=DeskForm))(data=values)
    translate(form)
    return form


def _settings_page(form: DeskForm, *, status: int = 200) -> Response:
    return page("plugins/spam/settings.html", {"form": form}, status=status)


def _form_page(form: DeskForm, *, status: int = 200) -> Response:
    return page("plugins/spam/ban.html", {"form": form}, status=status)
