"""An owner makes the desk their own: a draft that nobody sees, then everybody, and back again."""

from __future__ import annotations

import io
import re

import pytest

from deskcore.config import Config
from deskcore.services import files
from deskcore.services.appearance import REVISIONS
from tests.databases import opened
from tests.web.conftest import Visitor
from tests.web.looks.conftest import PAGE, WISHES, Customizer

PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path style="fill:#f00" d="M0 0h9v9z"/></svg>'


def test_a_desk_that_nobody_changed_has_no_sheet(customizer: Customizer) -> None:
    assert customizer.sheet("/help") == customizer.sheet("/v/open") == ""
    assert "Everybody sees this." in customizer.open()


def test_a_draft_is_shown_to_its_owner_alone(customizer: Customizer, stranger: Customizer) -> None:
    answer = customizer.send()
    assert answer.status_code == 303
    assert "Not published yet" in customizer.open()
    assert customizer.sheet("/help") == stranger.sheet("/help") == ""
    assert stranger.sheet("/help?look=draft") == ""
    assert "Orders before noon" not in stranger.browser.get("/help?look=draft").text
    draft = customizer.sheet("/help?look=draft")
    assert draft.startswith(f"{PAGE}/draft/public")
    assert "Orders before noon leave today" in customizer.browser.get("/help?look=draft").text
    assert "--accent:" in customizer.browser.get(draft).text
    assert stranger.browser.get(draft).status_code == 303


def test_what_is_published_is_shown_from_the_next_page_on(
    customizer: Customizer, stranger: Customizer
) -> None:
    customizer.publish()
    page = stranger.browser.get("/help").text
    assert "Orders before noon leave today" in page
    assert "Čajovna, Dlouhá 1" in page
    for surface, path in (("public", "/help"), ("agent", "/v/open"), ("plain", "/admin")):
        url = customizer.sheet(path)
        assert re.fullmatch(rf"/look/[0-9a-f]{{16}}/{surface}", url)
        assert "--r-md: 0.875rem;" in customizer.browser.get(url).text
    assert stranger.sheet("/sign-in").endswith("/plain")


def test_a_sheet_is_cached_for_good_and_an_old_address_is_not(customizer: Customizer) -> None:
    customizer.publish()
    url = customizer.sheet()
    answer = customizer.browser.get(url)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    again = customizer.browser.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304
    customizer.publish(hue="10")
    old = customizer.browser.get(url)
    assert old.headers["Cache-Control"] == "no-cache"
    assert old.data == customizer.browser.get(customizer.sheet()).data != answer.data
    assert customizer.browser.get("/look/x/nowhere").status_code == 404


def test_pages_of_a_desk_may_be_framed_only_while_they_show_the_draft(
    customizer: Customizer, stranger: Customizer
) -> None:
    def policy(who: Customizer, path: str) -> str:
        return who.browser.get(path).headers["Content-Security-Policy"]

    assert "frame-ancestors 'self'" in policy(customizer, "/v/open?look=draft")
    assert "frame-ancestors 'none'" in policy(customizer, "/v/open")
    assert "frame-ancestors 'none'" in policy(customizer, "/v/open?look=1")
    assert "frame-ancestors 'none'" in policy(stranger, "/sign-in?look=draft")
    assert "style-src 'self'" in policy(customizer, "/v/open?look=draft")


def test_a_draft_can_be_thrown_away(customizer: Customizer) -> None:
    customizer.publish()
    css = customizer.css()
    customizer.send(hue="100")
    answer = customizer.browser.post(f"{PAGE}/discard", {"version": customizer.version})
    assert answer.status_code == 303
    assert 'id="hue" name="hue" value="262"' in customizer.open()
    assert customizer.css() == css == customizer.css("/help?look=draft")


