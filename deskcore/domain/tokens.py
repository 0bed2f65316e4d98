"""What a theme may set of the desk's looks, and in which bounds: names, kinds, values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from deskcore.domain.accent import SOLVED, STRONGEST


class TokenKind(StrEnum):
    """How the value of a token is written."""

    COLOUR = "colour"
    LENGTH = "length"
    NUMBER = "number"
    FONT = "font"


@dataclass(frozen=True, kw_only=True)
class TokenRule:
    """One token: its kind, and for lengths (in rem) and numbers the least and the most it may be."""

    kind: TokenKind
    least: float = 0
    most: float = 0


@dataclass(frozen=True, kw_only=True)
class TokenLayer:
    """The tokens of one layer by name, without dashes, for light and for dark pages.

    What is no colour is the same in both. ``accent-hue`` and ``accent-chroma`` are no properties
    of the sheet: the accent's colours are worked out from them, and are legible on any ground.
    """

    light: Mapping[str, str] = field(default_factory=dict)
    dark: Mapping[str, str] = field(default_factory=dict)


def _length(least: float, most: float) -> TokenRule:
    return TokenRule(kind=TokenKind.LENGTH, least=least, most=most)


def _number(least: float, most: float) -> TokenRule:
    return TokenRule(kind=TokenKind.NUMBER, least=least, most=most)


_FONT = TokenRule(kind=TokenKind.FONT)
COLOURS = (
    "canvas", "surface", "raised", "sunken", "hover", "line", "line-control",
    "text", "text-2", "text-3", *SOLVED, "focus",
    "note-bg", "note-line", "note-text", "note-solid", "on-note",
    "ok-bg", "ok-text", "ok-solid", "on-ok", "warn-bg", "warn-text", "warn-solid", "on-warn",
    "bad-bg", "bad-text", "bad-solid", "on-bad", "info-bg", "info-text", "info-solid", "on-info",
    "inverse", "on-inverse",
)  # fmt: skip
# Not among them: what follows the reader's own choices (density, less motion) or the screen's width.
TOKENS: Mapping[str, TokenRule] = MappingProxyType(
    {name: TokenRule(kind=TokenKind.COLOUR) for name in COLOURS}
    | {
        "accent-hue": _number(0, 360),
        "accent-chroma": _number(0, STRONGEST),
        "font-ui": _FONT,
        "font-title": _FONT,
        "font-mono": _FONT,
        "text-xs": _length(0.6875, 0.875),
        "text-sm": _length(0.75, 1),
        "text-md": _length(0.8125, 1.125),
        "text-lg": _length(0.875, 1.25),
        "text-xl": _length(1, 1.5),
        "text-2xl": _length(1.125, 2),
        "text-3xl": _length(1.25, 2.75),
        "text-4xl": _length(1.5, 4),
        "lh-tight": _number(1, 1.5),
        "lh-ui": _number(1.2, 1.8),
        "lh-read": _number(1.35, 2),
        "w-regular": _number(300, 500),
        "w-medium": _number(400, 700),
        "w-semi": _number(500, 900),
        "measure": _length(30, 60),
        "r-sm": _length(0, 1),
        "r-md": _length(0, 1.5),
        "r-lg": _length(0, 2),
        "r-xl": _length(0, 2.5),
    }
)
# Fonts that readers' devices have already: nothing is fetched, and nothing is shown late.
FONTS: Mapping[str, str] = MappingProxyType(
    {
        "system": 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif',
        "humanist": 'Seravek, "Gill Sans Nova", Ubuntu, Calibri, "DejaVu Sans", "Noto Sans", sans-serif',
        "geometric": 'Avenir, Montserrat, Corbel, "URW Gothic", "Noto Sans", sans-serif',
        "rounded": 'ui-rounded, "Hiragino Maru Gothic ProN", Quicksand, Comfortaa, Nunito, "Noto Sans", sans-serif',
        "serif": '"Iowan Old Style", "Palatino Linotype", "URW Palladio L", Palatino, "Noto Serif", serif',
        "book": 'Charter, "Bitstream Charter", Cambria, "Noto Serif", Georgia, serif',
        "slab": 'Rockwell, "Rockwell Nova", "Roboto Slab", "DejaVu Serif", "Noto Serif", serif',
        "mono": 'ui-monospace, "SFMono-Regular", "Cascadia Mono", Menlo, Consolas, monospace',
    }
)


def combined(*layers: TokenLayer) -> TokenLayer:
    """Lay tokens over one another: the later layer wins, each scheme for itself."""
    light: dict[str, str] = {}
    dark: dict[str, str] = {}
    for layer in layers:
        _cover(light, layer.light)
        _cover(dark, layer.dark)
    return TokenLayer(light=light, dark=dark)


def _cover(below: dict[str, str], above: Mapping[str, str]) -> None:
    """Lay one scheme of a layer over another; a hue ends the accent's colours beneath it."""
    if "accent-hue" in above:
        for name in SOLVED:
            below.pop(name, None)
    below.update(above)
