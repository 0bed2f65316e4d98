"""Whether a kind of ticket can be what it says: told to its author when the desk starts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from deskcore.domain.kinds import Category
from deskcore.plugin.ticket_kinds import KindStatus, Step, TicketKind

LONGEST_NAME = 40  # characters; what the column of tickets holds
_WORD = re.compile(r"[a-z][a-z_]{0,39}")


def problems(slug: str, kinds: Iterable[TicketKind]) -> Iterator[str]:
    """Say in sentences what is wrong with kinds of a plugin."""
    for kind in kinds:
        if not all(isinstance(each, KindStatus) for each in kind.statuses) or not all(
            isinstance(each, Step) for each in kind.steps
        ):
            yield f"The kind {kind.name} is made of other things than statuses and steps."
            return
        if not re.fullmatch(rf"{slug}\.[a-z_]+", kind.name) or len(kind.name) > LONGEST_NAME:
            yield (
                f"The kind of tickets {kind.name!r} must be named {slug}.kind, "
                f"with at most {LONGEST_NAME} characters."
            )
        yield from _of_statuses(kind)
        yield from _of_flow(kind)
        if kind.replaces_last and not kind.most_answers:
            yield f"The kind {kind.name} replaces its last answer without a limit of answers."


def _of_statuses(kind: TicketKind) -> Iterator[str]:
    names = [status.name for status in kind.statuses]
    if unlike := [name for name in names if not _WORD.fullmatch(name)]:
        yield f"The status {unlike[0]!r} of the kind {kind.name} must be one word of a-z and _."
    if len(names) != len(set(names)):
        yield f"The kind {kind.name} names a status twice."
    if not all(status.label.strip() for status in kind.statuses) or not kind.label.strip():
        yield f"The kind {kind.name} or a status of it has no label."
    if not any(status.category == Category.SOLVED for status in kind.statuses):
        yield f"The kind {kind.name} has no status that counts as solved."
    if not any(status.takes_answers for status in kind.statuses):
        yield f"No status of the kind {kind.name} takes answers."


def _of_flow(kind: TicketKind) -> Iterator[str]:
    by_name = {status.name: status for status in kind.statuses}
    named = [kind.first, kind.after_reply, kind.after_message]
    named += [kind.after_failure] if kind.after_failure else []
    named += [name for step in kind.steps for name in (step.leaves, step.reaches)]
    if unknown := [name for name in named if name not in by_name]:
        yield f"The flow of the kind {kind.name} leads to {unknown[0]!r}, which is no status of it."
        return
    for name in (kind.first, kind.after_message):
        if by_name[name].category != Category.OPEN:
            yield f"The status {name!r} of the kind {kind.name} must be open: somebody wrote."
    if kind.has_gate and by_name[kind.after_message].takes_answers:
        yield f"The status {kind.after_message!r} of the kind {kind.name} must take no answers."
    ways = [(step.leaves, step.reaches) for step in kind.steps]
    if len(ways) != len(set(ways)):
        yield f"The kind {kind.name} names a step twice."
