"""The form of a saved reply: one text for each language of the desk."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField

from deskcore.api import LANGUAGES
from deskcore.api.data import teams
from deskcore.api.web import DeskForm, text_of, whole
from plugins.saved_replies.replies import SavedReply, Written


class SavedReplyForm(DeskForm):
    """Everything of one; the texts are added below, the status is drawn by the template."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext("By it colleagues find it, as “Return by post”."),
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    tags = StringField(
        lazy_gettext("Tags it adds to the ticket"),
        description=lazy_gettext("Separated by commas."),
        render_kw={"autocomplete": "off"},
    )
    after = StringField()
    team_ids = SelectMultipleField(
        lazy_gettext("Who may use it"),
        coerce=int,
        description=lazy_gettext("Everybody who answers, or the teams that are ticked."),
    )
    version = HiddenField()

    def offer_teams(self) -> None:
        """Let one choose among the teams there are."""
        self.team_ids.choices = [(team.id, team.name) for team in teams()]

    def texts(self) -> dict[str, str]:
        """Return the texts by language."""
        return {language: text_of(self[f"text_{language}"]) for language in LANGUAGES}

    def written(self) -> Written:
        """Return it as somebody wants it."""
        return Written(
            name=text_of(self.name),
            texts=self.texts(),
            tags=[part.strip() for part in text_of(self.tags).split(",")],
            status=text_of(self.after),
            team_ids=frozenset(self.team_ids.data or ()),
        )

    def seen_version(self) -> int:
        """Return which version of it the form was made from; 0 for one nobody can have."""
        try:
            return whole(self.version.data)
        except ValueError:
            return 0


for _code, _own_name in LANGUAGES.items():
    setattr(
        SavedReplyForm,
        f"text_{_code}",
        TextAreaField(
            lazy_gettext("Text: %(language)s", language=_own_name),
            render_kw={"rows": 6, "dir": "auto", "lang": _code},
        ),
    )


def form_of(reply: SavedReply | None = None) -> SavedReplyForm:
    """Return the form of a new one, or of one that is there; what was posted stands in it."""
    given: dict[str, object] = {}
    if reply is not None:
        given = {f"text_{language}": text for language, text in reply.texts.items()}
        given |= {
            "name": reply.name,
            "tags": ", ".join(reply.tags),
            "after": reply.status,
            "team_ids": sorted(reply.team_ids),
            "version": reply.version,
        }
    form = SavedReplyForm(data=given)
    form.offer_teams()
    return form
