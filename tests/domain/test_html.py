"""Foreign markup is harmless after cleaning, and still readable."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcore.domain import html

IMAGES = {"logo@here": "/files/abc"}
HARMLESS = frozenset(
    """
    a abbr address article aside b bdi bdo big blockquote br caption center cite code col colgroup
    dd del dfn div dl dt em figcaption figure font footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd
    li main mark nav ol p pre q rp rt ruby s samp section small span strike strong sub sup table
    tbody td tfoot th thead time tr tt u ul var wbr
    """.split()
)
ATTRIBUTES = frozenset(
    """
    style dir lang title align valign href src alt width height border color face size cellpadding
    cellspacing bgcolor summary colspan rowspan nowrap scope span start type reversed value datetime
    rel target
    """.split()
)


class Seen(HTMLParser):
    """Collects what a browser would see."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(name, value or "") for name, value in attrs]


def assert_harmless(markup: str) -> None:
    seen = Seen()
    seen.feed(markup)
    seen.close()
    assert seen.tags <= HARMLESS
    for name, value in seen.attributes:
        assert name in ATTRIBUTES
        if name == "href":
            assert re.match(r"(?i)(https?://|mailto:|tel:)", value)
        if name == "src":
            assert value in IMAGES.values()
        if name == "style":
            assert not re.search(r"(?i)url\s*\(|expression|@import|javascript:|\\|/\*", value)


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href=' jav&#x09;ascript:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<a href='//evil.example/'>x</a>",
    "<a href='/admin/delete'>x</a>",
    "<a href='magnet:?x'>x</a>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<form action=/x><button formaction=/y>x</button></form>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=x><embed src=x></object>",
    "<base href='https://evil.example/'><link rel=stylesheet href=x><meta http-equiv=refresh content=0>",
    "<div style='background:url(https://evil.example/x)'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='color:re\\64;background-image:\\75rl(x)'>x</div>",
    "<div style='position:fixed;top:0;left:0;z-index:9'>x</div>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<button hx-post='/tickets/1/close' hx-trigger=load>x</button>",
    "<div hx-get=/x data-hx-get=/y id=main class=toast name=q>x</div>",
    "<img srcset='https://evil.example/x 1x' src='https://evil.example/x'>",
    "<video poster='https://evil.example/x'><source src=x></video>",
    "<table background='https://evil.example/x'><tr><td background=x>x</table>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<template><script>alert(1)</script></template>",
    "<a href='https://x.example' ping='https://evil.example' target=_self>x</a>",
    "<img src='cid:other@here'><img src='data:image/svg+xml,<svg onload=alert(1)>'>",
    "<img src='/files/abc'><img src='/tickets'>",
    "<details open ontoggle=alert(1)><summary>x</summary></details>",
    "<isindex><plaintext><xmp><listing>",
    "\x00<scr\x00ipt>alert(1)</scr\x00ipt>",
]


@pytest.mark.parametrize("markup", HOSTILE)
def test_nothing_active_comes_through(markup: str) -> None:
    cleaned = html.clean(markup, images=IMAGES)
    assert_harmless(cleaned)
    assert html.clean(cleaned, images={}) == html.clean(html.clean(cleaned, images={}), images={})


PIECES = st.sampled_from(
    [
        *HOSTILE, "<", ">", "<!--", "-->", "<![CDATA[", "]]>", "</p>", "</table>", "'", '"', "&lt;",
        "<table>", "<select>", "<svg>", "<math>", "<style>", "</style>", "<title>", "text",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=8).map("".join))
@settings(max_examples=300, deadline=None)
def test_no_mixture_comes_through(markup: str) -> None:
    assert_harmless(html.clean(markup, images=IMAGES))


def test_what_people_format_stays() -> None:
    markup = '<p style="color:#f00;margin-left:4px"><b>Hi</b> <font color="red">you</font></p>'
    assert html.clean(markup, images={}) == markup


def test_tables_keep_their_shape() -> None:
    cleaned = html.clean('<table width="600"><tr><td colspan="2">x</td></tr></table>', images={})
    assert '<table width="600">' in cleaned
    assert '<td colspan="2">' in cleaned


