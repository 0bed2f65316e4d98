"""Following one text through another: which words come next, over small differences."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

_STEP = 12  # words the text may have between two words of a block
_REACH = 200  # words that may be passed over to find a block again
_NEAR = 20  # further ahead a block must bring more than one or two words
_ENOUGH = 4
_BEGINNINGS = 3
_PLACES = 4


@dataclass(frozen=True, kw_only=True)
class Match:
    """How many words were found in order, how many were passed over before, where they ended."""

    hits: int = 0
    skipped: int = 0
    end: int = 0


class Trail:
    """The words of a text, read from the front."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = words
        self._at = 0
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(words):
            self._places[word].append(place)

    def match(self, words: Sequence[str]) -> Match:
        """Find *words* at or soon after the place that was reached."""
        if self._words[self._at : self._at + len(words)] == words:
            return Match(hits=len(words), end=self._at + len(words))
        best = Match(end=self._at)
        for first, word in enumerate(words[:_BEGINNINGS]):
            places = self._places.get(word, [])
            start = bisect_left(places, self._at)
            for place in places[start : start + _PLACES]:
                if place - self._at > _REACH:
                    break
                found = self._follow(words[first:], place)
                is_better = (found.hits, -found.skipped) > (best.hits, -best.skipped)
                if is_better and (found.skipped <= _NEAR or found.hits >= _ENOUGH):
                    best = found
        return best

    def has_all(self, words: Sequence[str]) -> bool:
        """Whether every word stands somewhere in the text."""
        return all(word in self._places for word in words)

    def go_to(self, match: Match) -> None:
        """Read on behind what was found."""
        self._at = match.end

    def _follow(self, words: Sequence[str], place: int) -> Match:
        hits, at = 0, place
        for word in words:
            places = self._places.get(word, [])
            index = bisect_left(places, at)
            if index < len(places) and places[index] - at <= _STEP:
                hits, at = hits + 1, places[index] + 1
        return Match(hits=hits, skipped=place - self._at, end=at)
