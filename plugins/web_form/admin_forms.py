"""The forms with which forms are built: their properties, and one field of them."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext
from wtforms import (
    BooleanField,
    HiddenField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)

from deskcore.api import LANGUAGES, N_, Actor, _
from deskcore.api.data import mailboxes, teams
from deskcore.api.web import DeskForm, text_of, whole
from plugins.web_form.building import TEXTS, Properties
from plugins.web_form.fields import Wanted, deciders
from plugins.web_form.shapes import BUILT_IN, CHOOSING, HELP, KINDS, YES, Condition, Field, Form

_ALWAYS = ""
_ACCEPTS = {
    "any": N_("Any file; phones offer the camera, too"),
    "photos": N_("Photos, taken now or before"),
    "camera": N_("Phones open the camera at once"),
}


class NewFormForm(DeskForm):
    """Only a name: everything else has a value that works."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext("By it colleagues find it, as “Returns”."),
        render_kw={"maxlength": 80, "autocomplete": "off"},
    )


class PropertiesForm(DeskForm):
    """A form's properties; its texts are added below, one for each language."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext("For colleagues, and for customers while it has no title."),
        render_kw={"maxlength": 80, "autocomplete": "off"},
    )
    slug = StringField(
        lazy_gettext("Address"),
        description=lazy_gettext(
            "The last part of its web address. Links and codes with the old one stop working."
        ),
        render_kw={"maxlength": 40, "autocomplete": "off", "spellcheck": "false"},
    )
    is_on = BooleanField(lazy_gettext("Customers can open it"))
    is_first = BooleanField(lazy_gettext("The help page offers it"))
    mailbox_id = SelectField(
        lazy_gettext("Mailbox"),
        description=lazy_gettext("Its messages arrive there, and are answered from there."),
    )
    team_id = SelectField(lazy_gettext("Team"))
    tags = StringField(
        lazy_gettext("Tags for its tickets"),
        description=lazy_gettext("Separated by commas."),
        render_kw={"autocomplete": "off"},
    )
    languages = SelectMultipleField(
        lazy_gettext("Languages"),
        description=lazy_gettext("The first of them is shown to whoever reads none of them."),
        choices=dict(LANGUAGES),
    )
    sites = TextAreaField(
        lazy_gettext("Sites that may show it inside their pages"),
        description=lazy_gettext(
            "One in a line, as https://shop.example. Browsers refuse it to every other site."
        ),
        render_kw={"rows": 3, "spellcheck": "false", "dir": "ltr"},
    )
    version = HiddenField()

    def offer(self, actor: Actor) -> None:
        """Let one choose among the mailboxes and teams there are."""
        known = {str(each.id): each.name for each in mailboxes(actor)}
        self.mailbox_id.choices = {"0": _("The first one"), **known}
        groups = {str(each.id): each.name for each in teams()}
        self.team_id.choices = {"0": _("None"), **groups}

    def texts_of(self, language: str) -> Iterator[StringField]:
        """Yield the fields with the texts of a language."""
        for name in TEXTS:
            yield self[f"{name}_{language}"]

    def wanted(self) -> Properties:
        """Return the properties as somebody wants them."""
        return Properties(
            name=text_of(self.name),
            slug=text_of(self.slug),
            is_on=bool(self.is_on.data),
            is_first=bool(self.is_first.data),
            mailbox_id=int(self.mailbox_id.data or 0),
            team_id=int(self.team_id.data or 0),
            tags=[part.strip() for part in text_of(self.tags).split(",")],
            languages=list(self.languages.data or ()),
            texts={
                name: {code: text_of(self[f"{name}_{code}"]) for code in LANGUAGES}
                for name in TEXTS
            },
            sites=text_of(self.sites).splitlines(),
        )

    def seen_version(self) -> int:
        """Return which version the form was made from; 0 for one nobody can have."""
        try:
            return whole(self.version.data)
        except ValueError:
            return 0


_SAYS = {
    "title": lazy_gettext("Title"),
    "intro": lazy_gettext("Introduction"),
    "thanks": lazy_gettext("Thanks after sending"),
    "button": lazy_gettext("Words on the button"),
}
for _code in LANGUAGES:
    for _name, _label in _SAYS.items():
        _long = _name in {"intro", "thanks"}
        setattr(
            PropertiesForm,
            f"{_name}_{_code}",
            (TextAreaField if _long else StringField)(
                _label, render_kw={"dir": "auto", "lang": _code, **({"rows": 3} if _long else {})}
            ),
        )


class NewFieldForm(DeskForm):
    """The kind of a new field, and what it asks for."""

    kind = SelectField(lazy_gettext("Kind"))
    label = StringField(
        lazy_gettext("What it asks for"), render_kw={"maxlength": 200, "autocomplete": "off"}
    )

    def offer(self) -> None:
        """Let one choose among the kinds there are."""
        self.kind.choices = {kind: _(label) for kind, label in KINDS.items()}


class FieldForm(DeskForm):
    """One field of a form; its words are added below, for each language."""

    is_required = BooleanField(lazy_gettext("It must be filled in"))
    accepts = SelectField(lazy_gettext("Files it takes"), default="any")
    when = SelectField(lazy_gettext("Shown"), default=_ALWAYS)

    def offer(self, form: Form, field: Field, language: str) -> None:
        """Let one choose when it is shown, in sentences; leave out what its kind does not have."""
        sentences = {_ALWAYS: _("Always")}
        for decider in deciders(form, field):
            values = [YES] if decider.kind == "consent" else [e.value for e in decider.choices]
            for value in values:
                condition = Condition(key=decider.key, value=value)
                shown = Field(key="", kind="text", when=condition)
                sentences[f"{decider.key}={value}"] = form.sentence(shown, language)
        self.when.choices = sentences
        if len(sentences) == 1:
            del self.when
        self.accepts.choices = {kind: _(says) for kind, says in _ACCEPTS.items()}
        if field.kind != "file":
            del self.accepts
        for code in LANGUAGES:
            if field.kind not in CHOOSING or code not in form.languages:
                del self[f"choices_{code}"]
            if code not in form.languages:
                del self[f"label_{code}"]
                del self[f"help_{code}"]
            elif field.key in BUILT_IN:
                self[f"label_{code}"].render_kw = {
                    **self[f"label_{code}"].render_kw,
                    "placeholder": _(BUILT_IN[field.key]),
                }
                own_help = HELP.get(field.key, "")
                if own_help:
                    self[f"help_{code}"].render_kw = {
                        **self[f"help_{code}"].render_kw,
                        "placeholder": _(own_help),
                    }

    def wanted(self) -> Wanted:
        """Return the field as somebody wants it."""
        key, _equals, value = (
            str(self.when.data or "").partition("=") if self.when else ("", "", "")
        )
        return Wanted(
            label=self._by_language("label"),
            help=self._by_language("help"),
            is_required=bool(self.is_required.data),
            choices={
                code: text.splitlines() for code, text in self._by_language("choices").items()
            },
            accepts=str(self.accepts.data or "any") if self.accepts else "any",
            when=Condition(key=key, value=value) if key else None,
        )

    def _by_language(self, name: str) -> dict[str, str]:
        return {
            code: text_of(self[f"{name}_{code}"]) for code in LANGUAGES if f"{name}_{code}" in self
        }


for _code, _own_name in LANGUAGES.items():
    _kw = {"dir": "auto", "lang": _code}
    _about = {"language": _own_name}
    setattr(
        FieldForm,
        f"label_{_code}",
        StringField(
            lazy_gettext("What it asks for: %(language)s", **_about),
            render_kw={**_kw, "maxlength": 200, "autocomplete": "off"},
        ),
    )
    setattr(
        FieldForm,
        f"help_{_code}",
        StringField(
            lazy_gettext("What helps to answer: %(language)s", **_about),
            render_kw={**_kw, "maxlength": 500, "autocomplete": "off"},
        ),
    )
    setattr(
        FieldForm,
        f"choices_{_code}",
        TextAreaField(
            lazy_gettext("Choices, one in a line: %(language)s", **_about),
            render_kw={**_kw, "rows": 4},
        ),
    )


def properties_of(form: Form, actor: Actor) -> PropertiesForm:
    """Return the form of a form's properties; what was posted stands in it."""
    given: dict[str, object] = {
        f"{name}_{code}": text
        for name, by_language in form.texts.items()
        for code, text in by_language.items()
    }
    given |= {
        "name": form.name,
        "slug": form.slug,
        "is_on": form.is_on,
        "is_first": form.is_first,
        "mailbox_id": str(form.mailbox_id),
        "team_id": str(form.team_id),
        "tags": ", ".join(form.tags),
        "languages": list(form.languages),
        "sites": "\n".join(form.sites),
        "version": form.version,
    }
    made = PropertiesForm(data=given)
    made.offer(actor)
    return made


def new_field_form() -> NewFieldForm:
    """Return the form of a new field."""
    made = NewFieldForm()
    made.offer()
    return made


def form_of_field(form: Form, field: Field, language: str) -> FieldForm:
    """Return the form of a field; what was posted stands in it."""
    given: dict[str, object] = {"is_required": field.is_required, "accepts": field.accepts}
    if field.when is not None:
        given["when"] = f"{field.when.key}={field.when.value}"
    for code in LANGUAGES:
        given[f"label_{code}"] = field.label.get(code, "")
        given[f"help_{code}"] = field.help.get(code, "")
        lines = [each.texts.get(code, "") for each in field.choices]
        if code == form.languages[0]:
            lines = [form.choice_text(each, code) for each in field.choices]
        given[f"choices_{code}"] = "\n".join(filter(None, lines))
    made = FieldForm(data=given)
    made.offer(form, field, language)
    return made
