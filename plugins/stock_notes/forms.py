"""The forms of the plugin: small ones beside a ticket, and those of pages."""

from __future__ import annotations

from datetime import date

from flask_babel import lazy_gettext
from wtforms import Field, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField

from deskcore.api import LANGUAGES, Invalid, Problem, _
from deskcore.api.web import DeskForm, text_of, whole
from plugins.stock_notes.lists import DAYS, KINDS, Written
from plugins.stock_notes.settings import LONGEST
from plugins.stock_notes.waits import Wish


class NoteForm(DeskForm):
    """A note on a product."""

    product = HiddenField()
    body = TextAreaField(lazy_gettext("Note"), render_kw={"rows": 2, "dir": "auto"})
    place = StringField(lazy_gettext("Place"), render_kw={"maxlength": 120})


class WaitForm(DeskForm):
    """What the customer of a ticket waits for; ``words`` is something that nobody sells."""

    product = HiddenField()
    words = StringField(lazy_gettext("What they ask for"), render_kw={"maxlength": 150})
    place = StringField(lazy_gettext("Place"), render_kw={"maxlength": 120})
    amount = StringField(
        lazy_gettext("How many"), default="1", render_kw={"inputmode": "numeric", "maxlength": 5}
    )
    until = StringField(lazy_gettext("Until"), render_kw={"type": "date"})

    def wish(self, key: str) -> Wish:
        """Return what is wished for; raises Invalid."""
        return Wish(
            product=key,
            place=text_of(self.place).replace("\x00", ""),
            amount=number_in(self.amount) if text_of(self.amount) else 1,
            until=day_in(self.until),
        )


class MoveForm(DeskForm):
    """Where a card goes; ``version`` is the one that the page showed."""

    lane = HiddenField()
    version = HiddenField()
    expected = StringField(lazy_gettext("Expected"), render_kw={"type": "date"})

    def seen(self) -> int:
        """Return the version of the page; 0 for one that nobody can have."""
        try:
            return whole(self.version.data)
        except ValueError:
            return 0


class TellForm(DeskForm):
    """What those who wait are told, by language; ``count`` is how many the page showed."""

    count = HiddenField()

    def texts(self) -> dict[str, str]:
        """Return the texts by language, as typed."""
        return {
            language: text_of(self[f"text_{language}"]).replace("\x00", "")
            for language in LANGUAGES
        }

    def expected(self) -> int:
        """Return how many the page showed."""
        try:
            return whole(self.count.data)
        except ValueError:
            return 0


for _code, _own_name in LANGUAGES.items():
    setattr(
        TellForm,
        f"text_{_code}",
        TextAreaField(
            lazy_gettext("Text: %(language)s", language=_own_name),
            render_kw={"rows": 7, "dir": "auto", "lang": _code, "maxlength": LONGEST},
        ),
    )


class ListForm(DeskForm):
    """A list that is gone through on some days."""

    name = StringField(lazy_gettext("Name"), render_kw={"maxlength": 120, "autocomplete": "off"})
    kind = SelectField(lazy_gettext("What for"))
    place = StringField(
        lazy_gettext("Place"),
        description=lazy_gettext("Empty for a shop of one place."),
        render_kw={"maxlength": 120},
    )
    days = SelectMultipleField(lazy_gettext("On which days"))
    items = TextAreaField(
        lazy_gettext("What is to be done"),
        description=lazy_gettext(
            "One thing a line. What was ticked before stays in the days gone by."
        ),
        render_kw={"rows": 8, "dir": "auto"},
    )
    version = HiddenField()

    def offer(self) -> None:
        """Let one choose, in the reader's words."""
        self.kind.choices = [(key, _(label)) for key, label in KINDS.items()]
        self.days.choices = [(key, _(label)) for key, label in DAYS.items()]

    def written(self) -> Written:
        """Return it as somebody wants it."""
        return Written(
            name=text_of(self.name),
            kind=text_of(self.kind),
            place=text_of(self.place),
            days="".join(sorted(self.days.data or ())),
            items=tuple(text_of(self.items).splitlines()),
        )

    def seen(self) -> int:
        """Return which version of it the form was made from."""
        try:
            return whole(self.version.data)
        except ValueError:
            return 0


def number_in(field: Field) -> int:
    """Read a whole number; raises Invalid."""
    try:
        return whole(text_of(field))
    except ValueError:
        message = _("Enter a whole number.")
        raise Invalid([Problem(field=field.name, message=message)]) from None


def day_in(field: Field) -> date | None:
    """Read a day; None for nothing. Raises Invalid."""
    typed = text_of(field).strip()
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        message = _("Enter a day as 2026-12-24.")
        raise Invalid([Problem(field=field.name, message=message)]) from None
