"""The form of an offer: what, to whom, when; its words in each language of the desk."""

from __future__ import annotations

import re
from datetime import date

from flask_babel import lazy_gettext
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField

from deskcore.api import LANGUAGES, Invalid, Problem, _
from deskcore.api.web import DeskForm, text_of, whole
from plugins.cross_sell.offer import Offer, Words, Written

_DAY = re.compile(r"(\d{1,2})-(\d{1,2})")
_LEAP = 2024  # has a 29th of February


class OfferForm(DeskForm):
    """Everything of one; the texts are added below."""

    name = StringField(
        lazy_gettext("Name"),
        description=lazy_gettext("By it colleagues find it, as “Descaler with a kettle”."),
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    what = SelectField(
        lazy_gettext("What is offered"),
        choices=lambda: [
            ("product", _("one product")),
            ("category", _("what fits, of a category")),
            ("tag", _("what fits, with a tag")),
        ],
    )
    value = StringField(
        lazy_gettext("Its number (SKU), category or tag"),
        render_kw={"maxlength": 120, "autocomplete": "off"},
    )
    fits = StringField(
        lazy_gettext("Only with these products"),
        description=lazy_gettext(
            "Numbers (SKU), separated by commas. Empty: with whatever it fits, as the catalogue says."
        ),
        render_kw={"autocomplete": "off"},
    )
    customer_tag = StringField(
        lazy_gettext("Only for customers with this tag"),
        description=lazy_gettext("One of their tickets bears it, as “wholesale”."),
        render_kw={"maxlength": 60, "autocomplete": "off"},
    )
    starts_on = StringField(lazy_gettext("First day"), render_kw={"type": "date"})
    ends_on = StringField(lazy_gettext("Last day"), render_kw={"type": "date"})
    season_from = StringField(
        lazy_gettext("Season from"),
        description=lazy_gettext("Month-day, every year, as 11-15."),
        render_kw={"maxlength": 5, "autocomplete": "off"},
    )
    season_to = StringField(
        lazy_gettext("Season to"),
        description=lazy_gettext("The last day, as 01-31. It may be in the next year."),
        render_kw={"maxlength": 5, "autocomplete": "off"},
    )
    stock_needed = StringField(
        lazy_gettext("How many have to be in stock"),
        description=lazy_gettext("In all places together. What nobody has counted is not offered."),
        render_kw={"inputmode": "numeric", "maxlength": 7, "autocomplete": "off"},
    )
    code = StringField(
        lazy_gettext("Code"),
        description=lazy_gettext("What the customer says or types, if there is one."),
        render_kw={"maxlength": 60, "autocomplete": "off"},
    )
    url = StringField(
        lazy_gettext("Where its link leads"),
        description=lazy_gettext("Empty: to the page of the product, if the catalogue knows one."),
        render_kw={"maxlength": 2000, "autocomplete": "off", "inputmode": "url"},
    )
    is_on = BooleanField(lazy_gettext("It is made from now on"))
    version = HiddenField()

    def written(self) -> Written:
        """Return it as somebody wants it; raises Invalid for what is no day or number."""
        problems: list[Problem] = []
        days = {name: self._date(name, problems) for name in ("starts_on", "ends_on")}
        season = {name: self._season(name, problems) for name in ("season_from", "season_to")}
        try:
            stock = whole(text_of(self.stock_needed).strip() or "1")
        except ValueError:
            stock = 0  # which is refused in words where the rest is
        if problems:
            raise Invalid(problems)
        return Written(
            name=text_of(self.name),
            what=self.what.data,
            value=text_of(self.value),
            fits=tuple(text_of(self.fits).split(",")),
            customer_tag=text_of(self.customer_tag),
            code=text_of(self.code),
            url=text_of(self.url),
            is_on=bool(self.is_on.data),
            texts=self._texts(),
            stock_needed=stock,
            starts_on=days["starts_on"],
            ends_on=days["ends_on"],
            season_from=season["season_from"],
            season_to=season["season_to"],
        )

    def seen_version(self) -> int:
        """Return which version of it the form was made from; 0 for one nobody can have."""
        try:
            return whole(self.version.data)
        except ValueError:
            return 0

    def _texts(self) -> dict[str, Words]:
        return {
            language: Words(
                body=text_of(self[f"text_{language}"]), terms=text_of(self[f"terms_{language}"])
            )
            for language in LANGUAGES
        }

    def _date(self, name: str, problems: list[Problem]) -> date | None:
        typed = text_of(self[name]).strip()
        try:
            return date.fromisoformat(typed) if typed else None
        except ValueError:
            message = _("Enter a day as year-month-day, for example 2026-01-31.")
            problems.append(Problem(field=name, message=message))
        return None

    def _season(self, name: str, problems: list[Problem]) -> int:
        typed = text_of(self[name]).strip()
        if not typed:
            return 0
        found = _DAY.fullmatch(typed)
        try:
            day = date(_LEAP, int(found[1]), int(found[2])) if found else None
        except ValueError:
            day = None
        if day is None:
            message = _("Enter a day of the year as month-day, for example 11-15.")
            problems.append(Problem(field=name, message=message))
        return day.month * 100 + day.day if day else 0


for _code, _own_name in LANGUAGES.items():
    for _field, _label, _rows in (
        ("text", lazy_gettext("Text: %(language)s", language=_own_name), 5),
        ("terms", lazy_gettext("Terms: %(language)s", language=_own_name), 2),
    ):
        _look = {"rows": _rows, "dir": "auto", "lang": _code}
        setattr(OfferForm, f"{_field}_{_code}", TextAreaField(_label, render_kw=_look))


def form_of(offer: Offer | None = None) -> OfferForm:
    """Return the form of a new one, or of one that is there; what was posted stands in it."""
    if offer is None:
        return OfferForm(data={"is_on": True, "stock_needed": "1", "what": "product"})
    given: dict[str, object] = {f"text_{lang}": words.body for lang, words in offer.texts.items()}
    given |= {f"terms_{lang}": words.terms for lang, words in offer.texts.items()}
    plain = ("name", "what", "value", "customer_tag", "code", "url", "is_on", "version")
    given |= {name: getattr(offer, name) for name in plain}
    given |= {
        "fits": ", ".join(offer.fits),
        "stock_needed": str(offer.stock_needed),
        "starts_on": offer.starts_on.isoformat() if offer.starts_on else "",
        "ends_on": offer.ends_on.isoformat() if offer.ends_on else "",
        "season_from": season_text(offer.season_from),
        "season_to": season_text(offer.season_to),
    }
    return OfferForm(data=given)


def season_text(day: int) -> str:
    """Write a day of a season as the form has it."""
    return f"{day // 100:02}-{day % 100:02}" if day else ""
