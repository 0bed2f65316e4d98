"""What an owner writes dresses public pages, fetches nothing and stays in its layer."""

from __future__ import annotations

import pytest
import tinycss2
from hypothesis import example, given
from hypothesis import strategies as st

from deskcore.errors import Invalid
from deskcore.services.own_css import LONGEST_CSS, check_css, scoped

GOOD = """/* ours */
.hero { background: linear-gradient(in oklch, #fff, #eee); border-radius: 1rem }
@media (min-width: 40rem) { .hero { display: grid; &:hover { color: var(--accent-text) } } }
@supports (gap: 1px) { p { gap: 1px } }
@keyframes rise { from { opacity: 0 } to { opacity: 1 } }
a::after { content: "}" }
"""
HOSTILE = (
    "@import '//elsewhere.test/x.css';",
    "@import url(x.css);",
    "@\\69mport 'x';",
    "@charset 'utf-7';",
    "@namespace x url(y);",
    "@font-face { font-family: x; src: url(//elsewhere.test/x.woff2) }",
    "@layer reset { * { display: none } }",
    "@property --x { syntax: '*' }",
    "a { background: url(//elsewhere.test/?x) }",
    "a { background: url('//elsewhere.test/?x') }",
    "a { background: u\\72l(//elsewhere.test/?x) }",
    "a { background: \\75\\72\\6c (//elsewhere.test/?x) }",
    "a { background: URL(x) }",
    "a { background: image-set('//elsewhere.test/x' 1x) }",
    "a { background: -webkit-image-set('x' 1x) }",
    "a { --x: url(//elsewhere.test) }",
    "a[href^='x'] { b { background: url(y) } }",
    "@media screen { a { background: url(y) } }",
    "@media screen { @import 'x'; }",
    "@supports (background: url(//elsewhere.test)) { a { color: red } }",
    "a { color: red } } body { display: none }",
    "} body { display: none }",
    ") body { display: none }",
    "a { content: 'open\n; }",
    "a { background: url(a b) }",
    "a",
)


@pytest.mark.parametrize("css", HOSTILE)
def test_what_reaches_out_or_is_broken_is_refused_with_its_line(css: str) -> None:
    with pytest.raises(Invalid) as caught:
        check_css(f"p {{ color: red }}\n{css}")
    assert "2" in caught.value.problems[0].message


def test_what_shops_write_is_taken() -> None:
    check_css(GOOD)
    assert "linear-gradient(in oklch" in scoped(GOOD)
    assert "&:hover" in scoped(GOOD)


@pytest.mark.parametrize(
    "css", ["9" * 5_000, "a{b:" + "(" * 9_000, "{" * 15_000, "@media " * 60 + "[" * 99]
)
def test_numbers_and_brackets_without_an_end_are_refused_in_words(css: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_css(css)
    assert "no CSS" in str(refused.value.problems[0].message)


def test_there_is_a_limit() -> None:
    with pytest.raises(Invalid):
        check_css("a{}" * LONGEST_CSS)


CUT_OFF = ("a { color: red", "a { content: 'x", "@media screen { a { color: red", "a {} /* open")


@given(st.text(alphabet="a{}();:'\"/*\\@ \n<>-!#uÄ"))
@example(CUT_OFF[0])
@example(CUT_OFF[1])
@example(CUT_OFF[2])
@example(CUT_OFF[3])
def test_nothing_that_is_taken_ends_its_layer(css: str) -> None:
    try:
        inside = scoped(css)
    except Invalid:
        return
    sheet = f"@layer look {{\n{inside}\n}}\np {{ color: green }}"
    rules = tinycss2.parse_stylesheet(sheet, skip_comments=True, skip_whitespace=True)
    assert [rule.type for rule in rules] == ["at-rule", "qualified-rule"]
