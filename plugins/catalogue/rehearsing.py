"""What would become of the first rows of a file: shown before anything is taken."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice

from sqlalchemy.orm import Session

from deskcore.plugin import Money
from plugins.catalogue import batches, imports
from plugins.catalogue.imports import Import
from plugins.catalogue.lines import Line, read_line
from plugins.catalogue.problems import sentence

SHOWN = 20


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """One row: what it is read as, and what would become of it."""

    number: int
    state: str
    reason: str = ""
    sku: str = ""
    name: str = ""
    price: Money | None = None


def rehearsed(session: Session, this: Import) -> list[Rehearsed]:
    """Return the first rows behind the headers as they would be taken."""
    rows = list(islice(imports.preview(this, SHOWN), 1, None))
    read = [read_line(row, this.layout()) for row in rows]
    found = batches.sort(session, read, {})
    states = {fate.line.row: fate.state for fate in found.fates}
    reasons = {bad.row: sentence(bad.problem, bad.value) for bad in found.bad}
    lines = {line.row: line for line in read if isinstance(line, Line)}
    told = []
    for row in rows:
        line = lines.get(row.number)
        values = line.values if line else {}
        amount, currency = values.get("price"), str(values.get("currency", ""))
        told.append(
            Rehearsed(
                number=row.number,
                state=states.get(row.number, "bad"),
                reason=reasons.get(row.number, ""),
                sku=line.sku if line else "",
                name=str(values.get("name", "")),
                price=Money(amount=amount, currency=currency) if isinstance(amount, int) else None,
            )
        )
    return told
