"""How likely a message is spam, from the tokens in it: Robinson's combination by Fisher.

Gary Robinson, "A Statistical Approach to the Spam Problem", Linux Journal 107 (March 2003); as
SpamBayes (``spambayes/classifier.py``) and bogofilter do it, with SpamBayes' constants.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

UNKNOWN = 0.5  # of a token never seen (Robinson's x)
STRENGTH = 0.45  # how much that weighs against what was seen (Robinson's s)
MOST_CLUES = 150  # the strongest of a message; more only add noise
WEAKEST = 0.1  # how far from UNKNOWN a token must be to say anything

Token = TypeVar("Token")


@dataclass(frozen=True, kw_only=True)
class Seen:
    """In how many lessons of each sort something was seen."""

    spam: int
    ham: int


def probability(seen: Seen, totals: Seen) -> float:
    """Return how spammy one token is, between 0 and 1, drawn to UNKNOWN while it is rare.

    *totals* counts the lessons; neither sort may be zero.
    """
    in_spam, in_ham = min(seen.spam / totals.spam, 1.0), min(seen.ham / totals.ham, 1.0)
    if not in_spam and not in_ham:
        return UNKNOWN
    times = seen.spam + seen.ham
    raw = in_spam / (in_spam + in_ham)
    return (STRENGTH * UNKNOWN + times * raw) / (STRENGTH + times)


def clues(seen: Mapping[Token, Seen], totals: Seen) -> dict[Token, float]:
    """Return the tokens that say something with their probabilities, the strongest first."""
    found = {token: probability(each, totals) for token, each in seen.items()}
    strong = [token for token, p in found.items() if abs(p - UNKNOWN) >= WEAKEST]
    strong.sort(key=lambda token: abs(found[token] - UNKNOWN), reverse=True)
    return {token: found[token] for token in strong[:MOST_CLUES]}


def combine(probabilities: Sequence[float]) -> float:
    """Combine clues into one number: 0 is certainly not spam, 1 certainly, 0.5 who knows.

    Evidence for both sides cancels out to 0.5, which a product of probabilities would not do.
    """
    if not probabilities:
        return UNKNOWN
    degrees = 2 * len(probabilities)
    spam = 1 - chi_squared(-2 * sum(math.log(1 - p) for p in probabilities), degrees)
    ham = 1 - chi_squared(-2 * sum(math.log(p) for p in probabilities), degrees)
    return (spam - ham + 1) / 2


def chi_squared(value: float, degrees: int) -> float:
    """Return the chance that chi-squared with an even number of *degrees* exceeds *value*."""
    half = value / 2
    term = total = math.exp(-half)
    for step in range(1, degrees // 2):
        term *= half / step
        total += term
    return min(total, 1.0)
