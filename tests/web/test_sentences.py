"""Sentences in templates are words, whoever wrote them."""

from __future__ import annotations

import pytest
from flask import Flask

SAID = "<b hx-get=/me>&amp; 'so'</b>"
WORDS = "&lt;b hx-get=/me&gt;&amp;amp; &#39;so&#39;&lt;/b&gt;"


@pytest.mark.parametrize("how", ["_(said)", "said|translated", "_('%(said)s', said=said)"])
def test_nothing_that_is_translated_becomes_markup(set_up: Flask, how: str) -> None:
    with set_up.test_request_context():
        page = set_up.jinja_env.from_string("{{ " + how + " }}")
        assert page.render(said=SAID) == WORDS