def test_ten_revisions_are_kept_and_each_comes_back_byte_for_byte(customizer: Customizer) -> None:
    seen = []
    for hue in range(0, 240, 20):
        customizer.publish(hue=str(hue), css=f".x {{ order: {hue} }}", footer_en=f"Foot {hue}")
        page = customizer.browser.get("/help").data
        seen.append((customizer.sheet(), customizer.browser.get(customizer.sheet()).data, page))
    ids = [int(found) for found in re.findall(r'id="revision-(\d+)"', customizer.open())]
    assert len(ids) == REVISIONS + 1  # and the look the desk came with
    for back in (3, 9, 0, 5):
        customizer.open()
        answer = customizer.browser.post(f"{PAGE}/revisions/{ids[back]}")
        assert answer.status_code == 303
        url, css, page = seen[-1 - back]
        assert customizer.sheet() == url
        assert customizer.browser.get(url).data == css
        assert customizer.browser.get("/help").data == page
    customizer.open()
    customizer.browser.post(f"{PAGE}/revisions/0")
    assert customizer.sheet() == ""
    assert customizer.browser.post(f"{PAGE}/revisions/{ids[-2] - 1}").status_code == 404


def test_a_return_keeps_the_draft(customizer: Customizer) -> None:
    customizer.publish()
    customizer.send(hue="33")
    customizer.browser.post(f"{PAGE}/revisions/0")
    assert 'id="hue" name="hue" value="33"' in customizer.open()


