"""Opening the desk: from the command to the first page, and the inbox in a cold browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median
from time import monotonic
from typing import Any

from playwright.sync_api import Browser, sync_playwright

from benchmarks.data import DeskData, copy_of
from benchmarks.results import Result
from benchmarks.serving import cpu_s_of, running, tree
from tests.browser.desks import sign_in
from tests.servers.chromium import FLAGS, program

NAMES = ("start", "first-load")
RUNS = 5
MAX_START_S = 3.0
MAX_REQUESTS = 8
MAX_WIRE_KB = 90.0
MAX_ROW_S = 0.5
# When the first row has been drawn, by the page's own clock since navigation.
_WATCH = """
const look = () => document.querySelector('.row')
  ? requestAnimationFrame(() => { window.firstRowAt = performance.now(); })
  : requestAnimationFrame(look);
requestAnimationFrame(look);
"""


def measure(data: DeskData, wanted: list[str], *, runs: int = RUNS) -> Iterator[Result]:
    """Measure the rows named, on a copy of *data*."""
    with copy_of(data) as copy:
        if "start" in wanted:
            yield _start(copy, runs)
        if "first-load" in wanted:
            yield from _first_load(copy, runs)


def _start(data: DeskData, runs: int) -> Result:
    """Time ``desk run`` until somebody gets a page."""
    took: list[float] = []
    used: list[float] = []
    for _ in range(runs):
        began = monotonic()
        with running(data) as desk:
            assert desk.get("sign-in") == 200
            took.append(monotonic() - began)
            used.append(sum(map(cpu_s_of, tree(desk.process.pid))))
    return Result(
        name="start",
        unit="s to a page",
        figure=median(took),
        most=MAX_START_S,
        spread=(min(took), max(took)),
        more={"cpu_s": median(used)},
    )


def _first_load(data: DeskData, runs: int) -> Iterator[Result]:
    with running(data) as desk, _chromium() as browser:
        seen = [_load(browser, desk.address, data) for _ in range(runs)]
    for name, unit, most in (
        ("requests", "requests", float(MAX_REQUESTS)),
        ("wire_kb", "KB on the wire", MAX_WIRE_KB),
        ("first_row_s", "s to the first row", MAX_ROW_S),
    ):
        values = [each[name] for each in seen]
        yield Result(
            name=f"first-load {unit.split()[0]}",
            unit=unit,
            figure=median(values),
            most=most,
            spread=(min(values), max(values)),
        )


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program(), args=list(FLAGS))
        yield browser
        browser.close()


def _load(browser: Browser, address: str, data: DeskData) -> dict[str, float]:
    """Open the inbox with a session but nothing in the browser's cache."""
    with browser.new_context(base_url=address) as first:
        sign_in(first.new_page(), data.facts.agent, data.facts.password)
        state = first.storage_state()
    with browser.new_context(base_url=address, storage_state=state) as context:
        page = context.new_page()
        wire: list[float] = []
        network = context.new_cdp_session(page)
        network.send("Network.enable")
        network.on("Network.loadingFinished", lambda event: wire.append(_bytes(event)))
        page.add_init_script(_WATCH)
        page.goto("/v/open", wait_until="networkidle")
        page.wait_for_function("window.firstRowAt > 0")
        return {
            "requests": float(len(wire)),
            "wire_kb": sum(wire) / 1000,
            "first_row_s": page.evaluate("window.firstRowAt") / 1000,
        }


def _bytes(event: dict[str, Any]) -> float:
    return float(event["encodedDataLength"])
