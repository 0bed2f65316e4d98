"""The page of events: what a subscription may be told of."""

from __future__ import annotations

from collections.abc import Iterator

from deskcore import api
from deskcore.domain.events import TYPES, DomainEvent
from tests.upkeep.reference import shapes
from tests.upkeep.reference.prose import GENERATED, code, joined, prose, table

BEGINNING = """What the desk writes down when something has happened, in the transaction in which it
happened. A `Subscription` of [`desk_subscriptions`](hooks.md) is told of it in the worker, after the
commit, once and in order for each ticket; again, if it raises. Values are plain: ids, words, numbers. A
field may come with a new release and has a default then; anything else is a new `version`."""


def page() -> str:
    """Return the whole page."""
    common = [(code(one.name), code(one.type)) for one in shapes.fields(DomainEvent)]
    return joined(
        GENERATED,
        "# Events",
        " ".join(BEGINNING.split()),
        "Every event has these, where they mean something:",
        table(("Field", "Type"), common),
        *(
            part
            for name in sorted(TYPES)
            for part in _event(TYPES[name])
            if _is_public(TYPES[name])
        ),
    )


def _event(kind: type[DomainEvent]) -> Iterator[str]:
    yield f"## {kind.__name__}"
    yield f"`{kind.name}`, version {kind.version}"
    yield prose(kind.__doc__)
    common = {one.name for one in shapes.fields(DomainEvent)}
    rows = (
        (code(one.name), code(one.type), code(one.default))
        for one in shapes.fields(kind)
        if one.name not in common
    )
    yield "\n".join(table(("Field", "Type", "Default"), rows))


def _is_public(kind: type[DomainEvent]) -> bool:
    """Whether it is the desk's own and plugins may import it; tests declare some of theirs."""
    return getattr(api, kind.__name__, None) is kind
