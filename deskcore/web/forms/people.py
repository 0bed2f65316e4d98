"""Forms about people: inviting, roles and teams, one's own wishes and password."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from wtforms import (
    BooleanField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.validators import DataRequired, Length

from deskcore.domain.accounts import Person, TeamRef
from deskcore.domain.people import OWNER, ROLES, Actor
from deskcore.i18n import LANGUAGES
from deskcore.services import notice_sender
from deskcore.services.desk_settings import DeskSettings
from deskcore.services.passwords import MAX_LENGTH
from deskcore.services.users import LONGEST_NAME
from deskcore.web.forms.accounts import PASSWORD_HINT
from deskcore.web.forms.base import DeskForm, SettingsForm
from deskcore.web.forms.zones import zone_choices
from deskcore.web.numbers import whole
from deskcore.web.words import ROLE_HINTS, ROLE_NAMES


def role_choices(actor: Actor) -> list[tuple[str, str, str]]:
    """Return (role, name, what it may), without owner for those who cannot make owners."""
    keys = ROLES if actor.role == OWNER else ROLES[1:]
    return [(key, str(ROLE_NAMES[key]), str(ROLE_HINTS[key])) for key in keys]


class TeamsForm(DeskForm):
    """The teams somebody is in."""

    team_ids = SelectMultipleField(
        _("In these teams"),
        coerce=whole,
        description=_("Agents and viewers see the mailboxes of their teams."),
        validate_choice=False,
    )

    def offer(self, teams: Sequence[TeamRef]) -> None:
        """Offer these teams."""
        self.team_ids.choices = {str(team.id): team.name for team in teams}


class InviteForm(TeamsForm):
    """Whom to invite and as what."""

    name = StringField(
        _("Name"), [DataRequired(_("Enter a name; colleagues see it.")), Length(max=LONGEST_NAME)]
    )
    email = StringField(
        _("Mail address"),
        [DataRequired(_("Enter their mail address."))],
        description=_("They sign in with it."),
        render_kw={"type": "email", "autocomplete": "off", "spellcheck": "false"},
    )
    role = RadioField(_("Role"), default="agent", validate_choice=False)


class RoleForm(DeskForm):
    """Another role."""

    role = RadioField(_("What they may do"), validate_choice=False)


class TeamForm(DeskForm):
    """A team: its name and who is in it."""

    name = StringField(
        _("Name of the team"), [DataRequired(_("Give the team a name.")), Length(max=80)]
    )
    member_ids = SelectMultipleField(_("People"), coerce=whole, validate_choice=False)

    def offer(self, people: Sequence[Person]) -> None:
        """Offer everybody who may come in."""
        self.member_ids.choices = {
            str(person.id): person.name for person in people if person.state != "deactivated"
        }


class NewTeamForm(DeskForm):
    """The name of a new team."""

    name = StringField(
        _("Name of a new team"), [DataRequired(_("Give the team a name.")), Length(max=80)]
    )


def _languages() -> dict[str, str]:
    return {"": gettext("As the desk"), **LANGUAGES}


def _zones() -> dict[str, str]:
    return {"": gettext("As the desk"), **zone_choices()}


def _themes() -> dict[str, str]:
    return {
        "auto": gettext("As the device"),
        "light": gettext("Light"),
        "dark": gettext("Dark"),
    }


def _densities() -> dict[str, str]:
    return {
        "comfortable": gettext("Comfortable: three lines a ticket"),
        "cosy": gettext("Cosy: two lines"),
        "compact": gettext("Compact: one line"),
    }


class PreferencesForm(DeskForm):
    """How one person wants the desk."""

    name = StringField(
        _("Your name"),
        [DataRequired(_("Enter a name; colleagues see it.")), Length(max=LONGEST_NAME)],
        render_kw={"autocomplete": "name"},
    )
    language = SelectField(_("Language"), choices=_languages, validate_choice=False)
    time_zone = SelectField(_("Time zone"), choices=_zones, validate_choice=False)
    theme = RadioField(
        _("Colours"),
        choices=_themes,
        validate_choice=False,
    )
    density = RadioField(
        _("Size of lists"),
        choices=_densities,
        validate_choice=False,
    )
    has_shortcuts = BooleanField(
        _("Keyboard shortcuts"), description=_("Single keys such as j, k and r outside of fields.")
    )


class OwnPasswordForm(DeskForm):
    """One's own password, the old one first."""

    old = PasswordField(
        _("Present password"),
        [DataRequired(_("Enter your present password."))],
        render_kw={"autocomplete": "current-password"},
    )
    new = PasswordField(
        _("New password"),
        [DataRequired(_("Enter a password."))],
        description=PASSWORD_HINT,
        render_kw={"autocomplete": "new-password", "maxlength": MAX_LENGTH},
    )


def _senders() -> dict[str, str]:
    offered = {str(key): name for key, name in notice_sender.offered().items()}
    return {"0": gettext("The first mailbox that can send"), **offered}


def _sender(value: object) -> int:
    """Read which one; what is no number means the first, too."""
    try:
        return whole(str(value))
    except ValueError:
        return DeskSettings.own_mail_from


class CompulsoryForm(DeskForm):
    """Which roles do not come in without a second factor."""

    roles = SelectMultipleField(
        _("Needed by"),
        choices=lambda: [(key, str(name)) for key, name in ROLE_NAMES.items()],
        validate_choice=False,
    )


class DeskSettingsForm(SettingsForm):
    """What the desk is called, where and in which language it is."""

    name = StringField(
        _("Name of your shop"), [DataRequired(_("Give your shop a name.")), Length(max=80)]
    )
    time_zone = SelectField(
        _("Time zone"),
        choices=zone_choices,
        default=DeskSettings.time_zone,
        validate_choice=False,
    )
    language = SelectField(
        _("Language"),
        choices=dict(LANGUAGES),
        default=DeskSettings.language,
        description=_("For everybody who has not chosen one."),
        validate_choice=False,
    )
    own_mail_from = SelectField(
        _("The desk’s own mail goes out from"),
        choices=_senders,
        coerce=_sender,
        default=DeskSettings.own_mail_from,
        description=_("Invitations, links for new passwords, news of a changed password."),
        validate_choice=False,
    )
