"""Forms of coming in: sign-in, invitation, new password, set-up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _
from wtforms import BooleanField, PasswordField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from deskcore.i18n import LANGUAGES
from deskcore.services.passwords import MAX_LENGTH
from deskcore.services.users import LONGEST_NAME
from deskcore.web.forms.base import DeskForm
from deskcore.web.forms.zones import zone_choices

_EMAIL_ATTRIBUTES = {"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
PASSWORD_HINT = _("At least 12 characters. Several words are easy to remember; paste is fine.")


class SignInForm(DeskForm):
    """Address and password; ``next`` is where the person wanted to go."""

    email = StringField(
        _("Mail address"),
        [DataRequired(_("Enter your mail address.")), Length(max=320)],
        render_kw={**_EMAIL_ATTRIBUTES, "type": "email"},
    )
    password = PasswordField(_("Password"), [DataRequired(_("Enter your password."))])
    remember = BooleanField(_("Keep me signed in when I close the browser"))


class ForgotForm(DeskForm):
    """Where to send a link for a new password."""

    email = StringField(
        _("Mail address"),
        [DataRequired(_("Enter your mail address.")), Length(max=320)],
        render_kw={**_EMAIL_ATTRIBUTES, "type": "email"},
    )


class ConfirmForm(DeskForm):
    """One's own password, again."""

    confirm_password = PasswordField(
        _("Your own password"),
        [DataRequired(_("Enter your own password."))],
        render_kw={"autocomplete": "current-password", "autofocus": ""},
    )


class CodeForm(DeskForm):
    """One code: of the app, or one of those kept for recovery."""

    code = StringField(
        _("Code"),
        [DataRequired(_("Enter the code that your app shows.")), Length(max=64)],
        render_kw={
            "inputmode": "numeric",
            "autocomplete": "one-time-code",
            "autocapitalize": "none",
            "spellcheck": "false",
            "autofocus": "",
        },
    )


class NewPasswordForm(DeskForm):
    """A new password, typed once: it can be shown."""

    password = PasswordField(
        _("New password"),
        [DataRequired(_("Enter a password."))],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "maxlength": MAX_LENGTH},
    )


class InvitationForm(NewPasswordForm):
    """What completes an invited account."""

    name = StringField(
        _("Your name"),
        [DataRequired(_("Enter a name; colleagues see it.")), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "name"},
    )


class SetupCodeForm(DeskForm):
    """The code that the server printed."""

    code = StringField(
        _("Set-up code"),
        [DataRequired(_("Enter the code that the server printed."))],
        description=_(
            "Five groups of five letters and digits, printed where the desk was started."
        ),
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class RescueKeyForm(DeskForm):
    """The key that ``desk rescue-key`` printed."""

    key = StringField(
        _("Rescue key"),
        [DataRequired(_("Enter the key that the server printed."))],
        render_kw={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"},
    )


class OwnerForm(DeskForm):
    """The first account and the shop, in one form."""

    name = StringField(
        _("Your name"),
        [DataRequired(_("Enter a name; colleagues see it.")), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "name"},
    )
    email = StringField(
        _("Your mail address"),
        [DataRequired(_("Enter your mail address."))],
        description=_("You sign in with it. Customers do not see it."),
        render_kw={**_EMAIL_ATTRIBUTES, "type": "email"},
    )
    password = PasswordField(
        _("Password"),
        [DataRequired(_("Enter a password."))],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "maxlength": MAX_LENGTH},
    )
    shop_name = StringField(
        _("Name of your shop"),
        [DataRequired(_("Give your shop a name.")), Length(max=80)],
        render_kw={"autocomplete": "organization"},
    )
    shop_time_zone = SelectField(_("Time zone"), choices=zone_choices, validate_choice=False)
    shop_language = SelectField(_("Language"), choices=dict(LANGUAGES), validate_choice=False)
