"""Hides from a desk that is weighed what tests install and owners do not: it is not in their memory.

Python imports this by itself in every process that has the folder on its path.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

# The driver of PostgreSQL comes with the extra of that name; a log library uses the others if there.
NOT_THERE = frozenset({"psycopg", "psycopg_binary", "rich", "pygments"})


class _Hidden:
    """Finds nothing where something is to be hidden, and leaves the rest to those who come after."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Refuse a hidden module as if it were not installed."""
        del path, target
        if name.partition(".")[0] in NOT_THERE:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)
        return None


sys.meta_path.insert(0, _Hidden())