def test_two_people_at_once_are_both_heard(customizer: Customizer) -> None:
    seen = customizer.version
    customizer.send(version=seen, hue="10", footer_en="Hers")
    answer = customizer.send(version=seen, hue="20", footer_en="His")
    assert answer.status_code == 409
    assert "has changed the draft meanwhile. Nothing was overwritten." in answer.text
    assert "His" in answer.text
    assert 'value="20"' in answer.text
    assert "Hers" in customizer.open()
    [newer] = re.findall(r'name="version" value="(\d+)"', answer.text)
    assert customizer.send(version=newer, footer_en="His").status_code == 303
    assert "His" in customizer.open()
    for path in (f"{PAGE}/publish", f"{PAGE}/discard"):
        assert customizer.send(path, version=seen).status_code == 409
    assert customizer.sheet() == ""


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("hue", "400", "A hue is a number from 0 to 359."),
        ("hue", "x", "A hue is a number from 0 to 359."),
        ("strength", "-1", "A strength is from 0 to 100 percent."),
        ("corner", "pointed", "Choose one of the list."),
        ("font", "url(x)", "Choose one of the list."),
        ("scheme", "sepia", "Choose one of the list."),
        ("footer_en", "x" * 601, "Use at most 600 characters."),
        ("css", "@import 'x';", "Line 1: @import cannot be used here."),
        ("css", "a{} }", "Line 1 is no CSS"),
    ],
)
def test_what_cannot_be_used_is_said_at_its_field_and_nothing_is_kept(
    customizer: Customizer, field: str, value: str, said: str
) -> None:
    sent = {**WISHES, "version": customizer.version, field: value}
    answer = customizer.browser.post(PAGE, sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert f'href="#{field}"' in answer.text
    assert "Everybody sees this." in customizer.open()


def test_a_preset_works_without_scripts(customizer: Customizer) -> None:
    assert customizer.send(accent="theme", preset="brick").status_code == 303
    page = customizer.open()
    assert 'id="hue" name="hue" value="32"' in page
    assert 'value="own" checked' in page


def test_the_pages_can_be_looked_at_without_scripts(customizer: Customizer) -> None:
    answer = customizer.send(then="public")
    assert answer.location == "/help?look=draft"
    assert customizer.send(then="agent").location == "/v/open?look=draft"


def test_own_css_is_for_public_pages_alone(customizer: Customizer) -> None:
    customizer.publish(css=".card { outline: 3px dashed }")
    assert "outline: 3px dashed" in customizer.css("/help")
    assert "outline" not in customizer.css("/v/open")
    assert "outline" not in customizer.css("/admin")


def test_texts_are_escaped_and_in_the_readers_language(
    customizer: Customizer, stranger: Customizer
) -> None:
    customizer.publish(footer_en="<b>Tea & more</b>", footer_cs="Čaj")
    assert "&lt;b&gt;Tea &amp; more&lt;/b&gt;" in stranger.browser.get("/help?lang=en").text
    assert "Čaj</p>" in stranger.browser.get("/help?lang=cs").text
    assert "Tea &amp; more" in stranger.browser.get("/help?lang=ru").text


def test_light_dark_and_density_of_public_pages(customizer: Customizer) -> None:
    customizer.publish(scheme="dark", density="compact")
    page = customizer.browser.get("/help").text
    assert 'data-theme="dark" data-density="compact"' in page
    assert '<meta name="color-scheme" content="dark">' in page


def test_a_logo_is_shown_to_customers_and_nothing_else_is(
    customizer: Customizer, stranger: Customizer
) -> None:
    customizer.publish(logo=(io.BytesIO(SVG), "logo.svg"))
    [url] = re.findall(
        r'class="logo" src="([^"]+)" alt="Čajovna"', stranger.browser.get("/help").text
    )
    answer = stranger.browser.get(url)
    assert answer.mimetype == "image/svg+xml"
    assert b'fill="#f00"' in answer.data
    assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert stranger.browser.get(f"/look/logo/{'0' * 64}").status_code == 404
    assert stranger.browser.get("/look/logo/x").status_code == 404
    other = files.write(b"somebody's file")
    assert stranger.browser.get(f"/look/logo/{other}").status_code == 404


def test_a_logo_stays_until_it_is_taken_away(customizer: Customizer) -> None:
    customizer.publish(logo=(io.BytesIO(PNG), "logo.png"))
    customizer.publish(hue="5")
    assert 'class="logo"' in customizer.browser.get("/help").text
    customizer.send(then="no-logo")
    customizer.publish()
    assert 'class="logo"' not in customizer.browser.get("/help").text


def test_a_file_that_is_no_picture_is_refused(customizer: Customizer) -> None:
    answer = customizer.send(logo=(io.BytesIO(b"MZ\x00"), "logo.png"))
    assert answer.status_code == 422
    assert "Use PNG, JPEG, WebP or SVG." in answer.text


def test_every_change_of_what_people_see_is_in_the_audit_log(customizer: Customizer) -> None:
    customizer.publish(css="a { color: red }")
    customizer.send(hue="9")
    customizer.browser.post(f"{PAGE}/discard", {"version": customizer.version})
    customizer.browser.post(f"{PAGE}/revisions/0")
    log = customizer.browser.get("/admin/audit").text
    for said in ("published a look", "discarded a draft", "went back to an earlier look"):
        assert said in log


def test_a_browser_that_does_without_themes_does_without_looks(customizer: Customizer) -> None:
    customizer.publish()
    assert customizer.sheet("/v/open?safe=1") == ""
    customizer.browser.get("/?safe=0")
    assert customizer.sheet("/v/open") != ""


def test_a_part_of_the_page_says_what_the_whole_page_says(customizer: Customizer) -> None:
    version = customizer.version
    with customizer.browser.client.application.app_context():
        answer = customizer.browser.client.post(
            PAGE,
            data={
                "csrf_token": customizer.browser.token,
                "accent": "own",
                "hue": "3",
                "strength": "9",
                "scheme": "auto",
                "density": "cosy",
                "contrast": "normal",
                "version": version,
            },
            headers={
                "HX-Request": "true",
                "HX-Request-Type": "partial",
                "HX-Target": "div#look-state",
            },
        )
    assert answer.status_code == 200
    assert answer.text.startswith('<div class="stack-sm look-state" id="look-state"')
    assert f'name="version" value="{int(version) + 1}"' in answer.text
    assert "#look-swatches" in answer.text
    assert "<html" not in answer.text


def test_every_process_shows_it_from_its_next_answer_on(
    customizer: Customizer, config: Config
) -> None:
    with opened(config, has_pages=True) as second:
        other = Customizer(browser=Visitor(second.test_client()))
        assert other.sheet() == ""
        for hue in ("10", "200"):
            customizer.publish(hue=hue)
            assert other.sheet() == customizer.sheet() != ""
            assert other.css() == customizer.css()
        ids = re.findall(r'id="revision-(\d+)"', customizer.open())
        customizer.browser.post(f"{PAGE}/revisions/{ids[1]}")
        assert other.sheet() == customizer.sheet()
