"""Kinds of tickets that plugins bring, each with a flow of its own: what it says, as a value.

The desk keeps to it wherever a status is set or an answer queued (``services/ticket_kinds.py``).
"""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.domain.kinds import Category


@dataclass(frozen=True, kw_only=True)
class KindStatus:
    """A status of a kind: ``name`` is a word, ``label`` English.

    ``category`` is what clocks, views and reports take it for. Answers leave from statuses that take
    some.
    """

    name: str
    label: str
    category: Category
    takes_answers: bool = True


@dataclass(frozen=True, kw_only=True)
class Step:
    """A way that people may take from one status to another, by the names of the statuses.

    ``permission`` is a right it needs beside that of changing tickets. ``by_another`` lets only a
    person take it, and not the one who brought the ticket to the status it leaves. ``by_plugin``
    leaves it to pages and jobs of the plugin, by ``change_status``: no menu offers it.
    """

    leaves: str
    reaches: str
    permission: str = ""
    by_another: bool = False
    by_plugin: bool = False


@dataclass(frozen=True, kw_only=True)
class TicketKind:
    """A kind of ticket, named ``slug.kind``; ``label`` is English.

    New tickets have the status ``first``; an answer brings ``after_reply``, what the customer writes
    later ``after_message``, and an answer that did not arrive ``after_failure`` (or the same). People
    go by ``steps``. Answers of a ``is_public`` kind are read by
    everybody; they are at most ``longest_answer`` characters long, and a ticket has room for
    ``most_answers``; 0 is no limit. With ``replaces_last`` a further one takes the last one's place.
    ``reply_permission`` is a right that answering needs beside that of answering tickets.
    """

    name: str
    label: str
    statuses: tuple[KindStatus, ...]
    steps: tuple[Step, ...]
    first: str
    after_reply: str
    after_message: str
    after_failure: str = ""
    is_public: bool = False
    longest_answer: int = 0
    most_answers: int = 0
    replaces_last: bool = False
    reply_permission: str = ""

    @property
    def has_gate(self) -> bool:
        """Whether there are statuses in which no answer may be sent."""
        return not all(status.takes_answers for status in self.statuses)

    @property
    def is_guarded(self) -> bool:
        """Whether an answer must not leave unless somebody knows the rules of the kind."""
        limits = (self.longest_answer, self.most_answers, self.reply_permission)
        return self.is_public or self.has_gate or any(limits)

    def key(self, name: str) -> str:
        """Return the key under which a status of this kind is stored."""
        return f"{self.name}.{name}"

    def status(self, key: str) -> KindStatus | None:
        """Return the status with this key; None for one that is not of this kind."""
        return next((each for each in self.statuses if self.key(each.name) == key), None)

    def step(self, leaves: str, reaches: str) -> Step | None:
        """Return the step between two keys; from a status of another flow only the first is reached."""
        before, after = self.status(leaves), self.status(reaches)
        if after is None:
            return None
        if before is None:
            return Step(leaves="", reaches=self.first) if after.name == self.first else None
        ways = ((each.leaves, each.reaches) == (before.name, after.name) for each in self.steps)
        return next((each for each, fits in zip(self.steps, ways, strict=True) if fits), None)

    def steps_from(self, key: str) -> tuple[Step, ...]:
        """Return the steps that lead away from a status, in their order."""
        before = self.status(key)
        if before is None:
            return (Step(leaves="", reaches=self.first),)
        return tuple(each for each in self.steps if each.leaves == before.name)
