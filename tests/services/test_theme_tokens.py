"""A theme's tokens are read into what they mean; nothing else of its text reaches a style sheet."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deskcore.domain.appearance import Appearance
from deskcore.domain.tokens import FONTS, TOKENS, TokenLayer, combined
from deskcore.errors import Invalid
from deskcore.services.theme_tokens import read_tokens
from deskcore.theme.looks import rendered

KINDS = {
    "canvas": "#fff",
    "accent": "#0B5FA5",
    "line": "oklch(0.9 0.01 90)",
    "sunken": "oklch(96% 0.005 90)",
}


def refused(name: str, value: object, table: str = "both") -> str:
    with pytest.raises(Invalid) as caught:
        read_tokens({table: {name: value}})
    [problem] = caught.value.problems
    assert problem.field == f"tokens.{table}.{name}"[:120]
    return problem.message


def test_what_a_theme_says_is_written_in_one_way() -> None:
    tokens = read_tokens(
        {
            "both": {"r-md": "8px", "font-title": "serif", "lh-read": 1.7, **KINDS},
            "dark": {"canvas": "#111111"},
        }
    )
    assert tokens.light["canvas"] == "#ffffff"
    assert tokens.light["accent"] == "#0b5fa5"
    assert tokens.light["line"] == "#e0ded7"
    assert tokens.light["r-md"] == tokens.dark["r-md"] == "0.5rem"
    assert tokens.light["font-title"] == FONTS["serif"]
    assert tokens.light["lh-read"] == "1.7"
    assert tokens.dark["canvas"] == "#111111"


BREAKING_OUT: tuple[object, ...] = (
    "url(//elsewhere.test/x)",
    "#fff; background: red",
    "#fff}body{display:none",
    "var(--text)",
    "red",
    "#ffff",
    "#fff\n",
    "#ｆｆｆ",
    "oklch(0.5 0.1 172) url(x)",
    "oklch(1.2.3 0 0)",
    "/* */ #fff",
    "expression(alert(1))",
    'system-ui, "a"; x: url(y)',
    "1rem; x: y",
    "1rem}",
    "calc(1px * 9999)",
    "-1rem",
    "1e9rem",
    "99rem",
    "inherit",
    "",
    True,
    None,
    [],
    float("nan"),
    float("inf"),
    10**400,
)


@pytest.mark.parametrize("name", ["canvas", "r-md", "lh-read", "font-ui"])
@pytest.mark.parametrize("value", BREAKING_OUT)
def test_nothing_but_a_value_of_its_kind_is_taken(name: str, value: object) -> None:
    if (name, value) == ("canvas", "#fff\n"):
        assert read_tokens({"both": {name: value}}).light[name] == "#ffffff"
    else:
        assert refused(name, value)


def test_a_name_that_the_desk_does_not_know_is_refused() -> None:
    for name in ("ctl-h", "color", "x;}", "--canvas", "x" * 500):
        assert refused(name, "#fff") == "The desk has no such token."
    assert "both, light or dark" in refused("canvas", "#fff", table="sepia")


def test_a_length_has_bounds_and_is_the_same_in_both_schemes() -> None:
    assert refused("text-md", "2rem") == "It must be between 0.8125rem and 1.125rem."
    assert "tokens.both" in refused("r-md", "1rem", table="dark")


def test_every_wrong_token_is_named_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        read_tokens({"light": {"canvas": "x", "text": "y"}, "both": {"r-md": "z"}})
    assert len(caught.value.problems) == 3


# Of these every way out of a value is made; all of Unicode is slow to begin with.
PIECES = "url(/:;}{)@\\'\"#0fremc. \n!*<ＦÄ"


@given(
    st.dictionaries(
        st.sampled_from(sorted(TOKENS)), st.text(PIECES, max_size=30) | st.floats() | st.integers()
    )
)
def test_a_sheet_holds_names_and_values_only(values: dict[str, object]) -> None:
    good: dict[str, str] = {}
    for name, value in values.items():
        try:
            good |= read_tokens({"both": {name: value}}).light
        except Invalid:
            continue
    css = rendered([TokenLayer(light=good, dark=good)], Appearance())
    for value in re.findall(r"--[a-z0-9-]+: ([^;]*);", css):
        assert re.fullmatch(r'[-#a-z0-9. ,"()A-Z]+', value)
        assert "url" not in value
    assert css.count("{") == css.count("}") in {0, 4}


def test_a_child_theme_lies_over_its_parent_and_the_owner_over_both() -> None:
    parent = read_tokens({"both": {"accent-hue": 35, "r-md": "2px"}, "light": {"canvas": "#eee"}})
    child = read_tokens({"light": {"canvas": "#f0f0ff"}})
    assert combined(parent, child).light["canvas"] == "#f0f0ff"
    css = rendered([parent, child], Appearance(corner="round"))
    assert "--canvas: light-dark(#f0f0ff, #141310);" in css
    assert "--r-md: 0.875rem;" in css
    assert "--accent:" in css
    assert rendered([parent], Appearance(has_accent=True, hue=262)) != rendered(
        [parent], Appearance()
    )


def test_a_colour_of_a_child_holds_beside_the_hue_of_its_parent() -> None:
    parent = read_tokens({"both": {"accent-hue": 35, "accent-chroma": 0.12}})
    child = read_tokens({"light": {"selected": "#fff0e0"}})
    alone, both = rendered([parent], Appearance()), rendered([parent, child], Appearance())
    accent = re.findall(r"--accent: [^;]+;", alone)
    assert re.findall(r"--accent: [^;]+;", both) == accent
    assert "--selected: light-dark(#fff0e0," in both
