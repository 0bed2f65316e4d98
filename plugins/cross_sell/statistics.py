"""Whether two shares differ: Wilson's interval, Newcombe's for a difference, and when data do. Pure.

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", J. Am.
Stat. Assoc. 22 (1927); R. G. Newcombe, "Interval estimation for the difference between independent
proportions: comparison of eleven methods", Statistics in Medicine 17 (1998), method 10; W. G. Cochran,
"Some methods for strengthening the common chi-square tests", Biometrics 10 (1954), for the rule that
each cell of the table has to expect five.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from statistics import NormalDist
from typing import Literal

CONFIDENCE = 0.95
_Z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
FEWEST_EXPECTED = 5


@dataclass(frozen=True, kw_only=True)
class Share:
    """So many of so many."""

    some: int
    all: int

    @property
    def part(self) -> float:
        """The share itself; 0 of nobody."""
        return self.some / self.all if self.all else 0.0


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Those who were shown offers against those who were not; ``low`` to ``high`` holds the difference.

    ``verdict`` is "too_little" until the data can tell anything, then "more", "less", or "open" while
    they leave it open whether there is a difference.
    """

    shown: Share
    control: Share
    verdict: Literal["too_little", "open", "more", "less"]
    low: float = 0.0
    high: float = 0.0

    @property
    def difference(self) -> float:
        """How much larger the share of those who were shown offers is."""
        return self.shown.part - self.control.part


def wilson(share: Share) -> tuple[float, float]:
    """Return the interval in which the true share lies in 95 of 100 cases."""
    if not share.all:
        return 0.0, 1.0
    count, part, square = share.all, share.part, _Z * _Z
    middle = part + square / (2 * count)
    spread = _Z * sqrt(part * (1 - part) / count + square / (4 * count * count))
    scale = 1 + square / count
    return max(0.0, (middle - spread) / scale), min(1.0, (middle + spread) / scale)


def difference(one: Share, other: Share) -> tuple[float, float]:
    """Return the interval in which the difference of two shares lies in 95 of 100 cases."""
    low_one, high_one = wilson(one)
    low_other, high_other = wilson(other)
    apart = one.part - other.part
    down = sqrt((one.part - low_one) ** 2 + (high_other - other.part) ** 2)
    up = sqrt((high_one - one.part) ** 2 + (other.part - low_other) ** 2)
    return apart - down, apart + up


def compare(shown: Share, control: Share) -> Comparison:
    """Say what can be said of a difference, and nothing while there is too little to say."""
    if not is_enough(shown, control):
        return Comparison(shown=shown, control=control, verdict="too_little")
    low, high = difference(shown, control)
    verdict: Literal["open", "more", "less"] = "more" if low > 0 else "less" if high < 0 else "open"
    return Comparison(shown=shown, control=control, verdict=verdict, low=low, high=high)


def is_enough(one: Share, other: Share) -> bool:
    """Whether each of the four cells (took it or not, shown or not) has to expect five at least."""
    everybody = one.all + other.all
    if not everybody:
        return False
    took = (one.some + other.some) / everybody
    expected = [share.all * part for share in (one, other) for part in (took, 1 - took)]
    return min(expected) >= FEWEST_EXPECTED
