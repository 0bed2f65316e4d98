"""What a saboteur is: an echo channel with one sin, and the checks that must notice it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from deskcore.plugin import Channel

C = TypeVar("C", bound=type[Channel])

SABOTEURS: dict[type[Channel], frozenset[str]] = {}


def sin(*checks: str) -> Callable[[C], C]:
    """Declare the checks that must fail for a channel, and no others."""

    def register(kind: C) -> C:
        SABOTEURS[kind] = frozenset(checks)
        return kind

    return register
