"""Which pictures a message names on the web, and what bytes are pictures."""

from __future__ import annotations

import time

import pytest

from deskcore.domain import html, remote_images

NAMED = [
    ('<img src="https://a.example/1.png">', ["https://a.example/1.png"]),
    ("<IMG SRC='HTTP://a.example/1'>", ["HTTP://a.example/1"]),
    ("<img src=//a.example/1 alt=x>", ["//a.example/1"]),
    ('<img\n alt="a > b"\n src = " https://a.example/1 ">', ["https://a.example/1"]),
    ('<img alt="a"src="https://a.example/1">', ["https://a.example/1"]),
    ('<img src="https://a.example/1?b=c&amp;d=%20">', ["https://a.example/1?b=c&d=%20"]),
    ('<img src="https://a.example/1"><p><img src="https://a.example/2">', ["https://a.example/1", "https://a.example/2"]),
    ('<img src="cid:logo">', []),
    ('<img src="data:image/png;base64,AA">', []),
    ('<img src="/files/1">', []),
    ('<img data-src="https://a.example/1">', []),
    ('<!-- <img src="https://a.example/1"> -->', []),
    ('<a href="https://a.example/1">https://a.example</a>', []),
    ("src=https://a.example/1", []),
    ("", []),
]  # fmt: skip


@pytest.mark.parametrize(("markup", "expected"), NAMED)
def test_pictures_that_lie_elsewhere_are_counted_and_named(
    markup: str, expected: list[str]
) -> None:
    assert remote_images.count(markup) == len(expected)
    assert remote_images.addresses(markup) == expected


def test_a_picture_is_named_once_by_the_address_that_the_cleaner_looks_it_up_by() -> None:
    markup = '<img src=" https://a.example/1?a=b&amp;c=\u00e9 ">' * 3
    [address] = remote_images.addresses(markup)
    shown = html.clean(markup, images={html.image_key(address): "/files/abc"})
    assert shown == '<img src="/files/abc">' * 3


@pytest.mark.parametrize("size", ['width="1" height="1"', "width=0 height=0", "height=1px width=0"])
def test_dots_that_only_tell_who_reads_are_not_named(size: str) -> None:
    assert remote_images.addresses(f'<img src="https://a.example/1" {size}>') == []
    wide = '<img src="https://a.example/1" width="600" height="1">'
    assert remote_images.addresses(wide) == ["https://a.example/1"]


@pytest.mark.parametrize(
    "hostile",
    [
        "<img ",
        "<img '",
        '<img "',
        "<img src",
        "<img a='b'",
        "<img\t src = ",
        "<!--",
        "<img " + " src" * 9,
    ],
)
def test_counting_takes_no_time_whatever_was_written(hostile: str) -> None:
    begun = time.process_time()
    remote_images.count(hostile * (2_000_000 // len(hostile)))
    remote_images.count("<img " + hostile.replace("<", "") * (1_000_000 // len(hostile)))
    assert time.process_time() - begun < 3


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n....", "image/png"),
        (b"\xff\xd8\xff\xe0....", "image/jpeg"),
        (b"GIF89a....", "image/gif"),
        (b"GIF87a....", "image/gif"),
        (b"RIFF....WEBPVP8 ", "image/webp"),
        (b"RIFF....WAVE", ""),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", ""),
        (b"<html>", ""),
        (b"", ""),
    ],
)
def test_a_picture_is_known_by_how_it_begins(content: bytes, kind: str) -> None:
    assert remote_images.kind_of(content) == kind
