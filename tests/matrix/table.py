"""The matrix as a table for people: which route answers whom, read off the answers."""

from __future__ import annotations

from collections.abc import Iterator

from tests.matrix.expected import DONE, REFUSED, SHOWN, UNCHANGED
from tests.matrix.routes import rules
from tests.matrix.survey import Seen, Survey
from tests.matrix.world import PEOPLE

COLUMNS = {
    "Owner": ("owner",),
    "Admin": ("admin",),
    "Agent": ("agent_a",),
    "Viewer": ("viewer",),
    "Half-way": ("at_code", "at_set_up"),
    "Signed out": ("stranger",),
}
# Leading to the page of sign-in is what signing out is for.
LEAD_THERE = {"auth.sign_out"}
# Plugins that are in the matrix only to be asked as everybody; no desk has their pages.
SAMPLES = ("careful.", "forgetful.")
WELL = {SHOWN, DONE, UNCHANGED}
# Whose door is always there; the key of the matrix fits no lock.
BY_KEY = "rescue.use_key"


def lines(survey: Survey) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| Route | {' | '.join(COLUMNS)} |"
    yield f"| --- |{' --- |' * len(COLUMNS)}"
    seen_at: dict[tuple[str, str], list[Seen]] = {}
    for seen in survey.seen:
        seen_at.setdefault((seen.cell.endpoint, seen.cell.method), []).append(seen)
    for rule, method in rules(survey.app):
        if rule.endpoint.startswith(SAMPLES):
            continue
        here = seen_at[rule.endpoint, method]
        answers = (_word(here, roles) for roles in COLUMNS.values())
        place = rule.rule.replace("int:", "").replace("path:", "")
        yield f"| `{method} {place}` | {' | '.join(answers)} |"


def _word(seen_here: list[Seen], roles: tuple[str, ...]) -> str:
    """Say how one route answers *roles*, at best."""
    found = [
        seen
        for role in roles
        for seen in seen_here
        if seen.cell.role == role and "?" not in seen.cell.path and not seen.is_partial
    ]
    if seen_here[0].cell.endpoint.startswith("incoming."):
        return "signed"
    if seen_here[0].cell.endpoint == BY_KEY:
        return "by key"
    if not any(_is_well(seen) for seen in found):
        status = found[0].answer.status
        return "no" if status == REFUSED else "sign in" if status == DONE else "not there"
    return "theirs" if any(seen.cell.which == "foreign" for seen in found) else "yes"


def _is_well(seen: Seen) -> bool:
    target = seen.answer.headers.get("Location", "")
    is_sent_away = target.startswith("/sign-in") and not (
        seen.cell.role in PEOPLE and seen.cell.endpoint in LEAD_THERE
    )
    is_sent_away |= target == "/rescue" and seen.cell.role not in PEOPLE
    return seen.cell.which == "own" and seen.answer.status in WELL and not is_sent_away