def test_links_open_apart_and_tell_nothing() -> None:
    cleaned = html.clean('<a href="https://x.example/a?b=1&c=2">x</a>', images={})
    assert 'rel="noopener noreferrer nofollow"' in cleaned
    assert 'target="_blank"' in cleaned
    assert 'href="https://x.example/a?b=1&amp;c=2"' in cleaned


def test_pictures_of_the_message_are_shown_from_our_own_store() -> None:
    cleaned = html.clean('<img src="cid:logo@here" width="10">', images=IMAGES)
    assert cleaned == '<img src="/files/abc" width="10">'


REMOTE = '<img src="https://a.example/1?a=b&amp;c=d"><img src="//b.example/2">'


def test_remote_pictures_are_left_out() -> None:
    cleaned = html.clean(f'{REMOTE}<img src="cid:logo@here">', images=IMAGES)
    assert cleaned == '<img><img><img src="/files/abc">'


def test_remote_pictures_that_were_fetched_are_shown_from_our_own_store() -> None:
    fetched = {html.image_key("https://a.example/1?a=b&c=d"): "/files/def"}
    assert html.clean(REMOTE, images=fetched) == '<img src="/files/def"><img>'


def test_no_word_of_a_message_stands_for_a_picture_that_was_fetched() -> None:
    fetched = {html.image_key("https://a.example/1"): "/files/def"}
    for address in ("/files/def", "files/def", f"/{html.image_key('https://a.example/1')}"):
        assert "src" not in html.clean(f'<img src="{address}">', images=IMAGES)
    assert html.clean('<a href="/files/def">x</a>', images=fetched).count("def") == 0


@pytest.mark.parametrize(
    "markup",
    [
        "<div>" * 100_000,
        "<font color=1>" * 50_000 + "<p>x" * 10_000,
        "<b><p>" * 50_000,
        "<a " * 100_000,
    ],
)
def test_bombs_are_shown_as_text_in_time(markup: str) -> None:
    started = time.monotonic()
    assert_harmless(html.clean(markup + "words", images={}))
    assert time.monotonic() - started < 5


def test_the_document_is_whole_and_without_script() -> None:
    page = html.document("<p>Hi</p>", lang="cs")
    assert page.startswith("<!doctype html>")
    assert '<meta charset="utf-8">' in page
    assert 'dir="auto"' in page
    assert 'lang="cs"' in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("markup", "is_by_word"),
    [
        ("<p class=MsoNormal>Hello</p>", True),
        ('<p class="x_MsoNormal">Hello</p>', True),
        ("<p>class=MsoNormal</p>", False),
        ('<p class="lead">Hello</p>', False),
    ],
)
def test_paragraphs_of_outlook_are_lines(markup: str, *, is_by_word: bool) -> None:
    assert html.is_by_word(markup) is is_by_word
    page = html.document(html.clean(markup, images={}), is_by_word=html.is_by_word(markup))
    assert ("p{margin:0}" in page) is is_by_word


def test_text_becomes_markup_with_links() -> None:
    made = html.from_text("Hello <b>\nsee https://a.example/x?y=1&z=(2).\n\nme@a.example")
    assert "&lt;b&gt;<br>" in made
    assert '<a href="https://a.example/x?y=1&amp;z=(2)">' in made
    assert "(2)</a>." in made
    assert '<a href="mailto:me@a.example">me@a.example</a>' in made


@given(st.text(max_size=300))
@settings(max_examples=300, deadline=None)
def test_no_text_becomes_active_markup_and_none_is_lost(text: str) -> None:
    made = html.from_text(text)
    assert_harmless(made)
    printable = "".join(c for c in text if c.isprintable() and not c.isspace())
    shown = html.to_text(made)
    assert [c for c in printable if c not in shown] == []


def test_markup_becomes_words() -> None:
    words = html.to_text(
        "<head><title>No</title><style>p{}</style></head><p>Hi&nbsp;you<br>there</p>"
        "<!-- no --><script>no()</script><ul><li>one</li><li>two</li></ul>"
    )
    assert words == "Hi you\nthere\n\none\n\ntwo"
