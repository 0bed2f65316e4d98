"""Parts of a page are rendered as they stand in the whole page."""

from __future__ import annotations

import pytest
from jinja2 import DictLoader, Environment

from deskcore.theme.fragments import Blocks, first_region

PAGES = {
    "macros.html": "{% macro shout(word) %}{{ word|upper }}!{% endmacro %}",
    "base.html": (
        "<html>{% block main_region %}<main id='main'>{% block main %}base{% endblock %}</main>"
        "{% endblock %}{% block foot %}<p>{{ name }}</p>{% endblock %}</html>"
    ),
    "page.html": (
        "{# a page #}\n{% extends 'base.html' %}{% import 'macros.html' as m %}{% set word = 'tea' %}"
        "{% block main %}{{ super() }} {{ m.shout(word) }} {{ name }}"
        "{% block ticket_head %}<header id='ticket-head'>{{ name }}</header>{% endblock %}"
        "{% endblock %}"
    ),
}


def page(name: str = "Eva") -> tuple[Blocks, str]:
    env = Environment(loader=DictLoader(PAGES), autoescape=True)
    return Blocks(env, "page.html", {"name": name}), env.get_template("page.html").render(name=name)


def test_a_region_is_part_of_the_whole_page() -> None:
    blocks, whole = page()
    assert blocks.region("main") in whole
    assert blocks.region("main").startswith("<main id='main'>")


def test_a_region_keeps_super_imports_and_settings_of_the_page() -> None:
    blocks, _whole = page()
    assert "base TEA! Eva" in blocks.region("main")


def test_a_block_of_the_parent_can_be_rendered() -> None:
    blocks, whole = page()
    assert blocks.region("foot") == "<p>Eva</p>"
    assert "<p>Eva</p>" in whole


def test_an_id_with_hyphens_finds_its_block() -> None:
    blocks, _whole = page()
    assert blocks.region("ticket-head") == "<header id='ticket-head'>Eva</header>"


def test_words_of_people_are_escaped_in_fragments() -> None:
    blocks, _whole = page("<script>alert(1)</script>")
    assert "<script>" not in blocks.region("ticket-head")


def test_an_unknown_block_is_named_with_those_that_exist() -> None:
    blocks, _whole = page()
    with pytest.raises(LookupError, match=r"'side'.*foot, main, main_region, ticket_head"):
        blocks.region("side")


def test_the_first_known_region_is_chosen() -> None:
    blocks, _whole = page()
    assert first_region(blocks, ["row-7", "main"]) == "main"
    assert first_region(blocks, ["ticket-head", "main"]) == "ticket-head"
