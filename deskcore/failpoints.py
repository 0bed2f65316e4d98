"""Named places where a test may kill this process; off unless ``DESK_FAILPOINTS`` is set.

``DESK_FAILPOINTS="inbound.stored:3"`` sends SIGKILL at the third pass of that place, which is how
the crash tests stop a real desk between two commits. With ``DESK_FAILPOINTS_ONCE`` naming a
folder, each place kills one process only, so that the one started after it can be watched.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from functools import cache
from pathlib import Path

_passes: Counter[str] = Counter()


def failpoint(name: str) -> None:
    """Die here, if a test asked for it at this pass."""
    armed = _armed()
    if name not in armed:
        return
    _passes[name] += 1
    if _passes[name] == int(armed[name]) and _is_first(name):
        os.kill(os.getpid(), signal.SIGKILL)


@cache
def _armed() -> dict[str, str]:
    """Read at the first pass: the tests start desks in processes that have imported this before."""
    entries = os.environ.get("DESK_FAILPOINTS", "").split(",")
    return dict(entry.rsplit(":", 1) for entry in entries if entry)


def _is_first(name: str) -> bool:
    once = os.environ.get("DESK_FAILPOINTS_ONCE", "")
    if not once:
        return True
    try:
        Path(once, name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
