"""The components in a real browser: readable for everybody, usable with keys, never lost."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from deskcore.web.assets import STATIC

pytestmark = pytest.mark.browser

PATHS = ["/", "/t/1", "/guide?err=1&toast=1", "/sign-in?err=1", "/wrong/404"]
ACTIVE = "document.activeElement.id || document.activeElement.tagName"


@pytest.fixture
def desk(browser: Browser, guide_url: str) -> Iterator[Page]:
    """Give a page 1440 wide that fails the test on any script error or refused resource."""
    context = browser.new_context(base_url=guide_url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    yield page
    context.close()
    assert [fault for fault in faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 1000, 360])
def test_axe_finds_nothing_and_nothing_overflows(
    browser: Browser, guide_url: str, theme: str, width: int
) -> None:
    context = browser.new_context(
        base_url=guide_url,
        viewport={"width": width, "height": 800},
        color_scheme="dark" if theme == "dark" else "light",
        reduced_motion="reduce",
        bypass_csp=True,
    )
    page = context.new_page()
    for path in PATHS:
        page.goto(path)
        violations = Axe().run(page).response["violations"]
        assert [(path, found["id"], found["nodes"][0]["html"]) for found in violations] == []
        wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        assert not page.evaluate(wide), path
        assert page.evaluate("document.getAnimations().length") == 0
    context.close()


def test_a_row_opens_its_ticket_without_losing_focus(desk: Page) -> None:
    desk.goto("/")
    desk.click("#ticket-2-link")
    expect(desk).to_have_url("/t/2")
    expect(desk).to_have_title("#2 · Konvička & syn")
    expect(desk.locator("#side")).to_contain_text("Order 10432")
    assert desk.get_attribute("#ticket-2-link", "aria-current") == "true"
    expect(desk.locator("#main :focus")).to_have_count(1)
    desk.go_back()
    expect(desk.locator("#main")).to_contain_text("Nothing is open")
    assert desk.locator("main").count() == 1


def test_the_core_loop_needs_no_mouse(desk: Page) -> None:
    desk.goto("/t/1")
    desk.keyboard.press("j")
    expect(desk).to_have_url("/t/2")
    expect(desk.locator("#composer-2-text")).to_be_attached()  # the address comes before the page
    desk.keyboard.press("r")
    expect(desk.locator("#composer-2-text")).to_be_focused()
    desk.keyboard.type("jk Posíláme novou.")
    desk.keyboard.press("Control+Enter")
    expect(desk).to_have_url("/t/3")
    expect(desk.locator("#toasts")).to_contain_text("Reply to Jana goes out in")
    expect(desk.locator(".composer-text")).to_have_value("")
    expect(desk.locator("#main :focus")).to_have_count(1)
    desk.keyboard.press("n")
    expect(desk.get_by_role("button", name="Add note")).to_be_visible()
    expect(desk.get_by_role("button", name="Send and solve")).to_be_hidden()


def test_keys_rest_where_the_reader_switched_them_off(desk: Page) -> None:
    desk.goto("/t/1?nokeys=1")
    desk.keyboard.press("j")
    desk.keyboard.press("r")
    expect(desk).to_have_url("/t/1?nokeys=1")
    assert desk.evaluate(ACTIVE) == "BODY"


@pytest.mark.parametrize(
    ("event", "name"),
    [
        ({"key": "j", "code": "KeyJ"}, "j"),
        ({"key": "о", "code": "KeyJ"}, "j"),
        ({"key": "z", "code": "KeyY"}, "z"),
        ({"key": "?", "code": "Comma", "shiftKey": True}, "?"),
        ({"key": "Enter", "code": "Enter", "ctrlKey": True}, "mod+Enter"),
        ({"key": "v", "code": "KeyV", "ctrlKey": True, "altKey": True, "altGr": True}, ""),
        ({"key": "Process", "code": "KeyA"}, ""),
        ({"key": "J", "code": "KeyJ", "shiftKey": True}, "shift+j"),
    ],
)
def test_keys_mean_the_same_on_every_layout(
    desk: Page, event: dict[str, object], name: str
) -> None:
    script = (STATIC / "js" / "keys.js").read_text("utf-8")
    start = script.index("function keyOf(")
    key_of = script[start : script.index("\n}", start) + 2]
    pressed = "{...event, getModifierState: key => key === 'AltGraph' && event.altGr}"
    seen = desk.evaluate(f"event => {{ {key_of} return keyOf({pressed}); }}", event)
    assert seen == name


def test_drafts_go_to_the_server_and_stay_on_the_device_only_while_that_fails(desk: Page) -> None:
    desk.goto("/t/1")
    desk.fill(".composer-text", "Dobrý den")
    expect(desk.locator(".composer-state")).to_have_text("Draft saved 9:47")
    assert desk.evaluate("localStorage.length") == 0
    desk.context.set_offline(True)
    desk.fill(".composer-text", "Dobrý den, paní")
    expect(desk.locator(".composer-state")).to_have_text("Kept on this device")
    expect(desk.locator("#conn")).to_contain_text("Offline")
    assert desk.evaluate("localStorage.length") == 1
    desk.context.set_offline(False)
    expect(desk.locator(".composer-state")).to_have_text("Draft saved 9:47")
    assert desk.evaluate("localStorage.length") == 0
    expect(desk.locator("#conn")).to_be_empty()


def test_what_the_device_kept_comes_back(desk: Page) -> None:
    desk.goto("/t/1")
    desk.context.set_offline(True)
    desk.fill(".composer-text", "Napsáno bez spojení")
    expect(desk.locator(".composer-state")).to_have_text("Kept on this device")
    desk.context.set_offline(False)
    desk.evaluate("localStorage.setItem('draft  /t/2/draft', 'Z minula')")
    desk.goto("/t/2")
    expect(desk.locator(".composer-text")).to_have_value("Z minula")


def test_a_question_is_asked_before_what_cannot_be_undone(desk: Page) -> None:
    desk.goto("/guide")
    desk.click("#pb")
    expect(desk.get_by_role("dialog")).to_contain_text("Remove Eva?")
    desk.keyboard.press("Escape")
    assert desk.evaluate(ACTIVE) == "pb"
    desk.click("#pb")
    with desk.expect_request(lambda request: request.method == "POST"):
        desk.get_by_role("dialog").get_by_role("button", name="Remove").click()


def test_a_menu_is_walked_with_arrows_and_left_with_escape(desk: Page) -> None:
    desk.goto("/guide")
    desk.click("#mm-button")
    desk.keyboard.press("ArrowDown")
    assert desk.evaluate(ACTIVE) == "m1"
    desk.keyboard.press("Escape")
    assert desk.evaluate(ACTIVE) == "mm-button"
    expect(desk.locator("#m1")).to_be_hidden()


def test_a_mail_is_shown_in_full_height_and_cannot_run_code(desk: Page) -> None:
    desk.goto("/t/1")
    frame = desk.locator(".mail-frame")
    frame.scroll_into_view_if_needed()
    expect(frame).not_to_have_css("height", "384px")
    hidden = "frame => frame.contentDocument.documentElement.scrollHeight - frame.clientHeight"
    assert frame.evaluate(hidden) == 0
    assert "allow-scripts" not in (frame.get_attribute("sandbox") or "")


def test_phones_show_one_pane_and_reach_the_others(browser: Browser, guide_url: str) -> None:
    context = browser.new_context(base_url=guide_url, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto("/")
    page.click("#bar-menu")
    expect(page.get_by_role("navigation", name="Desk")).to_be_visible()
    page.keyboard.press("Escape")
    page.click("#ticket-2-link")
    expect(page.locator(".thread")).to_be_visible()
    expect(page.locator("#list")).to_be_hidden()
    page.click("#side-open")
    expect(page.get_by_text("Order 10432", exact=True)).to_be_visible()
    context.close()


def test_without_script_a_note_is_chosen_and_the_nav_opens(
    browser: Browser, guide_url: str
) -> None:
    context = browser.new_context(
        base_url=guide_url, viewport={"width": 360, "height": 740}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto("/t/1")
    page.get_by_label("Note", exact=True).check()
    expect(page.get_by_role("button", name="Add note")).to_be_visible()
    expect(page.get_by_role("button", name="Send and solve")).to_be_hidden()
    expect(page.locator("#files")).to_be_visible()
    page.goto("/sign-in")
    expect(page.get_by_role("button", name="Show")).to_have_count(0)
    context.close()
