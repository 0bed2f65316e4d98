"""When no offer is made, whatever would fit: decided from what the desk tells of tickets. Pure.

Looked at are the kind of the ticket, its tags and fields, what its customer wrote in it, and the
customer's other tickets: unsolved complaints, and low ratings (a number in a field that is called
``….stars`` or ``….rating``, as the plugin ``reviews`` has).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache

from deskcore.api import N_, Category
from deskcore.api.data import Said, fold
from deskcore.plugin import FieldValue
from plugins.cross_sell.settings import OfferSettings, listed

OF_KIND = N_("Tickets of this kind get no offers.")
COMPLAINT = N_("This is a complaint: no offers now.")
OTHER_COMPLAINT = N_("Another ticket of this customer is an unsolved complaint: no offers now.")
LOW_RATING = N_("This customer gave a low rating a short while ago: no offers now.")
OPTED_OUT = N_("This customer wants no offers.")
NOBODY = N_("This ticket has no customer yet, so there is nobody to make an offer to.")
_RATINGS = (".stars", ".rating")
_WORD = re.compile(r"[^\W_]+")


def objection(said: Said, others: Sequence[Said], settings: OfferSettings, *, now: datetime) -> str:
    """Say why no offer is made in a ticket, "" when one may be; *others* are its customer's.

    The sentence is English, for translating when it is shown.
    """
    if said.ticket.kind not in listed(settings.kinds):
        return OF_KIND
    if is_complaint(said, settings):
        return COMPLAINT
    if any(
        each.ticket.category != Category.SOLVED and is_complaint(each, settings) for each in others
    ):
        return OTHER_COMPLAINT
    since = now - timedelta(days=settings.rating_days)
    recent = [said, *(each for each in others if each.opened_at >= since)]
    if any(has_low_rating(each.fields, settings) for each in recent):
        return LOW_RATING
    return ""


def is_complaint(said: Said, settings: OfferSettings) -> bool:
    """Whether a ticket is a complaint by its tags, its fields, its subject or its customer's words."""
    tags = _folded(settings.complaint_tags)
    if any(fold(tag) in tags for tag in said.tags):
        return True
    told = [str(value) for value in said.fields.values() if isinstance(value, str)]
    if any(fold(value) in tags for value in told):
        return True
    return names_trouble([said.ticket.subject, *told, *said.texts], settings.complaint_words)


def names_trouble(texts: Iterable[str], words: str) -> bool:
    """Whether one of the words, or of the beginnings of words, stands in a text."""
    pattern = _pattern(words)
    return pattern is not None and any(pattern.search(_spaced(text)) for text in texts)


def has_low_rating(fields: dict[str, FieldValue] | object, settings: OfferSettings) -> bool:
    """Whether a ticket's fields hold so few stars that nothing is offered for a while."""
    if not settings.low_rating or not hasattr(fields, "items"):
        return False
    return any(
        name.endswith(_RATINGS) and isinstance(value, int | float) and value <= settings.low_rating
        for name, value in fields.items()
    )


@lru_cache(maxsize=20)  # asked for each of a customer's tickets
def _folded(tags: str) -> frozenset[str]:
    return frozenset(fold(tag) for tag in listed(tags))


@lru_cache(maxsize=20)
def _pattern(words: str) -> re.Pattern[str] | None:
    starts = [re.escape(_spaced(word).strip()) for word in listed(words)]
    starts = [start for start in starts if start]
    return re.compile(rf" (?:{'|'.join(starts)})") if starts else None


def _spaced(text: str) -> str:
    """Return a text folded, with one blank before each of its words: so a word's begin is found."""
    return "".join(f" {word}" for word in _WORD.findall(fold(text)))
