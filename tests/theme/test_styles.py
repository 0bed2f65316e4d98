"""Styles and templates keep the house rules: mirrored by direction, nothing inline."""

from __future__ import annotations

import re

from deskcore.web.assets import PUBLIC_STYLES, SCRIPTS, STATIC, STYLES

TEMPLATES = STATIC.parent / "templates"
# background-position and gradients know no logical sides; the select's arrow is mirrored by hand.
PHYSICAL = re.compile(r"(?:margin|padding|border|inset)-(?:left|right)|\b(?:left|right)\s*:|float")


def test_styles_name_no_left_and_right() -> None:
    for part in {*STYLES, *PUBLIC_STYLES}:
        css = (STATIC / "css" / f"{part}.css").read_text("utf-8")
        assert PHYSICAL.findall(css) == [], part


def test_every_part_belongs_to_a_bundle() -> None:
    assert {path.stem for path in (STATIC / "css").glob("*.css")} == {*STYLES, *PUBLIC_STYLES}
    assert {path.stem for path in (STATIC / "js").glob("*.js")} == set(SCRIPTS)


def test_names_of_scripts_are_unique_because_bundles_share_one_scope() -> None:
    names = [
        name
        for part in SCRIPTS
        for name in re.findall(
            r"^(?:export )?(?:async )?(?:function|const|let|class) (\w+)",
            (STATIC / "js" / f"{part}.js").read_text("utf-8"),
            re.MULTILINE,
        )
    ]
    assert sorted(set(names)) == sorted(names)


def test_templates_hold_no_inline_code_or_style() -> None:
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        found = re.findall(r"\son\w+=|\sstyle=|<style|<script(?![^>]*src=)|hx-on|js:", text)
        assert found == [], template


def test_templates_stay_short() -> None:
    for template in TEMPLATES.rglob("*.html"):
        assert len(template.read_text("utf-8").splitlines()) <= 120, template


def test_every_icon_named_in_a_template_is_in_the_sprite() -> None:
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', (STATIC / "icons.svg").read_text("utf-8")))
    named = set()
    for template in TEMPLATES.rglob("*.html"):
        text = template.read_text("utf-8")
        named |= set(re.findall(r'icon(?:_name)?[=(]"([a-z0-9-]+)"', text))
        named |= set(re.findall(r'icon_button\((?:_\()?"[^"]*"\)?, [^,]+, "([a-z0-9-]+)"', text))
    assert named - drawn == set()
