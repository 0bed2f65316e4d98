"""Whatever hue an owner picks, everything stays legible; core's own accent is worked out the same way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

import pytest
import tinycss2

from deskcore.domain.accent import LEVELS, SCHEMES, SOLVED, STRONGEST, Level, Scheme, pairs, solve
from deskcore.domain.appearance import PRESETS, Appearance
from deskcore.domain.colours import Oklch, from_hex, to_hex
from deskcore.domain.tokens import COLOURS, TokenLayer
from deskcore.theme.core_tokens import SHEET, core_tokens, stronger_core_tokens
from deskcore.theme.looks import rendered, tokens_of, too_close

HUES = range(0, 360, 3)
STRENGTHS = (0, 20, 40, 60, 80, 100)
NEEDED = {"normal": {"words": 4.5, "marks": 3.0}, "more": {"words": 7.0, "marks": 4.5}}
# What has a fill or an edge of its own, and is told by that alone.
MARKS = {"accent", "focus", "line-control", "note-solid"}
CORE_HUE, CORE_CHROMA = 172, 0.107


def wcag(front: str, back: str) -> float:
    """Contrast as the standard's text has it; the code under test has its own."""

    def luminance(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        r, g, b = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def wrong(tokens: TokenLayer, scheme: Scheme, level: Level) -> list[str]:
    """Return the pairs of the interface that are too close to one another."""
    colours = getattr(tokens, scheme)
    return [
        f"{scheme} {level} {pair.front} on {pair.back}"
        for pair in pairs(level)
        if wcag(colours[pair.front], colours[pair.back])
        < NEEDED[level]["marks" if pair.front in MARKS else "words"]
    ]


def test_all_2880_accents_are_legible_wherever_pages_use_them() -> None:
    tried, failed = 0, []
    for hue, strength, level in product(HUES, STRENGTHS, LEVELS):
        tokens = tokens_of((), Appearance(has_accent=True, hue=hue, strength=strength), level)
        for scheme in SCHEMES:
            tried += 1
            failed += [f"{hue} {strength} {pair}" for pair in wrong(tokens, scheme, level)]
    assert failed == []
    assert tried == 2_880


def test_the_accent_of_core_is_what_the_solver_gives() -> None:
    for scheme, level in product(SCHEMES, LEVELS):
        tokens = dict(getattr(core_tokens(), scheme))
        if level == "more":
            tokens |= getattr(stronger_core_tokens(), scheme)
        around = {name: tokens[name] for name in COLOURS if name not in SOLVED}
        solved = solve(CORE_HUE, CORE_CHROMA, scheme=scheme, level=level, around=around)
        assert {name: tokens[name] for name in SOLVED} == dict(solved)


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_core_itself_is_legible(scheme: Scheme, level: Level) -> None:
    assert wrong(tokens_of((), Appearance(), level), scheme, level) == []


def test_the_sheet_holds_what_the_solver_gave() -> None:
    chosen = Appearance(has_accent=True, hue=32, strength=80)
    css = rendered((), chosen)
    normal, more = css.split("@media (prefers-contrast: more)")
    for level, part in zip(LEVELS, (normal, more), strict=True):
        tokens = tokens_of((), chosen, level)
        for name in ("accent", "accent-hover", "accent-text", "on-inverse-accent"):
            assert f"--{name}: light-dark({tokens.light[name]}, {tokens.dark[name]});" in part


def test_an_owner_who_wants_more_contrast_gives_it_to_everybody() -> None:
    css = rendered((), Appearance(contrast="more"))
    text = core_tokens()
    assert f"--text-3: light-dark({text.light['text']}, {text.dark['text']});" in css
    assert "@media" not in css


def test_without_theme_and_choices_there_is_no_sheet() -> None:
    assert rendered((), Appearance()) == ""


def test_an_accent_is_worked_out_for_the_ground_of_its_theme() -> None:
    ground = dict.fromkeys(("canvas", "surface", "raised", "sunken", "hover"), "#c9c5bd")
    words = dict.fromkeys(("text", "text-2", "text-3", "line-control"), "#000000")
    theme = TokenLayer(light={**ground, **words, "focus": "#003a75", "note-bg": "#c9c5bd"})
    tokens = tokens_of([theme], Appearance(has_accent=True, hue=100, strength=90), "normal")
    met = [pair for pair in pairs("normal") if pair.front.startswith("accent")]
    assert all(wcag(tokens.light[p.front], tokens.light[p.back]) >= p.needed for p in met)


def test_a_theme_that_cannot_be_read_is_told_so() -> None:
    pale = TokenLayer(light={"text-3": "#bbbbbb"})
    assert "light: text-3 / surface < 4.5" in too_close([pale])
    assert too_close([]) == []


def test_every_preset_has_an_accent_of_its_own() -> None:
    seen = {
        tokens_of(
            (), Appearance(has_accent=True, hue=each.hue, strength=each.strength), "normal"
        ).light["accent"]
        for each in PRESETS
    }
    assert len(seen) == len(PRESETS)


# Of the table in B. Ottosson's post, and of CSS Color 4, section 10.
@pytest.mark.parametrize(
    ("text", "lightness", "chroma", "hue"),
    [
        ("#ff0000", 0.628, 0.2577, 29.23),
        ("#00ff00", 0.8664, 0.2948, 142.5),
        ("#0000ff", 0.452, 0.3132, 264.05),
        ("#ffffff", 1.0, 0.0, None),
    ],
)
def test_colours_are_converted_as_published(
    text: str, lightness: float, chroma: float, hue: float | None
) -> None:
    colour = from_hex(text)
    assert colour.lightness == pytest.approx(lightness, abs=0.0005)
    assert colour.chroma == pytest.approx(chroma, abs=0.0005)
    if hue is not None:
        assert colour.hue == pytest.approx(hue, abs=0.05)
    assert to_hex(colour) == text


def test_a_colour_that_no_screen_shows_keeps_its_hue() -> None:
    shown = from_hex(to_hex(Oklch(lightness=0.47, chroma=STRONGEST, hue=172)))
    assert shown.hue == pytest.approx(172, abs=2)
    assert shown.chroma < STRONGEST


def test_every_pair_that_a_style_sheet_writes_down_is_one_that_is_checked() -> None:
    known = {(pair.front, pair.back) for pair in pairs("normal")}
    written = {pair for path in SHEET.parent.glob("*.css") for pair in _pairs_of(path.read_text())}
    assert len(written) > 15
    assert {pair for pair in written if pair not in known} == set()


def _pairs_of(css: str) -> Iterator[tuple[str, str]]:
    """Find the rules that set a background and the colour of what is written on it."""
    for rule in _rules_of(tinycss2.parse_rule_list(css, skip_comments=True, skip_whitespace=True)):
        set_by_name = {
            node.lower_name: re.fullmatch(
                r"var\(--([a-z0-9-]+)\)", tinycss2.serialize(node.value).strip()
            )
            for node in tinycss2.parse_blocks_contents(rule.content)
            if node.type == "declaration"
        }
        front, back = set_by_name.get("color"), set_by_name.get("background")
        if front and back:
            yield front[1], back[1]


def _rules_of(rules: list[Any]) -> Iterator[Any]:
    for rule in rules:
        if rule.type == "qualified-rule":
            yield rule
        elif rule.type == "at-rule" and rule.content:
            yield from _rules_of(
                tinycss2.parse_rule_list(rule.content, skip_comments=True, skip_whitespace=True)
            )
