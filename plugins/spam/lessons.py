"""What the filter learns from: only what people did, never its own verdicts.

Marked as spam is an example of spam; marked as not spam, or answered, is one of the other sort.
Runs in the worker, and bears being told twice.
"""

from __future__ import annotations

from deskcore.api import SYSTEM, DomainEvent, ReplyQueued, TicketFlagged
from deskcore.api.data import Opening, opening_of, unit_of_work
from deskcore.plugin import Subscription
from plugins.spam import memory
from plugins.spam.tokens import digest, tokens


def subscriptions() -> list[Subscription]:
    """Return the handlers of the plugin."""
    return [
        Subscription(name="spam.marked", events=(TicketFlagged,), handle=learn_mark),
        Subscription(name="spam.answered", events=(ReplyQueued,), handle=learn_answer),
    ]


def learn_mark(event: DomainEvent) -> None:
    """Learn from a person's mark on a ticket, either way."""
    if not isinstance(event, TicketFlagged) or event.flag != "spam" or event.reasons:
        return
    opening = opening_of(SYSTEM, event.ticket_id or 0)
    if opening is not None:
        _learn(opening, is_spam=event.is_set)


def learn_answer(event: DomainEvent) -> None:
    """Learn that an answered ticket was none, unless somebody said otherwise."""
    opening = opening_of(SYSTEM, event.ticket_id or 0)
    if opening is not None and not opening.is_spam:
        _learn(opening, is_spam=False, only_new=True)


def _learn(opening: Opening, *, is_spam: bool, only_new: bool = False) -> None:
    digests = [digest(token) for token in tokens(opening.message)]
    with unit_of_work() as unit:
        memory.learn(unit, opening.number, digests, is_spam=is_spam, only_new=only_new)
