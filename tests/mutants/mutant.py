"""What a mutant is: a guard, how it is taken out, and the test that must notice."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Mutant:
    """One guard removed: in *path*, *guard* (which stands there once) becomes *instead*."""

    name: str
    path: str
    guard: str
    instead: str
    test: str
