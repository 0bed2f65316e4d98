"""A logo is told by its bytes; of an SVG only shapes and colours are left."""

from __future__ import annotations

import pytest

from deskcore.errors import Invalid
from deskcore.services.logos import LARGEST_LOGO, read_logo

SPACE = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def svg(inside: str, extra: str = "") -> bytes:
    return f'<svg {SPACE} viewBox="0 0 10 10" {extra}>{inside}</svg>'.encode()


def test_the_kind_is_told_by_the_bytes() -> None:
    assert read_logo(b"\x89PNG\r\n\x1a\n....").content_type == "image/png"
    assert read_logo(b"\xff\xd8\xff\xe0....").content_type == "image/jpeg"
    assert read_logo(b"RIFF....WEBPVP8 ").content_type == "image/webp"
    assert read_logo(svg("<path d='M0 0'/>")).content_type == "image/svg+xml"


@pytest.mark.parametrize(
    "content",
    [
        b"<html><script>alert(1)</script></html>",
        b"GIF89a....",
        b"BM....",
        b"%PDF-1.7 <svg",
        b"",
        b"\x00" * 10,
        b"<svg",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<x><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/></x>",
        b"\x89PNG\r\n\x1a\n" + b"x" * LARGEST_LOGO,
        svg("<script>alert(1)</script>"),
        svg("<g><g><script href='x'/></g></g>"),
        svg("<style>a{background:url(//elsewhere.test)}</style>"),
        svg("<foreignObject><p xmlns='http://www.w3.org/1999/xhtml'>x</p></foreignObject>"),
        svg("<image href='//elsewhere.test/x.png'/>"),
        svg("<a href='javascript:alert(1)'><path d=''/></a>"),
        svg("<set attributeName='href' to='javascript:alert(1)'/>"),
        b'<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
        + svg("<text>&b;</text>"),
        b'<!DOCTYPE svg [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + svg("<text>&x;</text>"),
    ],
)
def test_what_is_no_picture_or_could_do_something_is_refused(content: bytes) -> None:
    with pytest.raises(Invalid) as caught:
        read_logo(content)
    assert caught.value.problems[0].field == "logo"


@pytest.mark.parametrize(
    "inside",
    [
        "<path onload='alert(1)' d='M0 0'/>",
        "<path fill='url(//elsewhere.test/x)' d='M0 0'/>",
        "<path fill='u\\72l(//elsewhere.test/x)' d='M0 0'/>",
        "<path style='fill:url(//elsewhere.test/x)' d='M0 0'/>",
        "<path style='background:url(//elsewhere.test/x);fill:#f00' d='M0 0'/>",
        "<use href='//elsewhere.test/x.svg#y'/>",
        "<use xlink:href='data:image/svg+xml,x#elsewhere.test'/>",
        "<x:script xmlns:x='http://www.w3.org/1999/xhtml'>elsewhere.test</x:script>",
        "<metadata>elsewhere.test</metadata>",
        "<!-- elsewhere.test --><?xml-stylesheet href='//elsewhere.test'?>",
        "<path filter='url(//elsewhere.test#x)' d='M0 0'/>",
        "<animateTransform onbegin='alert(1)'/>",
        "<path d='M0 0' class='alert(1)'/>",
    ],
)
def test_what_points_out_of_the_picture_is_left_out(inside: str) -> None:
    cleaned = read_logo(svg(inside, 'onload="alert(1)"')).content
    assert b"elsewhere" not in cleaned
    assert b"alert" not in cleaned


def test_what_draws_the_picture_stays() -> None:
    drawn = svg(
        "<defs><linearGradient id='a'><stop offset='0' stop-color='#0f0'/></linearGradient></defs>"
        "<path style='fill:url(#a);stroke:#123456' d='M0 0h9'/><use xlink:href='#a'/>"
        "<text x='1' font-family='serif'>Tea &amp; more</text>"
    )
    cleaned = read_logo(drawn).content.decode()
    assert 'fill="url(#a)" stroke="#123456"' in cleaned.replace(' d="M0 0h9"', "")
    assert '<use href="#a"/>' in cleaned
    assert "Tea &amp; more</text>" in cleaned
    assert read_logo(cleaned.encode()).content.decode() == cleaned
