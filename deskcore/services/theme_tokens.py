"""Reads the tokens of a theme.

Values come from files that strangers write and are put into a style sheet, so each is read into
what it means and written anew: nothing of a theme's own text gets into the sheet.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from deskcore.domain.colours import Oklch, from_hex, to_hex
from deskcore.domain.tokens import FONTS, TOKENS, TokenKind, TokenLayer, TokenRule
from deskcore.errors import Invalid, Problem
from deskcore.i18n import _

_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,6})?)"
_OKLCH = re.compile(rf"oklch\( *{_NUMBER}(%?) +{_NUMBER} +{_NUMBER} *\)", re.ASCII)
_LENGTH = re.compile(rf"{_NUMBER}(rem|px)", re.ASCII)
_HUGE = 1_000
_PIXELS = 16  # in one rem, where the reader has not chosen another size


def read_tokens(tables: Mapping[str, Mapping[str, object]]) -> TokenLayer:
    """Read the ``[tokens.both]``, ``[tokens.light]`` and ``[tokens.dark]`` of a theme.

    Raises Invalid that names every token that is not known, or cannot be what it says.
    """
    found: dict[str, dict[str, str]] = {"light": {}, "dark": {}}
    problems = []
    for table, name, value in _entries(tables):
        try:
            text = _written(table, name, value)
        except ValueError as error:
            problems.append(Problem(field=f"tokens.{table}.{name}"[:120], message=str(error)))
            continue
        for scheme in found if table == "both" else (table,):
            found[scheme][name] = text
    if problems:
        raise Invalid(problems)
    return TokenLayer(light=found["light"], dark=found["dark"])


def _entries(tables: Mapping[str, Mapping[str, object]]) -> Iterator[tuple[str, str, object]]:
    for table, tokens in tables.items():
        for name, value in tokens.items():
            yield table, name, value


def _written(table: str, name: str, value: object) -> str:
    """Return a value as it will stand in the sheet; raises ValueError with the reason."""
    rule = TOKENS.get(name)
    if table not in {"both", "light", "dark"}:
        raise ValueError(_("Tokens are for both, light or dark."))
    if rule is None:
        raise ValueError(_("The desk has no such token."))
    if table != "both" and rule.kind != TokenKind.COLOUR:
        raise ValueError(_("Only colours differ between light and dark: put it into tokens.both."))
    if rule.kind == TokenKind.COLOUR:
        return _colour(value)
    if rule.kind == TokenKind.FONT:
        return _font(value)
    return _measured(rule, value)


def _colour(value: object) -> str:
    text = value.strip().lower() if isinstance(value, str) else ""
    if found := _OKLCH.fullmatch(text):
        lightness, percent, chroma, hue = found.groups()
        number = float(lightness) / (100 if percent else 1)
        return to_hex(Oklch(lightness=number, chroma=min(float(chroma), 0.5), hue=float(hue) % 360))
    try:
        colour = from_hex(text)
    except ValueError:
        message = _("Write a colour as #rrggbb, or as oklch(0.5 0.1 172).")
        raise ValueError(message) from None
    return to_hex(colour)


def _font(value: object) -> str:
    if not isinstance(value, str) or value not in FONTS:
        raise ValueError(_("Choose one of these fonts: %(names)s.", names=", ".join(FONTS)))
    return FONTS[value]


def _measured(rule: TokenRule, value: object) -> str:
    """Write a length in rem, or a number, within the bounds of its token."""
    is_length = rule.kind == TokenKind.LENGTH
    number = _rem(value) if is_length else _plain(value)
    if not rule.least <= number <= rule.most:
        unit = "rem" if is_length else ""
        bounds = {"least": f"{rule.least:g}{unit}", "most": f"{rule.most:g}{unit}"}
        raise ValueError(_("It must be between %(least)s and %(most)s.", **bounds))
    return f"{number:.5g}rem" if is_length else f"{number:.5g}"


def _rem(value: object) -> float:
    found = _LENGTH.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        if value == "0":
            return 0.0
        raise ValueError(_("Write a length as 0.5rem or 8px."))
    return float(found[1]) / (_PIXELS if found[2] == "px" else 1)


def _plain(value: object) -> float:
    if isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < _HUGE:
        return float(value)
    raise ValueError(_("Write a number."))
