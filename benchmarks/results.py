"""What was measured, as a table for people and as JSON for machines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure and what it must keep: ``most`` above, ``least`` below, neither for information."""

    name: str
    unit: str
    figure: float
    most: float | None = None
    least: float | None = None
    spread: tuple[float, float] | None = None
    more: dict[str, float | None] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        """Say whether the figure keeps its promise."""
        if self.most is None and self.least is None:
            return ""
        is_kept = (self.most is None or self.figure <= self.most) and (
            self.least is None or self.figure >= self.least
        )
        return "pass" if is_kept else "MISS"

    @property
    def promise(self) -> str:
        """Write what must hold."""
        if self.most is not None:
            return f"≤ {self.most:g}"
        return f"≥ {self.least:g}" if self.least is not None else ""


def table(results: Sequence[Result]) -> str:
    """Write the results as a table."""
    lines = [("row", "figure", "unit", "spread", "promise", "verdict", "beside")]
    lines += [_line(result) for result in results]
    widths = [max(len(line[at]) for line in lines) for at in range(len(lines[0]))]
    return "\n".join(
        " | ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    )


def save(path: Path, results: Sequence[Result], about: dict[str, object]) -> None:
    """Write everything to a JSON file."""
    rows = [{**asdict(result), "verdict": result.verdict} for result in results]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"about": about, "results": rows}, indent=1) + "\n")


def _line(result: Result) -> tuple[str, str, str, str, str, str, str]:
    spread = f"{result.spread[0]:.2f}–{result.spread[1]:.2f}" if result.spread else ""
    more = ", ".join(f"{name} {value:.2f}" for name, value in result.more.items() if value)
    return (
        result.name,
        f"{result.figure:.2f}",
        result.unit,
        spread,
        result.promise,
        result.verdict,
        more,
    )
