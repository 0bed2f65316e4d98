"""The forms of reviews: an answer, a comment, a review that is pasted in, a text, the settings."""

from __future__ import annotations

from flask_babel import lazy_gettext
from wtforms import HiddenField, IntegerField, SelectField, StringField, TextAreaField

from deskcore.api import LANGUAGES
from deskcore.api.web import DeskForm, text_of, whole
from plugins.reviews.answers import Press
from plugins.reviews.inbox import Shown
from plugins.reviews.texts import Text


class AnswerForm(DeskForm):
    """The words of an answer, and which version of them was read."""

    words = TextAreaField(
        lazy_gettext("Answer"), render_kw={"rows": 8, "dir": "auto", "data-key": "r"}
    )
    version = HiddenField()

    def press(self, number: int) -> Press:
        """Return what was pressed."""
        return Press(number=number, version=_whole(self.version), words=text_of(self.words))


class CommentForm(DeskForm):
    """Why an answer goes back to whoever wrote it."""

    comment = TextAreaField(
        lazy_gettext("What has to be mended"), render_kw={"rows": 2, "dir": "auto"}
    )
    version = HiddenField()

    def press(self, number: int) -> Press:
        """Return what was pressed."""
        return Press(number=number, version=_whole(self.version))


class RefusedForm(DeskForm):
    """What a site said that did not take an answer."""

    told = StringField(
        lazy_gettext("What the site said"), render_kw={"maxlength": 1000, "dir": "auto"}
    )


class PasteForm(DeskForm):
    """A review that somebody copies from a site."""

    site = SelectField(lazy_gettext("Site"), coerce=int)
    stars = SelectField(
        lazy_gettext("Stars"),
        choices={"": "–", "5": "5", "4": "4", "3": "3", "2": "2", "1": "1"},
    )
    author = StringField(
        lazy_gettext("Author"), render_kw={"maxlength": 300, "autocomplete": "off"}
    )
    email = StringField(
        lazy_gettext("Mail address, if you know it"),
        render_kw={"maxlength": 320, "type": "email", "autocomplete": "off"},
    )
    title = StringField(lazy_gettext("Title"), render_kw={"maxlength": 300, "dir": "auto"})
    text = TextAreaField(lazy_gettext("What it says"), render_kw={"rows": 6, "dir": "auto"})
    product = StringField(lazy_gettext("Product"), render_kw={"maxlength": 300})
    link = StringField(
        lazy_gettext("Address of the review"), render_kw={"maxlength": 1000, "inputmode": "url"}
    )
    date = StringField(lazy_gettext("Date"), render_kw={"type": "date"})


class TextForm(DeskForm):
    """A text to begin answers with."""

    name = StringField(lazy_gettext("Name"), render_kw={"maxlength": 120, "autocomplete": "off"})
    least = IntegerField(lazy_gettext("From stars"), default=1, render_kw={"min": 1, "max": 5})
    most = IntegerField(lazy_gettext("To stars"), default=5, render_kw={"min": 1, "max": 5})
    language = SelectField(lazy_gettext("Language"))
    words = TextAreaField(
        lazy_gettext("Text"),
        description=lazy_gettext(
            "{{reviews.author}}, {{reviews.product}} and {{reviews.stars}} are filled in."
        ),
        render_kw={"rows": 8, "dir": "auto"},
    )
    version = HiddenField()

    def text(self, text_id: int = 0) -> Text:
        """Return it as somebody wants it."""
        return Text(
            id=text_id,
            name=text_of(self.name).strip(),
            least=self.least.data or 0,
            most=self.most.data or 0,
            language=text_of(self.language),
            words=text_of(self.words).replace("\r\n", "\n").strip(),
            version=_whole(self.version),
        )


def answer_form(review: Shown | None = None, words: str = "") -> AnswerForm:
    """Return the form of an answer; what was posted stands in it."""
    if review is None:
        return AnswerForm()
    return AnswerForm(data={"words": words or review.words, "version": review.version})


def text_form(text: Text | None = None) -> TextForm:
    """Return the form of a text."""
    names = ("name", "least", "most", "language", "words", "version")
    given = {name: getattr(text, name) for name in names} if text else {}
    form = TextForm(data=given)
    form.language.choices = [("", lazy_gettext("Any")), *LANGUAGES.items()]
    return form


def _whole(field: HiddenField) -> int:
    try:
        return whole(field.data or 0)
    except ValueError:
        return -1
