"""What active plugins cost a page: the same desk with twelve of them and with none, interleaved.

Every copy of the sample asks its own table wherever it takes part. Two of twelve say a word in each
row of a list, as one or two of a shop's plugins would; with all twelve it is measured for information.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median

from benchmarks.data import DeskData, copy_of
from benchmarks.results import Result
from benchmarks.serving import ROOT, Served, Visitor, cost_of, running

PLUGINS = 12
MOST = 1.3
WARM = 15
# The made-up plugin that takes part wherever one can; each copy has a name of its own.
SAMPLE = ROOT / "tests" / "plugin" / "tea_shop"
NAMES = ("plugins-inbox", "plugins-ticket", "plugins-inbox-full")
IN_ROWS = 2


def measure(data: DeskData, wanted: list[str], *, runs: int, requests: int) -> Iterator[Result]:
    """Measure the rows named, on copies of *data*."""
    rows = (
        ("plugins-inbox", "/v/open", IN_ROWS),
        ("plugins-ticket", f"/t/{data.facts.ten_messages}?v=open", IN_ROWS),
        ("plugins-inbox-full", "/v/open", PLUGINS),
    )
    for name, path, in_rows in rows:
        if name in wanted:
            with ExitStack() as stack:
                without = _served(stack, stack.enter_context(copy_of(data, "none")), [])
                copy = stack.enter_context(copy_of(data, "twelve"))
                slugs = _drop_all(copy.instance / "plugins", in_rows)
                crowded = _served(stack, copy, slugs)
                yield _beside(name, path, (crowded, without), runs, requests)


def _served(stack: ExitStack, data: DeskData, slugs: list[str]) -> Served:
    desk = stack.enter_context(running(data, DESK_PLUGINS=json.dumps(slugs)))
    visitor = Visitor(address=desk.address)
    visitor.sign_in(data.facts.agent, data.facts.password)
    shown = visitor.text("/v/open")
    assert [slug for slug in slugs if f"/p/{slug}/" not in shown] == [], "not all take part"
    return Served(pid=desk.child("web"), visitor=visitor)


def _drop_all(folder: Path, in_rows: int) -> list[str]:
    """Write the copies; those after the first *in_rows* leave rows of lists alone."""
    slugs = [_drop(folder, number) for number in range(PLUGINS)]
    for slug in slugs[in_rows:]:
        with (folder / slug / "__init__.py").open("a", encoding="utf-8") as package:
            package.write("\ndel desk_list_columns\n")
    return slugs


def _drop(folder: Path, number: int) -> str:
    """Write one copy of the sample; returns its slug."""
    slug = f"tea_shop_{chr(ord('a') + number)}"
    shutil.copytree(SAMPLE, folder / slug, ignore=shutil.ignore_patterns("__pycache__"))
    shown = folder / slug / "templates" / "plugins"
    (shown / SAMPLE.name).rename(shown / slug)
    for path in (folder / slug).rglob("*.*"):
        text = path.read_text(encoding="utf-8")
        text = text.replace(SAMPLE.name, slug).replace('name="stock"', f'name="stock_{slug[-1]}"')
        path.write_text(text, encoding="utf-8")
    return slug


def _beside(name: str, path: str, pair: tuple[Served, Served], runs: int, requests: int) -> Result:
    crowded: list[float] = []
    bare: list[float] = []
    for turn in range(-1, runs):
        times = WARM if turn < 0 else requests
        costs = [cost_of(served, path, {}, times).cpu_ms for served in pair]
        if turn >= 0:
            crowded.append(costs[0])
            bare.append(costs[1])
    ratios = [one / other for one, other in zip(crowded, bare, strict=True)]
    return Result(
        name=name,
        unit=f"× without, {PLUGINS} plugins",
        figure=median(ratios),
        most=MOST if name == "plugins-inbox" else None,
        spread=(min(ratios), max(ratios)),
        more={"cpu_ms": median(crowded), "cpu_ms without": median(bare)},
    )
