"""Reading what somebody typed as stock: a number and a day for each place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from deskcore.api import Invalid, Problem, _
from plugins.catalogue.stock import Counted

LONGEST = 20


@dataclass(kw_only=True)
class Counts:
    """What was typed by field, what it means by place, and what is wrong with it."""

    typed: dict[str, str] = field(default_factory=dict)
    told: dict[int, Counted] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def kept(self, call: Callable[[Mapping[int, Counted]], int]) -> int | None:
        """Let *call* keep it; None when it cannot be read, or *call* refuses it."""
        if self.problems:
            return None
        try:
            return call(self.told)
        except Invalid as refused:
            self.problems = list(refused.problems)
            return None


def read_counts(form: Mapping[str, str], places: Mapping[int, str]) -> Counts:
    """Read the fields of the places that there are; one that was not sent stays as it is."""
    counts = Counts()
    for place_id in places:
        name = f"place_{place_id}"
        if name not in form:
            continue
        texts = {
            each: form.get(each, "").strip()[:LONGEST]
            for each in (name, f"{name}_back", f"{name}_shown", f"{name}_shown_back")
        }
        counts.typed |= texts
        try:
            counts.told[place_id] = Counted(
                pieces=_pieces(texts[name]),
                back_on=_day(texts[f"{name}_back"]),
                shown=_pieces(texts[f"{name}_shown"]),
                shown_back_on=_day(texts[f"{name}_shown_back"]),
            )
        except ValueError:
            message = _("Write a whole number, as 0 or 12, and a day that there is.")
            counts.problems.append(Problem(field=name, message=message))
    return counts


def _pieces(text: str) -> int | None:
    bare = "".join(text.split()).replace("\N{MINUS SIGN}", "-")
    if not bare.lstrip("-").isascii():
        raise ValueError
    return int(bare) if bare else None


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
