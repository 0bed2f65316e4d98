"""The form of the public side's settings."""

from __future__ import annotations

from babel import dates
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms import BooleanField, RadioField, SelectMultipleField, StringField
from wtforms.validators import Length

from deskcore.domain.opening_hours import DAYS
from deskcore.services.public_settings import PublicSettings, names_of
from deskcore.web.forms.base import DeskForm, text_of
from deskcore.web.numbers import whole


class PublicForm(DeskForm):
    """What customers are shown, and how."""

    is_on = BooleanField(
        _("Pages for customers"),
        description=_("The help page, the pages of requests, and “My requests”."),
    )
    mailbox_ids = SelectMultipleField(_("Addresses shown on the help page"), validate_choice=False)
    names = RadioField(
        _("Answers on these pages are signed"),
        choices=lambda: [
            ("shop", str(_("by the shop"))),
            ("first", str(_("by the agent’s first name"))),
            ("full", str(_("by the agent’s whole name"))),
        ],
        validate_choice=False,
    )
    has_link_in_mails = BooleanField(
        _("Link to the request in mails"),
        description=_(
            "Below an answer that goes to the customer alone. Whoever the mail is forwarded to can "
            "read and answer on that page."
        ),
    )
    day_0, day_1, day_2, day_3, day_4, day_5, day_6 = (
        StringField("", [Length(max=80)], render_kw={"autocomplete": "off"}) for _day in range(DAYS)
    )

    def name_days(self) -> None:
        """Label the fields of the week in the reader's language."""
        for number, name in dates.get_day_names("wide", "stand-alone", get_locale()).items():
            self[f"day_{number}"].label.text = name.capitalize()

    def wanted(self) -> PublicSettings:
        """Return what was filled in; raises Invalid for a choice that is not offered."""
        return PublicSettings(
            is_on=bool(self.is_on.data),
            hours=tuple(text_of(self[f"day_{day}"]).strip() for day in range(DAYS)),
            names=names_of(text_of(self.names)),
            mailbox_ids=tuple(map(_number, self.mailbox_ids.data or ())),
            has_link_in_mails=bool(self.has_link_in_mails.data),
        )


def filled(settings: PublicSettings) -> PublicForm:
    """Return the form with the settings as they are."""
    days = {f"day_{day}": hours for day, hours in enumerate(settings.hours)}
    return PublicForm(
        formdata=None,
        is_on=settings.is_on,
        mailbox_ids=[str(number) for number in settings.mailbox_ids],
        names=settings.names,
        has_link_in_mails=settings.has_link_in_mails,
        **days,
    )


def _number(typed: object) -> int:
    """Return a row's number, 0 for what is none: no mailbox has it."""
    try:
        return whole(str(typed))
    except ValueError:
        return 0
