"""Finding a setting by a word, wherever its form is: the desk's, a mailbox's, a plugin's, one's own.

What is searched are the forms themselves, so that nothing can be forgotten and every word is the
reader's language.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from wtforms import Field

from deskcore.plugin.active import plugins
from deskcore.services import access, mailboxes
from deskcore.services.search_text import fold
from deskcore.theme.pages import page
from deskcore.web.forms.looks import LookForm
from deskcore.web.forms.mailboxes import MailboxForm
from deskcore.web.forms.people import (
    CompulsoryForm,
    DeskSettingsForm,
    OwnPasswordForm,
    PreferencesForm,
)
from deskcore.web.forms.public import PublicForm
from deskcore.web.guards import needs
from deskcore.web.identity import current_actor
from deskcore.web.plugins import settings_form

blueprint = Blueprint("finding_settings", __name__, url_prefix="/admin/find")
LONGEST = 200


@dataclass(frozen=True, kw_only=True)
class FoundSetting:
    """One setting: what it is called, what is said about it, on which page it is, and where there."""

    label: str
    hint: str
    place: str
    url: str


@blueprint.get("")
@needs("desk.manage")
def find() -> Response:
    """List the settings that have all words of ``q``; with none, all."""
    wanted = request.args.get("q", "")[:LONGEST].strip()
    words = fold(wanted).split()
    found = [each for each in _all() if all(word in _searched(each) for word in words)]
    return page("admin/find.html", {"wanted": wanted, "found": found})


def _searched(setting: FoundSetting) -> str:
    return fold(f"{setting.label} {setting.hint} {setting.place}")


def _all() -> Iterator[FoundSetting]:
    actor = current_actor()
    desk, own = url_for("admin.settings"), url_for("me.show")
    yield from _of_form(DeskSettingsForm(formdata=None), _("Settings"), desk)
    yield from _of_form(LookForm(formdata=None), _("Look"), url_for("customize.show"))
    yield from _of_form(CompulsoryForm(formdata=None), _("Settings"), desk)
    customers = PublicForm(formdata=None)
    customers.name_days()
    yield from _of_form(customers, _("Pages for customers"), url_for("public_settings.show"))
    for mailbox in mailboxes.mailboxes(actor):
        url = url_for("mailboxes.show", mailbox_id=mailbox.id)
        place = _("Mailbox %(name)s", name=mailbox.name)
        yield from _of_form(MailboxForm(formdata=None), place, url)
    if access.can(actor, "plugins.manage"):
        for slug, kind in plugins().registry.settings.items():
            place = _("Plugin %(name)s", name=plugins().manifests[slug].name)
            url = url_for("plugins.show", slug=slug)
            yield from _of_form(settings_form(slug, kind), place, url)
    yield from _of_form(PreferencesForm(formdata=None), _("Your own settings"), own)
    password = url_for("me.password")
    yield from _of_form(OwnPasswordForm(formdata=None), _("Your own settings"), password)


def _of_form(form: Iterable[Field], place: str, url: str) -> Iterator[FoundSetting]:
    for field in form:
        yield FoundSetting(
            label=str(field.label.text),
            hint=str(field.description or ""),
            place=place,
            url=f"{url}#{field.id}",
        )
