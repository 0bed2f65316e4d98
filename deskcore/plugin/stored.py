"""Settings to plain JSON and back: lenient when read, strict when written."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import timedelta
from typing import TypeVar

from deskcore.errors import Invalid, Problem
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import PluginSettings, SettingField, Value, fields

Json = str | int | float | bool

_S = TypeVar("_S", bound=PluginSettings)
_SCALARS: dict[str, type | tuple[type, ...]] = {
    "text": str,
    "choice": str,
    "whole": int,
    "switch": bool,
    "number": (int, float),
}


def load(cls: type[_S], data: Mapping[str, object]) -> _S:
    """Read settings from stored values, secrets among them.

    Never raises: unknown keys are ignored, and a value that is missing or of no use becomes the
    default (an empty one where the field is required), so an old desk can start with any data.
    """
    values: dict[str, Value] = {}
    for field in fields(cls):
        value = _from_json(field, data.get(field.name))
        values[field.name] = field.default if value is None else value
    return cls(**values)


def dump(settings: PluginSettings, kept: Mapping[str, object] | None = None) -> dict[str, object]:
    """Write settings as plain JSON values, without secrets.

    *kept* is what is stored now: its unknown keys are carried over, so that going back to an
    older or newer version of a plugin loses nothing. Raises ``Invalid`` when ``check`` objects.
    """
    known = {field.name for field in fields(settings)}
    unknown = {key: value for key, value in (kept or {}).items() if key not in known}
    plain, _ = split_secrets(settings)
    return {**unknown, **plain}


def split_secrets(settings: PluginSettings) -> tuple[dict[str, Json], dict[str, str]]:
    """Write settings as (plain values, secrets to encrypt); raises ``Invalid`` as ``dump``."""
    problems = check(settings)
    if problems:
        raise Invalid(problems)
    plain: dict[str, Json] = {}
    secrets: dict[str, str] = {}
    for field in fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, Secret):
            secrets[field.name] = value.stored
        else:
            plain[field.name] = value.total_seconds() if isinstance(value, timedelta) else value
    return plain, secrets


def check(settings: PluginSettings) -> list[Problem]:
    """Say everything that is wrong: each field by its declaration, then ``problems()``."""
    found = [
        Problem(field=field.name, message=message)
        for field in fields(settings)
        if (message := _objection(field, getattr(settings, field.name)))
    ]
    return found or list(settings.problems())


def _from_json(field: SettingField, raw: object) -> Value | None:
    """Turn one stored value into the field's type; None when that is not possible."""
    value: Value | None = None
    if field.kind == "duration":
        if isinstance(raw, (int, float)) and not isinstance(raw, bool) and math.isfinite(raw):
            value = timedelta(seconds=raw) if abs(raw) < timedelta.max.total_seconds() else None
    elif field.kind == "secret":
        value = Secret(raw) if isinstance(raw, str) else None
    elif field.kind == "number":
        if isinstance(raw, (int, float)) and not isinstance(raw, bool):
            value = float(raw)
    elif _is_scalar(field, raw):
        value = raw  # type: ignore[assignment]  # _is_scalar has looked at its type
    return value if value is not None and not _objection(field, value) else None


def _is_scalar(field: SettingField, value: object) -> bool:
    if isinstance(value, bool) and field.kind != "switch":
        return False
    return isinstance(value, _SCALARS[field.kind])


def _objection(field: SettingField, value: object) -> str:
    """Say what is wrong with one value; empty when nothing is."""
    if not _fits(field, value):
        return f"{field.label}: this is not a value this setting can take."
    if field.required and value in ("", Secret()):
        return f"{field.label}: please fill this in."
    if field.choices and value not in {choice for choice, _ in field.choices}:
        return f"{field.label}: please choose one of the values offered."
    return _out_of_bounds(field, value)


def _fits(field: SettingField, value: object) -> bool:
    if field.kind == "secret":
        return isinstance(value, Secret) and "\0" not in value.stored
    if field.kind == "duration":
        return isinstance(value, timedelta)
    if isinstance(value, str) and "\0" in value:
        return False
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return _is_scalar(field, value)


def _out_of_bounds(field: SettingField, value: object) -> str:
    text = value.stored if isinstance(value, Secret) else value
    measure = len(text) if isinstance(text, str) else text
    unit = " characters" if isinstance(text, str) else ""
    for bound, is_over, words in (
        (field.min, False, "at least"),
        (field.max, True, "at most"),
    ):
        if bound is None or measure == bound:
            continue
        if (measure > bound) is is_over:  # type: ignore[operator]  # bounds have the field's type
            return f"{field.label}: must be {words} {_spoken(bound)}{unit}."
    return ""


def _spoken(bound: float | timedelta) -> str:
    if isinstance(bound, timedelta):
        return f"{bound.total_seconds():g} seconds"
    return f"{bound:g}" if isinstance(bound, float) else str(bound)
