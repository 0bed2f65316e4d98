"""Passwords are kept by the same algorithm as ever, but without the work that slows guessing down.

A fifth of the processor's time of a test with an owner went into it. ``honest_work`` gives a test
what a desk does.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from deskcore.services import passwords

_HONEST = passwords._hasher
_CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


@pytest.fixture(scope="session", autouse=True)
def _cheap_passwords() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", _CHEAP)
        yield


@pytest.fixture
def honest_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have passwords take the work that they take on a desk."""
    monkeypatch.setattr(passwords, "_hasher", _HONEST)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()
