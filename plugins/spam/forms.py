"""The form of a ban."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from deskcore.api.web import DeskForm
from plugins.spam.bans import LONGEST_REASON


class BanForm(DeskForm):
    """Whom and why."""

    who = StringField(
        lazy_gettext("Address or domain"),
        [InputRequired(lazy_gettext("Write an address or a domain."))],
        description=lazy_gettext(
            "ann@shop.example bans one address, shop.example everybody there."
        ),
        render_kw={"autocapitalize": "none", "spellcheck": "false", "autocomplete": "off"},
    )
    reason = StringField(
        lazy_gettext("Why"),
        [
            InputRequired(lazy_gettext("Say why; colleagues will wonder.")),
            Length(max=LONGEST_REASON),
        ],
        description=lazy_gettext(
            "Colleagues read it on every ticket of this sender; customers never do."
        ),
    )
