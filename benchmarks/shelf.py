"""A ticket on a desk with everything that comes with it switched on, and what its cards cost.

The page is measured beside the same limit as without plugins. Its cards are fetched one by one, as a
browser does when they come into view; how many statements each asks is counted in this process.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from statistics import median

from benchmarks import pages
from benchmarks.data import DeskData, copy_of
from benchmarks.pages import Page
from benchmarks.results import Result
from benchmarks.serving import Cost, Pair, cost_of, serve
from benchmarks.shelf_data import every_plugin, furnish
from deskcore.config import load_config
from tests.databases import opened
from tests.statements import statements
from tests.web.conftest import Visitor

NAMES = ("shelf-ticket", "shelf-cards")
WARM = 15
MAX_RATIO = 3.0  # as of the ticket without plugins
PART = {"HX-Request": "true", "HX-Request-Type": "partial"}
# Where a card is fetched, and whose it is.
LAZY = re.compile(r'href="(/p/(\w+)/[^"]+)"[^>]*\sdata-lazy')


def measure(data: DeskData, wanted: list[str], *, runs: int, requests: int) -> Iterator[Result]:
    """Measure the rows named, on a copy of *data* that is furnished for them."""
    with copy_of(data, "shelf") as copy:
        furnish(copy)
        slugs, costs = every_plugin(), dict[str, list[Cost]]()
        with serve(copy, DESK_PLUGINS=json.dumps(slugs)) as pair:
            ticket = f"/t/{data.facts.ten_messages}?v=open"
            cards = _cards(pair, ticket)
            if "shelf-ticket" in wanted:
                yield from _pages(data, pair, runs, requests)
            if "shelf-cards" in wanted:
                costs = _costs(pair, cards, runs, requests)
        asked = _asked(copy, slugs, cards) if costs else {}
        for slug, found in costs.items():
            yield _card(slug, found, asked[slug])


def _cards(pair: Pair, ticket: str) -> dict[str, str]:
    """Return where the cards of the ticket are fetched, by plugin."""
    found = {slug: path for path, slug in LAZY.findall(pair.desk.visitor.text(ticket))}
    assert found, "the ticket has no cards"
    return found


def _pages(data: DeskData, pair: Pair, runs: int, requests: int) -> Iterator[Result]:
    known = pages.pages(data.facts)
    for name in ("ticket", "ticket-part"):
        page = known[name]
        shelf = Page(
            name=f"shelf-{name}",
            path=page.path,
            beside=page.beside,
            lean=page.lean,
            target=page.target,
            most=MAX_RATIO,
        )
        yield pages.beside(shelf, pair, runs, requests)


def _costs(pair: Pair, cards: dict[str, str], runs: int, requests: int) -> dict[str, list[Cost]]:
    """Fetch the cards by turns."""
    costs: dict[str, list[Cost]] = {slug: [] for slug in cards}
    for turn in range(-1, runs):
        for slug, path in cards.items():
            cost = cost_of(pair.desk, path, PART, WARM if turn < 0 else requests)
            if turn >= 0:
                costs[slug].append(cost)
    return costs


def _asked(data: DeskData, slugs: list[str], cards: dict[str, str]) -> dict[str, list[str]]:
    """Return the statements that each card asks."""
    config = load_config(
        instance=data.instance, database_url=data.database_url, plugins=tuple(slugs)
    )
    found: dict[str, list[str]] = {}
    with opened(config, has_pages=True) as desk:
        visitor = Visitor(desk.test_client())
        visitor.come_in(data.facts.agent, data.facts.password)
        for slug, path in cards.items():
            assert visitor.get(path, headers=PART).status_code == 200
            with statements() as seen:
                visitor.get(path, headers=PART)
            found[slug] = list(seen)
    return found


def _card(slug: str, costs: list[Cost], asked: list[str]) -> Result:
    used = [cost.cpu_ms for cost in costs]
    return Result(
        name=f"shelf-cards {slug}",
        unit="ms CPU",
        figure=median(used),
        spread=(min(used), max(used)),
        more={
            "statements": float(len(asked)),
            "of plugins' tables": float(sum("plg_" in each for each in asked)),
            "wall_ms": median(cost.wall_ms for cost in costs),
        },
    )
