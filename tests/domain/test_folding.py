"""The HTML of a message is taken apart where its text was; nothing is lost, nothing gets through."""

from __future__ import annotations

import time
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from deskcore.domain import html
from deskcore.domain.folding import Halves, fold
from deskcore.domain.markup_blocks import words_of
from tests.domain.test_html import HOSTILE, IMAGES, assert_harmless

QUOTE = "<blockquote><p>Which number is it?</p><p>Desk</p></blockquote>"
QUOTED = "Which number is it?\nDesk"


def words(markup: str) -> Counter[str]:
    return Counter(words_of(html.to_text(html.clean(markup, images=IMAGES))))


def test_the_halves_keep_the_elements_around_them() -> None:
    markup = f'<div style="color:#f00"><p>It is <b>10432</b>.</p><hr>{QUOTE}</div>'
    folded = fold(markup, visible="It is 10432.", quoted=QUOTED)
    assert folded.said == '<div style="color:#f00"><p>It is <b>10432</b>.</p></div>'
    assert folded.quoted == f'<div style="color:#f00"><hr>{QUOTE}</div>'


def test_a_quote_inside_a_table_is_cut_out_of_it() -> None:
    markup = f"<table><tr><td><p>It is 10432.</p>{QUOTE}</td><td></td></tr></table>"
    folded = fold(markup, visible="It is 10432.", quoted=QUOTED)
    assert "10432" in folded.said
    assert "Which" not in folded.said
    assert "<td><blockquote>" in folded.quoted


@pytest.mark.parametrize(
    ("markup", "visible", "quoted"),
    [
        pytest.param("<p>Hello</p>", "Hello", "", id="nothing quoted"),
        pytest.param(f"<p>It is 10432.</p>{QUOTE}", "Other words than these", QUOTED, id="other"),
        pytest.param("<p>It is 10432.</p>", "It is 10432.", QUOTED, id="no quote in the markup"),
        pytest.param(QUOTE, "10432", QUOTED, id="nothing would be left"),
        pytest.param("<p>Hello</p><p>Yes! Which number is it?</p>", "Hello\nYes!",
                     "Which number is it?", id="answer and quote on one line"),
        pytest.param(f"<p>10432</p>{QUOTE}<p>One more thing of mine</p>", "10432 thing", QUOTED,
                     id="words in neither text"),
        pytest.param("<div>" * 1500 + "10432" + QUOTE, "10432", QUOTED, id="too deep"),
    ],
)  # fmt: skip
def test_what_is_unsure_is_shown_whole(markup: str, visible: str, quoted: str) -> None:
    folded = fold(markup, visible=visible, quoted=quoted)
    if "One more" in markup:
        assert "One more thing of mine" in folded.said
    else:
        assert folded == Halves(said=markup)


@pytest.mark.parametrize(
    "last", ["😊", ":-)", "https://shop.example/x", "<img src='cid:logo@here'>"]
)
def test_the_last_line_of_somebody_is_theirs_even_without_words(last: str) -> None:
    folded = fold(f"<p>10432</p><p>{last}</p><p></p>{QUOTE}", visible="10432", quoted=QUOTED)
    assert last.split("=", maxsplit=1)[0] in folded.said
    assert "Which" in folded.quoted


def test_a_photo_behind_the_end_of_a_quote_is_the_author_s() -> None:
    photo = "<img src='cid:logo@here'>"
    inside, behind = QUOTE.replace("Desk", f"Desk{photo}"), f"{QUOTE}<div>{photo}</div>"
    assert "<img" in fold(f"<p>10432</p>{inside}", visible="10432", quoted=QUOTED).quoted
    assert "<img" in fold(f"<p>10432</p>{behind}", visible="10432", quoted=QUOTED).said


def test_differences_of_the_plain_alternative_do_not_matter() -> None:
    markup = (
        "<ol><li>first</li><li>see <a href='https://a.example/b?c=d'>there</a></li></ol>"
        f"<p>名前は田中太郎です</p>{QUOTE}"
    )
    plain = "1. first\n2. see there <https://a.example/b?c=d>\n\n名前は田\n中太郎です"
    folded = fold(markup, visible=plain, quoted="[image: Logo]\n> Which\n> number is it?\n> *Desk*")
    assert words(folded.said) == words_of_counter("first see there 名前は田中太郎です")


def words_of_counter(text: str) -> Counter[str]:
    return Counter(words_of(text))


