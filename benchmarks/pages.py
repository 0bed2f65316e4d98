"""Pages beside their limits: interleaved block by block, the median of several runs counts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from statistics import median

from benchmarks.data import DeskData, Facts, copy_of
from benchmarks.results import Result
from benchmarks.serving import Cost, Pair, cost_of, serve
from benchmarks.stories import COMMON

RUNS = 5
REQUESTS = 40
WARM = 15
REPLIES = 10
MAX_REPLY_MS = 10.0
MAX_COMMON_MS = 50.0
_FIELD = re.compile(r'<input type="hidden" name="(\w+)"(?: form="composer")? value="([^"]*)"')


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the desk and the bare route it is compared with.

    ``lean`` is a route that leaves out all but tickets and messages, for information. ``most`` is
    how many times the limit it may cost; ``most_ms``, where there is no limit row, how much processor time.
    """

    name: str
    path: str
    beside: str = ""
    lean: str = ""
    target: str = ""
    most: float = 0.0
    most_ms: float = 0.0

    @property
    def headers(self) -> Mapping[str, str]:
        """What htmx sends when it wants a part."""
        if not self.target:
            return {}
        return {"HX-Request": "true", "HX-Request-Type": "partial", "HX-Target": self.target}


def pages(facts: Facts) -> dict[str, Page]:
    """Return every page that is measured, by name."""
    ticket, list_ = f"/t/{facts.ten_messages}?v=open", "/list"
    bare = f"/ticket/{facts.ten_messages}"
    lean_list, lean = f"/lean{list_}", f"/lean{bare}"
    one, rare = facts.one_percent, facts.rare
    found = (
        Page(name="inbox", path="/v/open", beside=list_, lean=lean_list, most=3.0),
        Page(
            name="inbox-part",
            path="/v/open",
            beside=list_,
            lean=lean_list,
            target="section#list",
            most=2.0,
        ),
        Page(name="ticket", path=ticket, beside=f"{bare}?list=1", lean=f"{lean}?list=1", most=3.0),
        Page(name="ticket-part", path=ticket, beside=bare, lean=lean, target="main#main", most=3.0),
        Page(
            name="search",
            path=f"/search?q={one}",
            beside=f"/search?q={one}",
            lean=f"/lean/search?q={one}",
            most=1.6,
        ),
        Page(
            name="search-part",
            path=f"/search?q={one}",
            beside=f"/search?q={one}",
            lean=f"/lean/search?q={one}",
            target="div#found",
            most=1.6,
        ),
        Page(name="search-rare", path=f"/search?q={rare}", beside=f"/search?q={rare}"),
        Page(name="search-common", path=f"/search?q={COMMON}", most_ms=MAX_COMMON_MS),
    )
    return {page.name: page for page in found}


def names() -> list[str]:
    """Name every row of this part."""
    return [*pages(Facts(tickets=0, messages=0, ten_messages=0)), "reply"]


def measure(
    data: DeskData, wanted: list[str], *, runs: int = RUNS, requests: int = REQUESTS
) -> Iterator[Result]:
    """Measure the rows named, on a copy of *data*."""
    with copy_of(data) as copy, serve(copy) as pair:
        chosen = [page for name, page in pages(data.facts).items() if name in wanted]
        for page in chosen:
            yield beside(page, pair, runs, requests)
        if "reply" in wanted:
            yield _replies(data.facts, pair, runs)


def beside(page: Page, pair: Pair, runs: int, requests: int) -> Result:
    """Measure a page and its limit by turns."""
    ours: list[Cost] = []
    limits: list[Cost] = []
    lean: list[Cost] = []
    for turn in range(-1, runs):
        times = WARM if turn < 0 else requests
        cost = cost_of(pair.desk, page.path, page.headers, times)
        limit = cost_of(pair.limit, page.beside, {}, times) if page.beside else None
        leaner = cost_of(pair.limit, page.lean, {}, times) if page.lean else None
        if turn >= 0:
            ours.append(cost)
            limits += [limit] if limit else []
            lean += [leaner] if leaner else []
    return _judged(page, ours, limits, lean)


def _judged(page: Page, ours: list[Cost], limits: list[Cost], lean: list[Cost]) -> Result:
    used = [cost.cpu_ms for cost in ours]
    bare = [cost.cpu_ms for cost in limits]
    ratios = [one / other for one, other in zip(used, bare, strict=False)]
    figure = median(ratios) if page.most else median(used)
    return Result(
        name=page.name,
        unit="× limit" if page.most else "ms CPU",
        figure=figure,
        most=page.most or page.most_ms or None,
        spread=_spread(ratios if page.most else used),
        more={
            "cpu_ms": median(used),
            "limit_cpu_ms": median(bare) if bare else None,
            "lean_limit_cpu_ms": median(cost.cpu_ms for cost in lean) if lean else None,
            "wall_ms": median(cost.wall_ms for cost in ours),
            "limit_wall_ms": median(cost.wall_ms for cost in limits) if limits else None,
        },
    )


def _replies(facts: Facts, pair: Pair, runs: int) -> Result:
    """Answer a ticket by its form, without scripts; the page after it is asked for separately."""
    used: list[float] = []
    for turn in range(-1, runs):
        costs = [_reply(facts, pair, f"{turn} {number}") for number in range(REPLIES)]
        used += [sum(costs) / len(costs)] if turn >= 0 else []
    return Result(
        name="reply",
        unit="ms CPU",
        figure=median(used),
        most=MAX_REPLY_MS,
        spread=_spread(used),
        more={"cpu_ms": median(used)},
    )


def _reply(facts: Facts, pair: Pair, said: str) -> float:
    path = f"/t/{facts.ten_messages}"
    html = pair.desk.visitor.text(path)
    form = dict(_FIELD.findall(html)) | {
        "mode": "reply",
        "then": "stay",
        "to": "ann@bench.example",
        "status": "open",
        "body": f"Thank you, your order is on its way: {said}. " + "It will be with you soon. " * 8,
    }
    before = pair.desk.cpu_s()
    status, content, _ = pair.desk.visitor.ask(f"{path}/reply", form=form)
    used = pair.desk.cpu_s() - before
    assert status == 303, f"reply: {status} {content[:500]!r}"
    return used * 1000


def _spread(values: list[float]) -> tuple[float, float]:
    return min(values), max(values)


Measure = Callable[..., Iterator[Result]]
