"""What an offer is: what is offered, to whom and when. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from deskcore.api import LANGUAGES, page_language

What = Literal["product", "category", "tag"]


@dataclass(frozen=True, kw_only=True)
class Words:
    """What is said of an offer in one language: the text of an answer, and the terms."""

    body: str
    terms: str = ""


@dataclass(frozen=True, kw_only=True)
class Written:
    """An offer as somebody wants it.

    ``what`` and ``value`` name a product by its key, or products of a category or tag. It is made when
    a ticket speaks of a product whose key stands in ``fits``; of any that it fits, as the catalogue
    says, when that is empty. A season is month * 100 + day, 0 for none, and may reach over new year.
    """

    name: str
    value: str
    texts: Mapping[str, Words]
    what: What = "product"
    fits: tuple[str, ...] = ()
    customer_tag: str = ""
    season_from: int = 0
    season_to: int = 0
    starts_on: date | None = None
    ends_on: date | None = None
    stock_needed: int = 1
    code: str = ""
    url: str = ""
    is_on: bool = True


@dataclass(frozen=True, kw_only=True)
class Offer(Written):
    """An offer as it is kept."""

    id: int
    made_at: datetime
    made_by: str
    changed_at: datetime
    changed_by: str
    version: int

    def words_in(self, language: str) -> tuple[str, Words]:
        """Return its language and words: the one wanted, else the reader's, else the first."""
        wanted = (language, page_language(), *LANGUAGES, *self.texts)
        found = next(each for each in wanted if each in self.texts)
        return found, self.texts[found]

    def state(self, today: date) -> Literal["on", "off", "ended", "later", "out_of_season"]:
        """Say whether it is made on a day, and if not, why."""
        if not self.is_on:
            return "off"
        if self.ends_on is not None and self.ends_on < today:
            return "ended"
        if self.starts_on is not None and self.starts_on > today:
            return "later"
        return "on" if self._is_season(today) else "out_of_season"

    def _is_season(self, today: date) -> bool:
        if not self.season_from:
            return True
        day = today.month * 100 + today.day
        if self.season_from <= self.season_to:
            return self.season_from <= day <= self.season_to
        return day >= self.season_from or day <= self.season_to