def test_cells_side_by_side_are_one_quote() -> None:
    cells = "<td><p>Which number</p><p>Desk</p></td><td><p>is it</p><p>Prague</p></td>"
    markup = f"<p>10432</p><blockquote>Hello<table><tr>{cells}</tr></table></blockquote>"
    lines = "Hello\nWhich number  is it\nDesk          Prague"
    assert words(fold(markup, visible="10432", quoted=lines).said) == {"10432": 1}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_fold_is_no_second_door(attack: str) -> None:
    markup = f"<p>It is 10432.</p>{attack}{QUOTE}{attack}"
    folded = fold(markup, visible="It is 10432.", quoted=QUOTED)
    for half in (folded.said, folded.quoted):
        assert_harmless(html.clean(half, images=IMAGES))


IMITATIONS = [
    "<details open><summary>Show quoted text</summary><p>Bait</p></details>",
    "</details></div></body><details><summary>Show</summary>",
    "<summary>Show quoted text</summary>",
    "</div></div></details><p>Bait</p>",
    "<div id=x class=quoted style='position:fixed;z-index:9;content:\"x\"'>Bait</div>",
    "<a href='https://x.example'><table><td><a href='https://y.example'>Bait",
    "<b><i><p></b></details>Bait",
]


@pytest.mark.parametrize("bait", IMITATIONS)
def test_no_mail_imitates_or_breaks_the_fold(bait: str) -> None:
    folded = fold(f"<p>10432</p>{bait}{QUOTE}{bait}", visible="10432", quoted=QUOTED)
    quoted = html.clean(folded.quoted or "<p>x</p>", images={})
    made = html.clean(folded.said, images={}) + html.folded(quoted, label="Show <quoted>")
    page = html.document(made)
    assert page.count("<details>") == page.count("</details>") == page.count("<summary") == 1
    assert "open" not in made.replace("noopener", "")
    assert not {"class=", "id=", "position:"} & set(made.replace(" ", "\n").split())
    assert "Show &lt;quoted&gt;" in made
    for name in ("div", "p", "a", "b", "table", "blockquote"):
        assert made.count(f"<{name}>") + made.count(f"<{name} ") == made.count(f"</{name}>")


@pytest.mark.parametrize(
    "markup",
    [
        f"<p>10432</p>{'<p>Which number is it?</p>' * 15_000}",
        f"<p>10432</p><div>{'<b>Which</b> ' * 30_000}</div>",
        f"<p>10432</p>{'<i><p>' * 5_000}Which",
        f"10432<br>{'<br>' * 40_000}Which",
        f"<p>10432</p>{'a ' * 39_000}Which",
    ],
)
def test_large_and_hostile_markup_takes_little_time(markup: str) -> None:
    quoted = html.to_text(markup).removeprefix("10432")
    started = time.process_time()
    folded = fold(markup, visible="10432", quoted=quoted)
    assert time.process_time() - started < 2
    assert words(folded.said) + words(folded.quoted) == words(markup)


LINES = [
    "It is 10432.",
    "Desk",
    "Which number is it?",
    "Yes",
    "<b>Yes</b> or",
    "no",
    "😊",
    "--",
    "",
]
PIECES = st.sampled_from(
    [
        *LINES, "<p>", "</p>", "<div>", "</div>", "<br>", "<hr>", "<blockquote>", "</blockquote>",
        "<table><tr><td>", "</td><td>", "</table>", "<ul><li>", "</ul>", "<b>", "</b>", "<i>",
        "<img src='cid:logo@here'>", "<!--[if mso]>", "<![endif]-->", "<o:p></o:p>", "<a href='/x'>",
        "<script>no()</script>", "<style>p{}</style>", "&nbsp;", "<", "&lt;p&gt;", "\x00", "<details>",
    ]
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(LINES), max_size=6).map("\n".join)


@given(st.lists(PIECES, max_size=30).map("".join), TEXTS, TEXTS)
@settings(max_examples=300, deadline=None)
def test_no_word_and_no_picture_is_ever_lost(markup: str, visible: str, quoted: str) -> None:
    folded = fold(markup, visible=visible, quoted=quoted)
    assert words(folded.said) + words(folded.quoted) == words(markup)
    both = [html.clean(half, images=IMAGES).count("<img") for half in (folded.said, folded.quoted)]
    assert sum(both) == html.clean(markup, images=IMAGES).count("<img")
    if folded.quoted:
        # What somebody said, as far as the markup has it, is not behind the fold.
        hidden = words(folded.quoted) - Counter(words_of(quoted))
        assert not hidden & (Counter(words_of(visible)) - words(folded.said))
