"""Every pair of colours that carries text or a control is strong enough in both themes."""

from __future__ import annotations

import re

import pytest

from deskcore.web.assets import STATIC

BACKGROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "selected")
TONES = ("ok", "warn", "bad", "info")
PAIRS = [
    *((text, ground, 4.5) for text in ("text", "text-2", "text-3") for ground in BACKGROUNDS),
    *(("accent-text", ground, 4.5) for ground in (*BACKGROUNDS, "accent-tint")),
    *((f"{tone}-text", f"{tone}-bg", 4.5) for tone in TONES),
    *((f"on-{tone}", f"{tone}-solid", 4.5) for tone in TONES),
    *((text, "note-bg", 4.5) for text in ("text", "text-2", "text-3", "note-text")),
    ("on-note", "note-solid", 4.5),
    ("on-note", "note-text", 4.5),
    ("on-bad", "bad-text", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-hover", 4.5),
    ("on-inverse", "inverse", 4.5),
    *((edge, ground, 3.0) for edge in ("line-control", "focus") for ground in BACKGROUNDS),
    ("note-solid", "note-bg", 3.0),
]
TOKEN = re.compile(r"--([\w-]+): light-dark\((#\w{6}), (#\w{6})\)")


def colours() -> dict[str, tuple[str, str]]:
    css, _more_contrast = (STATIC / "css" / "tokens.css").read_text("utf-8").split("@media", 1)
    return {name: (light, dark) for name, light, dark in TOKEN.findall(css)}


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    bright, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
def test_text_and_controls_stand_out(theme: int) -> None:
    known = colours()
    weak = [
        f"{front} on {ground}: {contrast(known[front][theme], known[ground][theme]):.2f}"
        for front, ground, needed in PAIRS
        if contrast(known[front][theme], known[ground][theme]) < needed
    ]
    assert weak == []


def test_the_computation_agrees_with_the_standard() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)
