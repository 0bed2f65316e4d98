"""Files of strangers are handed out as bytes, whatever they are called and said to be."""

from __future__ import annotations

import os
from collections.abc import Callable
from urllib.parse import quote

import pytest
from flask import Flask
from lxml import html as markup
from sqlalchemy import select

from deskcore.models import Attachment, ChannelAccount
from deskcore.services.unit import reading
from tests.hostile.furnished import receive
from tests.hostile.strings import CLASSES
from tests.hostile.visiting import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"
HTML = b"<!doctype html><script>alert(1)</script>"
# (said to be, called, content): what an attacker hopes a browser will open as a page.
FILES = [
    ("image/svg+xml", "a.svg", SVG), ("image/png", "a.png", SVG), ("text/html", "a.html", HTML),
    ("text/plain", "a.txt", HTML), ("image/gif", "a.gif", b"GIF89a/*" + HTML), ("application/pdf", "a.pdf", HTML),
    ("application/xhtml+xml", "a.xhtml", HTML), ("text/xml", "a.xml", b"<?xml version='1.0'?>" + SVG), ("message/rfc822", "a.eml", HTML),
    ("multipart/x-mixed-replace; boundary=x", "a", HTML), ("text/javascript", "a.js", b"alert(1)"), ("text/html\r\nX-A: b", "a", HTML),
    ("application/x-shockwave-flash", "a.swf", b"FWS"), ("text/cache-manifest", "a", b"CACHE MANIFEST"), ("", "", HTML), ("*/*", "a", HTML),
    ("IMAGE/PNG", "A.HTML", HTML), ("image/jpeg", "a.jpg.html", b"\xff\xd8\xff" + HTML), ("text/vtt", "a.vtt", HTML), ("unknown/unknown", "a.htm", HTML),
]  # fmt: skip
IS_WHOLE = "DESK_TEST_EVERYTHING" in os.environ
OF_NAMES = ("paths", "controls", "directions", "headers", "invisible", "markup")
HARMLESS = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf", "text/plain", "application/octet-stream"}  # fmt: skip


def received(noting: Flask, files: list[tuple[str, str, bytes]]) -> list[Attachment]:
    """Let a mail with files in and return them as they are stored."""
    parts = b"".join(
        b"--b\r\nContent-Type: %s\r\nContent-Disposition: attachment; filename*=utf-8''%s\r\n\r\n%s\r\n"
        % (kind.encode(), quote(name.encode("utf-8", "replace")).encode(), content)
        for kind, name, content in files
    )
    head = b"From: a@b.test\r\nSubject: files\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    with reading() as session:
        account = session.scalars(select(ChannelAccount.id)).first()
        newest = session.scalars(select(Attachment.id).order_by(Attachment.id.desc())).first() or 0
    assert account
    receive(
        account,
        head + b"--b\r\nContent-Type: text/html\r\n\r\n<p>See</p>\r\n" + parts + b"--b--\r\n",
    )
    with reading() as session:
        new = select(Attachment).where(Attachment.id > newest).order_by(Attachment.id)
        return list(session.scalars(new))


def test_a_file_is_never_shown_as_a_page(noting: Flask, owner: Visitor) -> None:
    files = received(noting, FILES)
    assert len(files) == len(FILES)
    for file in files:
        answer = owner.get(f"/files/{file.public_id}")
        assert answer.status_code == 200
        assert answer.mimetype in HARMLESS
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "X-A" not in answer.headers


def test_a_name_is_only_a_name(noting: Flask, owner: Visitor, count: Callable[[str], None]) -> None:
    names = [
        name
        for kind, members in CLASSES.items()
        if kind in OF_NAMES or IS_WHOLE
        for name in (members if IS_WHOLE else members[::3])
    ]
    files = []
    for at in range(0, len(names), 50):
        files += received(noting, [("text/plain", name, b"x") for name in names[at : at + 50]])
    count(f"{len(names)} names of files")
    assert len(files) == len(names)
    for file in files:
        assert not set(file.filename) & set("/\\\r\n\x00\u202e\u200b")
        answer = owner.get(f"/files/{file.public_id}")
        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment; filename")
        assert len(answer.headers.getlist("Set-Cookie")) <= 1


def test_the_original_is_handed_out_as_a_file(noting: Flask, owner: Visitor) -> None:
    (file,) = received(noting, FILES[:1])
    raw = owner.get(f"/messages/{file.message_id}/raw")
    assert raw.mimetype == "application/octet-stream"
    assert raw.headers["Content-Disposition"].startswith("attachment")
    assert raw.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


def test_the_frame_of_a_mail_allows_no_script_and_no_navigation(
    noting: Flask, owner: Visitor
) -> None:
    received(noting, FILES[:1])
    page = owner.get(
        owner.get("/v/open?sort=newest")
        .text.partition('href="/t/')[2]
        .partition('"')[0]
        .join(["/t/", ""])
        .replace("&amp;", "&")
    )
    (frame,) = markup.document_fromstring(page.text).xpath("//iframe")
    allowed = set(frame.get("sandbox").split())
    assert allowed == {"allow-same-origin", "allow-popups", "allow-popups-to-escape-sandbox"}
