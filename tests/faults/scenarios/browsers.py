"""Fault 50: hasty hands in a real browser, on a network that goes away and sessions that end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect
from sqlalchemy import delete, func, select

from deskcore.models import Delivery, Message, UserSession
from deskcore.services.unit import reading, unit_of_work
from tests.browser.desks import sign_in
from tests.browser.shop import composer, thread
from tests.faults.catalogue import BOTH, fault
from tests.faults.scenarios.disks import settle_here
from tests.faults.stage import Place, Stage
from tests.faults.visitor import give_owner, pressed
from tests.servers import chromium


@dataclass(frozen=True, kw_only=True)
class _Answer:
    """An answer that is about to be sent, and the ticket it belongs to."""

    number: int
    ticket: int

    @property
    def text(self) -> str:
        return f"answer-{self.number}- is posted today."


@fault(50, "browser: pressed twice, two tabs, Back, no network, ended session", databases=BOTH)
def browsers(stage: Stage) -> None:
    """Do each of these in Chromium: one answer leaves, nothing that was written is gone."""
    place = stage.a_mailbox()
    give_owner()
    address = stage.start("run").address
    done: dict[str, int] = {}
    ways = [*_WAYS]
    stage.rng.shuffle(ways)
    with chromium.launched() as browser:
        for moment in range(stage.moments):
            way = ways[moment % len(ways)]
            has_scripts = way not in _NEED_SCRIPTS and stage.rng.random() < 0.5
            with _signed_in(
                browser, address, scripts=way in _NEED_SCRIPTS or has_scripts
            ) as context:
                _do(stage, place, context, way)
            done[way.__name__] = done.get(way.__name__, 0) + 1
    settle_here(stage)
    times = ", ".join(f"{name.replace('_', ' ')} {count}×" for name, count in sorted(done.items()))
    stage.note(f"{times}: one answer each, and every text was still there")


def _do(stage: Stage, place: Place, context: BrowserContext, way: Way) -> None:
    number = stage.next_number()
    answer = _Answer(number=number, ticket=stage.a_ticket(place, number))
    page = context.new_page()
    page.goto(f"/t/{answer.ticket}")
    way(stage, page, answer)
    stage.until(lambda: _queued(answer), f"{way.__name__}: the answer is queued", 20)
    page.wait_for_timeout(stage.rng.uniform(0, 1000))  # a second one would come now
    assert _queued(answer) == 1, f"{way.__name__}: {_queued(answer)} answers"
    stage.pressed.append(pressed(number))


def _signed_in(browser: Browser, address: str, *, scripts: bool) -> BrowserContext:
    context = browser.new_context(base_url=address, java_script_enabled=scripts)
    context.set_default_timeout(20_000)
    page = context.new_page()
    sign_in(page)
    page.close()
    return context


def pressed_twice(stage: Stage, page: Page, answer: _Answer) -> None:
    _write(page, answer)
    _send_button(page).dblclick(delay=stage.rng.uniform(0, 60))


def pressed_in_two_tabs(stage: Stage, page: Page, answer: _Answer) -> None:
    other = page.context.new_page()
    other.goto(f"/t/{answer.ticket}")
    _write(page, answer)
    _write(other, answer)
    _send_button(page).click(no_wait_after=True)
    other.wait_for_timeout(stage.rng.uniform(0, 600))
    _send_button(other).click()
    expect(thread(other).get_by_text(answer.text)).to_have_count(1)


def sent_again_from_a_fresh_tab(stage: Stage, page: Page, answer: _Answer) -> None:
    _write(page, answer)
    _send_button(page).click()
    expect(thread(page).get_by_text(answer.text)).to_have_count(1)
    other = page.context.new_page()
    other.wait_for_timeout(stage.rng.uniform(0, 600))
    other.goto(f"/t/{answer.ticket}")
    _write(other, answer)
    _send_button(other).click()
    expect(composer(other).get_by_label("all the same")).to_be_visible()
    expect(_text(other)).to_have_value(answer.text)


def sent_and_gone_back(stage: Stage, page: Page, answer: _Answer) -> None:
    _write(page, answer)
    _send_button(page).click()
    expect(thread(page).get_by_text(answer.text)).to_have_count(1)
    page.wait_for_timeout(stage.rng.uniform(0, 600))
    page.go_back()
    if not page.url.endswith(f"/t/{answer.ticket}"):
        page.go_forward()
    _write(page, answer)
    _send_button(page).click()
    page.wait_for_load_state()


def network_gone_before_it_left(stage: Stage, page: Page, answer: _Answer) -> None:
    _write(page, answer)
    page.wait_for_timeout(stage.rng.uniform(0, 1500))  # the draft may be saved by now
    page.context.set_offline(True)
    _send_button(page).click()
    page.wait_for_timeout(stage.rng.uniform(300, 1500))
    assert _queued(answer) == 0
    page.context.set_offline(False)
    expect(_text(page)).to_have_value(answer.text)
    _send_button(page).click()


def network_gone_in_the_middle(stage: Stage, page: Page, answer: _Answer) -> None:
    def lose(route: Route) -> None:
        route.fetch()  # the desk has it
        route.abort("connectionreset")  # and nobody hears so

    page.route("**/reply*", lose, times=1)
    _write(page, answer)
    _send_button(page).click()
    stage.until(lambda: _queued(answer), "the desk has the answer", 20)
    page.wait_for_timeout(stage.rng.uniform(300, 1500))
    expect(_text(page)).to_have_value(answer.text)
    _send_button(page).click()
    expect(thread(page).get_by_text(answer.text)).to_have_count(1)


def session_ended_while_typing(stage: Stage, page: Page, answer: _Answer) -> None:
    _text(page).press_sequentially(answer.text[:10])
    page.wait_for_timeout(stage.rng.uniform(0, 1500))
    with unit_of_work() as unit:
        unit.session.execute(delete(UserSession))
    _text(page).press_sequentially(answer.text[10:])
    page.wait_for_timeout(stage.rng.uniform(0, 1500))
    _send_button(page).click()
    expect(page.get_by_label("Password", exact=True)).to_be_visible()
    sign_in(page)
    page.goto(f"/t/{answer.ticket}")
    expect(_text(page)).to_have_value(answer.text)
    _send_button(page).click()


Way = Callable[[Stage, Page, _Answer], None]
# What they need scripts for: without them the browser itself keeps the page or shows its own.
_NEED_SCRIPTS: tuple[Way, ...] = (
    network_gone_before_it_left,
    network_gone_in_the_middle,
    session_ended_while_typing,
)
_WAYS: tuple[Way, ...] = (
    pressed_twice,
    pressed_in_two_tabs,
    sent_again_from_a_fresh_tab,
    sent_and_gone_back,
    *_NEED_SCRIPTS,
)


def _queued(answer: _Answer) -> int:
    statement = (
        select(func.count(Delivery.id))
        .join(Message, Message.id == Delivery.message_id)
        .where(Message.visible.startswith(f"answer-{answer.number}-"))
    )
    with reading() as session:
        return session.scalar(statement) or 0


def _write(page: Page, answer: _Answer) -> None:
    _text(page).fill(answer.text)


def _text(page: Page) -> Locator:
    return composer(page).get_by_label("Text")


def _send_button(page: Page) -> Locator:
    return composer(page).get_by_role("button", name="Send", exact=True)
