"""A mail that attacks the agent's browser is only read: nothing runs, nothing leaves."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Page, expect

from tests.browser.mails import File
from tests.browser.shop import Shop, thread

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser-shop")]

ATTACK = """
<html><head><meta http-equiv="refresh" content="0;url={site}/refresh">
<base href="{site}/"><link rel="stylesheet" href="{site}/style.css">
<link rel="prefetch" href="{site}/prefetch"><style>@import url({site}/import.css);
body {{ background: url({site}/background.png) }} @font-face {{ font-family: f; src: url({site}/f) }}
* {{ font-family: f }} #toasts, #nav {{ display: none !important }}</style></head>
<body background="{site}/body.png" onload="top.ran=1">
<p>Please look at this offer.</p>
<script>top.ran = 1; parent.ran = 1; fetch("{site}/script")</script>
<script src="{site}/script.js"></script>
<img src="x" onerror="top.ran=1"><img src="{site}/pixel.png" srcset="{site}/pixel2.png 2x">
<svg onload="top.ran=1"><script>top.ran=1</script><image href="{site}/svg.png"/>
<use href="{site}/use.svg#x"/><animate onbegin="top.ran=1" attributeName="x" dur="1s"/></svg>
<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=top.ran=1&gt;">
<a id="js" href="javascript:top.ran=1">Open the picture</a>
<a href="&#106;avascript:top.ran=1">Open the other</a>
<a id="jump" href="{site}/link" target="_top">Visit us</a>
<a href="data:text/html,<script>top.ran=1</script>">Data</a>
<div hx-get="{site}/hx" hx-trigger="load" hx-target="#main">hx</div>
<div data-hx-get="/t/1/delete" data-hx-trigger="load" hx-on:load="top.ran=1">hx2</div>
<button hx-post="/t/1/delete" hx-trigger="load" data-key="j" data-action="dismiss">Key</button>
<form id="csrf" action="{site}/form" method="post"><input autofocus onfocus="top.ran=1">
<input type="submit" id="send" value="Go on"></form>
<iframe src="{site}/frame"></iframe><iframe srcdoc="<script>top.ran=1</script>"></iframe>
<object data="{site}/object"></object><embed src="{site}/embed">
<video src="{site}/video" poster="{site}/poster.png" autoplay></video>
<audio src="{site}/audio" autoplay></audio><input type="image" src="{site}/button.png">
<table background="{site}/table.png"><tr><td style="background-image:url('{site}/cell.png')">x</td>
</tr></table><details ontoggle="top.ran=1" open><summary>more</summary></details>
<p style="position:fixed;inset:0;z-index:9999;background:url({site}/cover.png)">Covering all</p>
<template><script>top.ran=1</script></template><noscript><img src="{site}/noscript"></noscript>
</body></html>
"""


@dataclass
class Site:
    """The attacker's machine, which notes every visit."""

    url: str
    visits: list[str] = field(default_factory=list)


@pytest.fixture
def site() -> Iterator[Site]:
    found = Site(url="")

    class Noted(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.visits.append(self.path)
            self.send_error(404)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Noted) as server:
        found.url = f"http://127.0.0.1:{server.server_port}"
        serving = threading.Thread(target=server.serve_forever)
        serving.start()
        yield found
        server.shutdown()
        serving.join()


def nothing_has_happened(page: Page, site: Site, ticket: str) -> None:
    assert page.evaluate("window.ran") is None
    assert page.url == ticket
    assert site.visits == []
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()


def test_nothing_in_a_mail_runs_navigates_or_asks_another_machine(shop: Shop, site: Site) -> None:
    with shop.opened() as context:
        page = context.new_page()
        shop.open_question(page, html=ATTACK.format(site=site.url))
        body = page.locator("iframe").content_frame
        expect(body.get_by_text("Please look at this offer.")).to_be_visible()
        expect(thread(page).get_by_text("Covering all")).to_have_count(0)
        ticket = page.url
        page.wait_for_load_state("networkidle")
        nothing_has_happened(page, site, ticket)
        for name in ("Open the picture", "Open the other", "Data"):
            for link in body.get_by_text(name).all():
                link.click()
        page.reload()
        expect(body.get_by_text("Please look at this offer.")).to_be_visible()
        page.wait_for_load_state("networkidle")
        nothing_has_happened(page, site, ticket)
        assert len(context.pages) == 1


def test_the_body_opened_alone_is_as_harmless(shop: Shop, site: Site) -> None:
    with shop.opened_closely() as (context, watch):
        watch.expected.append("/favicon.ico")
        page = context.new_page()
        shop.open_question(page, html=ATTACK.format(site=site.url))
        body = page.locator("iframe").get_attribute("src") or ""
        page.goto(body)
        expect(page.get_by_text("Please look at this offer.")).to_be_visible()
        page.wait_for_load_state("networkidle")
        assert page.url.endswith(body)
        assert (
            page.locator("script, form, iframe, object, embed, base, meta[http-equiv]").all() == []
        )
        assert site.visits == []


def test_subject_name_and_file_name_are_only_words(shop: Shop, site: Site) -> None:
    words = f"<img src={site.url}/x onerror=window.ran=1><script>window.ran=1</script>"
    file = File(name=f"{words}.txt", kind="text/plain", content=b"words")
    with shop.opened() as context:
        page = context.new_page()
        question = shop.asked(words, subject=words, name=words, files=[file])
        shop.wait_in_list(page, question.subject).click()
        expect(page.get_by_role("heading", level=1)).to_have_text(question.subject)
        expect(thread(page).get_by_text(words)).to_be_visible()
        for path in ("/v/open", "/search?q=onerror", page.url):
            page.goto(path)
            page.wait_for_load_state("networkidle")
            assert page.evaluate("window.ran") is None
        assert site.visits == []
