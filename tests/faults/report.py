"""The ledger in words: on the terminal after each run, and as the table people read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from tests.faults.running import Outcome

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reliability.md"
_HEAD = (
    "| fault | database | seed | moments | mails in | need attention | lost | twice "
    "| answers out | perhaps sent | lost | twice | promise | what was seen |"
)
MARK = "<!-- What follows is written by python -m tests.faults -->\n"


def lines(outcome: Outcome) -> str:
    """Tell one run in a few lines."""
    fault = outcome.fault
    head = (
        f"{'BROKEN' if outcome.problem else 'held'} {fault.number}: {fault.name} "
        f"({outcome.database}, {outcome.moments} moments, seed {outcome.seed}, "
        f"{outcome.seconds:.0f} s)\n{outcome.account}\n"
    )
    notes = "".join(f"  seen: {note}\n" for note in outcome.notes)
    return head + notes + (f"  {outcome.problem}\n" if outcome.problem else "")


def keep(outcomes: Sequence[Outcome]) -> None:
    """Put these runs into the table below what a person wrote, in place of earlier ones."""
    said, _, table = PAGE.read_text(encoding="utf-8").partition(MARK)
    rows = {_key(row): row for row in table.splitlines() if row[:3].strip("| ").isdigit()}
    rows |= {_key(row): row for row in map(_row, outcomes)}
    lines = [_HEAD, "|" + " --- |" * _HEAD.count(" |"), *(rows[key] for key in sorted(rows))]
    PAGE.write_text(said + MARK + "\n" + "\n".join(lines) + "\n", encoding="utf-8")


def _key(row: str) -> tuple[int, str]:
    cells = row.split("|")
    return int(cells[1].partition(".")[0]), cells[2].strip()


def _row(outcome: Outcome) -> str:
    inbound, outbound = outcome.account.inbound, outcome.account.outbound
    cells = [
        f"{outcome.fault.number}. {outcome.fault.name}",
        outcome.database,
        outcome.seed,
        outcome.moments,
        inbound["sent in"],
        inbound["needs attention"],
        inbound["lost"],
        inbound["twice"],
        outbound["pressed"],
        outbound["perhaps sent"],
        outbound["lost"],
        outbound["twice"],
        f"broken: {outcome.problem.splitlines()[0]}" if outcome.problem else "held",
        "; ".join(outcome.notes),
    ]
    return "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"
