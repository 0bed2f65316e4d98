"""What the page of a ticket shows of its kind's flow; questions have none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from deskcore.domain.views import Choice


class Refusal(NamedTuple):
    """A next status that the reader may not choose, and why; the label is English."""

    label: str
    why: str


@dataclass(frozen=True, kw_only=True)
class Flow:
    """The flow of a ticket as somebody may go on with it.

    ``label`` is English. ``following`` are the statuses that can be chosen now, ``after_answer`` those
    that an answer may bring, the usual one first. ``objection`` says why no answer can leave now.
    ``longest_answer`` and ``most_answers`` are 0 without a limit; ``answers`` is how many there are.
    """

    label: str
    is_away: bool = False
    is_public: bool = False
    longest_answer: int = 0
    most_answers: int = 0
    answers: int = 0
    replaces_last: bool = False
    following: tuple[Choice, ...] = ()
    refused: tuple[Refusal, ...] = ()
    after_answer: tuple[Choice, ...] = ()
    objection: str = ""
