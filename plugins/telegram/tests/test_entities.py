"""Marks land where Telegram means them, and nothing in them is anything but text."""

from __future__ import annotations

from plugins.telegram.entities import Said, said


def mark(kind: str, offset: int, length: int, **more: object) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **more}


def test_offsets_count_utf16_units() -> None:
    words = "👩🏽‍💻 is <b>in</b>"
    assert said(words, [mark("bold", 8, 2)]).html == "👩🏽‍💻 <b>is</b> &lt;b&gt;in&lt;/b&gt;"


def test_a_mark_that_tears_a_letter_or_stands_outside_is_left_out() -> None:
    words = "👩🏽‍💻 is in"
    for odd in (mark("bold", 3, 4), mark("bold", 0, 1), mark("bold", 5, 900), mark("bold", -1, 3)):
        assert said(words, [odd]) == Said(text=words)


def test_marks_that_cross_are_closed_and_opened_again() -> None:
    crossing = [mark("bold", 0, 6), mark("italic", 3, 6)]
    assert said("abcdefghi", crossing).html == "<b>abc<i>def</i></b><i>ghi</i>"


def test_only_addresses_of_the_web_become_links_and_the_text_shows_where_they_lead() -> None:
    odd = said("press here", [mark("text_link", 6, 4, url="javascript:alert(1)")])
    assert odd == Said(text="press here")
    link = said('press "here"', [mark("text_link", 7, 4, url='https://x.example/"><b>')])
    assert link.text == 'press "here (https://x.example/"><b>)"'
    assert '<a href="https://x.example/&quot;&gt;&lt;b&gt;">here</a>' in link.html


def test_lines_of_a_quotation_are_lines() -> None:
    assert said("a\nb", [mark("blockquote", 0, 3)]).html == "<blockquote>a<br>b</blockquote>"
