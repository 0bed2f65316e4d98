"""Forms of mailboxes: the connection's is made from its channel's settings, the rest is ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

from flask import request
from flask_babel import lazy_gettext as _
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange

from deskcore.domain.accounts import TeamRef
from deskcore.plugin.channel import Channel
from deskcore.plugin.forms import WholeField, form_for, form_values
from deskcore.plugin.settings import PluginSettings, Value, fields
from deskcore.services.mailboxes import MailboxProperties
from deskcore.web.forms.base import DeskForm, SettingsForm, translate
from deskcore.web.numbers import whole


class AddressForm(DeskForm):
    """A new connection: the address comes first, everything else may follow from it."""

    address = StringField(
        _("Mail address"),
        [DataRequired(_("Enter the address customers write to.")), Length(max=254)],
        description=_("The one customers write to, for example help@example.com."),
        render_kw={
            "type": "email",
            "autocomplete": "off",
            "autocapitalize": "none",
            "spellcheck": "false",
        },
    )


class AccountForm(DeskForm):
    """A new connection to a network that is not mail."""

    address = StringField(
        _("Account"),
        [DataRequired(_("Enter what the account is called.")), Length(max=254)],
        description=_("Its name, number or address on the network, as its customers see it."),
        render_kw={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"},
    )


class KeepForm(DeskForm):
    """The last step of a new mailbox: its name and who sees it."""

    name = StringField(
        _("Name of the mailbox"),
        [DataRequired(_("Give the mailbox a name.")), Length(max=80)],
        description=_("As your team calls it: Support, Orders."),
    )
    team_ids = SelectMultipleField(
        _("Teams that see it"),
        coerce=whole,
        description=_("Owners and admins see every mailbox."),
        validate_choice=False,
    )

    def offer(self, teams: Sequence[TeamRef]) -> None:
        """Offer these teams."""
        self.team_ids.choices = {str(team.id): team.name for team in teams}


class MailboxForm(KeepForm, SettingsForm):
    """What admins say about a mailbox."""

    signature = TextAreaField(
        _("Signature"),
        description=_("Stands under every answer from this mailbox."),
        render_kw={"rows": 4},
    )
    undo_seconds = WholeField(
        _("Seconds to undo sending"),
        [InputRequired(_("Enter a number of seconds.")), NumberRange(min=0, max=30)],
        default=MailboxProperties.undo_seconds,
        description=_("How long an answer waits before it goes out, 0 to 30."),
        render_kw={"inputmode": "numeric"},
    )
    raw_days = WholeField(
        _("Days to keep original mails"),
        [InputRequired(_("Enter a number of days.")), NumberRange(min=0, max=36_500)],
        default=MailboxProperties.raw_days,
        description=_(
            "Their text and files stay for ever; the mail as it was received goes after so many "
            "days. 0 keeps it, too."
        ),
        render_kw={"inputmode": "numeric"},
    )
    sends_acknowledgement = BooleanField(
        _("Tell customers that their mail has arrived"),
        default=MailboxProperties.sends_acknowledgement,
        description=_("Once for each new ticket, to people only; never for imported mail."),
    )
    acknowledgement_subject = StringField(
        _("Subject of that mail"),
        [Length(max=200)],
        description=_("Empty: the subject of the customer’s own mail."),
    )
    acknowledgement_text = TextAreaField(_("Text of that mail"), render_kw={"rows": 5})


def connection_form(
    channel: type[Channel],
    *,
    current: PluginSettings | None = None,
    is_new: bool,
    address: str = "",
) -> DeskForm:
    """Make the form of a connection, in the reader's language.

    What follows from the address is filled in when the form arrives without it.
    """
    settings = channel.settings
    first = AddressForm if channel.people == "email" else AccountForm
    base = first if is_new else DeskForm
    kind = cast("type[DeskForm]", form_for(settings, current=current, base=base))
    if request.method == "POST":
        form = kind(formdata=_completed(settings, request.form) if is_new else request.form)
    else:
        values = form_values(current) if current is not None else {}
        form = kind(data={**values, "address": address})
    translate(form)
    return form


def folded_names(settings: type[PluginSettings]) -> frozenset[str]:
    """Name the fields that stay folded away."""
    return frozenset(field.name for field in fields(settings) if field.advanced)


def _completed(settings: type[PluginSettings], sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Fill what was left empty from the address.

    When every needed field was left empty nobody has looked at the folded ones, so what those
    hold is our own default and gives way as well.
    """
    guesses = settings.suggest(sent.get("address", ""))
    needed = {field.name for field in fields(settings) if field.required}
    is_untouched = not any(sent.get(name) for name in guesses if name in needed)
    completed = sent.copy()
    for name, guess in _as_text(guesses).items():
        if is_untouched or not sent.get(name):
            completed[name] = guess
    return completed


def _as_text(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
