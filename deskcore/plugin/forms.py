"""Forms made from settings classes: nobody writes a settings page by hand."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from wtforms import (
    BooleanField,
    Field,
    FloatField,
    Form,
    IntegerField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import TextInput

from deskcore.errors import Invalid
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import Bound, Kind, PluginSettings, SettingField, Value, fields
from deskcore.plugin.stored import check

_S = TypeVar("_S", bound=PluginSettings)
_Rule = Callable[..., None]

_UNIT_SECONDS = {"s": 1, "min": 60, "h": 3600, "d": 86400}
_LONGEST = 30  # signs of a whole number; "NumberRange" fails at what is no float
_DURATION = re.compile(r"\s*(\d{1,7}(?:[.,]\d{1,3})?)\s*(s|min|h|d)?\s*\Z")


class DurationField(Field):
    """A length of time as people write it: ``30 s``, ``5 min``, ``2 h``, ``1 d``."""

    widget = TextInput()
    data: timedelta | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return spoken_duration(self.data) if self.data is not None else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value; a bare number counts seconds."""
        if not valuelist or not valuelist[0].strip():
            self.data = None
            return
        match = _DURATION.match(valuelist[0])
        if match is None:
            self.data = None
            raise ValueError(self.gettext("Write a time such as 30 s, 5 min or 2 h."))
        number = float(match[1].replace(",", "."))
        self.data = timedelta(seconds=number * _UNIT_SECONDS[match[2] or "s"])


class WholeField(IntegerField):
    """A whole number; one that is too long for any bound to be compared with is none."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the first value."""
        super().process_formdata([text if len(text) < _LONGEST else "" for text in valuelist[:1]])


class _DurationRange:
    """Bounds of a length of time; ``NumberRange`` knows numbers only."""

    def __init__(self, least: Bound, most: Bound) -> None:
        self.least, self.most = least, most

    def __call__(self, _form: Form, field: Field) -> None:
        if field.data is None:
            return
        if isinstance(self.least, timedelta) and field.data < self.least:
            raise ValidationError(
                field.gettext("Must be at least %(least)s.")
                % {"least": spoken_duration(self.least)}
            )
        if isinstance(self.most, timedelta) and field.data > self.most:
            raise ValidationError(
                field.gettext("Must be at most %(most)s.") % {"most": spoken_duration(self.most)}
            )


_FIELD_BY_KIND: dict[Kind, type[Field]] = {
    "text": StringField,
    "whole": WholeField,
    "switch": BooleanField,
    "number": FloatField,
    "duration": DurationField,
    "secret": PasswordField,
}


def form_for(
    settings: type[PluginSettings],
    *,
    current: PluginSettings | None = None,
    base: type[Form] = Form,
) -> type[Form]:
    """Make the form class of a settings class.

    *current* are the values stored now: a secret that is stored may be left empty, which means
    unchanged. *base* is the desk's form class, which brings CSRF and translations.
    """
    members = {field.name: _form_field(field, current) for field in fields(settings)}
    return type(f"{settings.__name__}Form", (base,), members)


def form_values(settings: PluginSettings) -> dict[str, Value]:
    """Give the values a form starts with (``data=``); secrets are never among them."""
    return {
        field.name: getattr(settings, field.name) for field in fields(settings) if not field.secret
    }


def from_form(cls: type[_S], form: Form, *, current: PluginSettings | None = None) -> _S:
    """Build settings from a validated form; an empty secret keeps that of *current*.

    Raises ``Invalid`` when ``check`` objects, so rules between fields hold here too.
    """
    values: dict[str, Value] = {}
    for field in fields(cls):
        entered = form[field.name].data
        if field.secret:
            stored = getattr(current, field.name, Secret())
            values[field.name] = Secret(entered) if entered else stored
        else:
            values[field.name] = field.default if entered is None else entered
    settings = cls(**values)
    if problems := check(settings):
        raise Invalid(problems)
    return settings


def spoken_duration(length: timedelta) -> str:
    """Write a length of time in the largest unit that divides it."""
    seconds = length.total_seconds()
    for unit in ("d", "h", "min"):
        if seconds and seconds % _UNIT_SECONDS[unit] == 0:
            return f"{seconds / _UNIT_SECONDS[unit]:g} {unit}"
    return f"{seconds:g} s"


def _form_field(field: SettingField, current: PluginSettings | None) -> Field:
    is_stored = field.secret and bool(getattr(current, field.name, None))
    default = None if field.secret or field.required else field.default
    rules = _rules(field, is_stored=is_stored)
    if field.choices:
        return SelectField(
            label=field.label,
            description=field.help,
            default=default,
            validators=rules,
            choices=dict(field.choices),
        )
    kind = TextAreaField if field.multiline else _FIELD_BY_KIND[field.kind]
    return kind(
        label=field.label,
        description=field.help,
        default=default,
        validators=rules,
        render_kw=_attributes(field, is_stored=is_stored),
    )


def _attributes(field: SettingField, *, is_stored: bool) -> dict[str, str]:
    if not field.secret:
        return {}
    attributes = {"autocomplete": "new-password"}
    if is_stored:
        attributes["placeholder"] = "unchanged"
    return attributes


def _rules(field: SettingField, *, is_stored: bool) -> list[_Rule]:
    needs_input = field.required and not is_stored and field.kind != "switch"
    rules: list[_Rule] = [InputRequired() if needs_input else Optional()]
    if field.min is None and field.max is None:
        return rules
    if field.kind == "duration":
        rules.append(_DurationRange(field.min, field.max))
    elif field.kind in {"text", "secret"}:
        rules.append(Length(min=_whole(field.min), max=_whole(field.max)))
    else:
        rules.append(NumberRange(min=_number(field.min), max=_number(field.max)))
    return rules


def _whole(bound: Bound) -> int:
    """Write a length bound as ``Length`` wants it: -1 means none."""
    return bound if isinstance(bound, int) else -1


def _number(bound: Bound) -> float | None:
    return None if isinstance(bound, timedelta) else bound
