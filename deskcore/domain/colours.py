"""Colours by lightness, chroma and hue, and how far apart two of them are for the eye.

OKLCH: Björn Ottosson, "A perceptual color space for image processing" (2020),
https://bottosson.github.io/posts/oklab/, with the matrices he published; luminance and contrast:
WCAG 2.2, https://www.w3.org/TR/WCAG22/#dfn-relative-luminance.
Why no library: docs/decisions/0015-one-value-names-the-look.md
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import lru_cache

_HEX = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE | re.ASCII)
_SHORT = len("#rgb")
# Where the curve of sRGB begins, for what a screen is told and for light itself.
_CURVE, _LINEAR_CURVE = 0.04045, 0.0031308
# Rounding to 256 steps moves a colour farther than this.
_ROUNDING = 0.0005
# How often the search for the greatest chroma that a screen can show is halved.
_HALVINGS = 14

Linear = tuple[float, float, float]


@dataclass(frozen=True, kw_only=True)
class Oklch:
    """A colour: ``lightness`` 0 to 1, ``chroma`` 0 (grey) to about 0.37, ``hue`` in degrees."""

    lightness: float
    chroma: float
    hue: float


def to_hex(colour: Oklch) -> str:
    """Return the colour as ``#rrggbb``; what no screen shows loses chroma until one does."""
    colour = _shown(colour)
    channels = (_encoded(part) for part in _linear(colour.lightness, colour.chroma, colour.hue))
    return "#" + "".join(f"{round(part * 255):02x}" for part in channels)


def from_hex(text: str) -> Oklch:
    """Read ``#rgb`` or ``#rrggbb``; raises ValueError for anything else."""
    red, green, blue = _channels(text)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return Oklch(
        lightness=0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short,
        chroma=math.hypot(a, b),
        hue=math.degrees(math.atan2(b, a)) % 360,
    )


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours in hex, 1 to 21, as WCAG counts it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@lru_cache(maxsize=4_096)
def _luminance(text: str) -> float:
    red, green, blue = _channels(text)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(text: str) -> Linear:
    if not _HEX.fullmatch(text):
        message = "A colour is written #rrggbb."
        raise ValueError(message)
    digits = text[1:] if len(text) > _SHORT else "".join(digit * 2 for digit in text[1:])
    red, green, blue = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    return _decoded(red), _decoded(green), _decoded(blue)


def _decoded(part: float) -> float:
    return part / 12.92 if part <= _CURVE else math.pow((part + 0.055) / 1.055, 2.4)


def _encoded(part: float) -> float:
    part = min(max(part, 0.0), 1.0)
    return part * 12.92 if part <= _LINEAR_CURVE else 1.055 * math.pow(part, 1 / 2.4) - 0.055


def _linear(lightness: float, chroma: float, hue: float) -> Linear:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _shown(colour: Oklch) -> Oklch:
    lightness = min(max(colour.lightness, 0.0), 1.0)
    if _is_shown(lightness, colour.chroma, colour.hue):
        return Oklch(lightness=lightness, chroma=colour.chroma, hue=colour.hue)
    least, most = 0.0, colour.chroma
    for _ in range(_HALVINGS):
        half = (least + most) / 2
        least, most = (half, most) if _is_shown(lightness, half, colour.hue) else (least, half)
    return Oklch(lightness=lightness, chroma=least, hue=colour.hue)


def _is_shown(lightness: float, chroma: float, hue: float) -> bool:
    return all(-_ROUNDING <= part <= 1 + _ROUNDING for part in _linear(lightness, chroma, hue))
