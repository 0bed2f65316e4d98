"""Named places where a test may kill this process; off unless ``DESK_FAILPOINTS`` is set.

``DESK_FAILPOINTS="inbound.stored:3"`` sends SIGKILL at the third pass of that place, which is how
the crash tests stop a real desk between two commits. With ``DESK_FAILPOINTS_ONCE`` naming a
folder, each place kills one process only, so that the one started after it can be watched.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from pathlib import Path

_passes: Counter[str] = Counter()
_armed = dict(
    entry.rsplit(":", 1) for entry in os.environ.get("DESK_FAILPOINTS", "").split(",") if entry
)
_once = os.environ.get("DESK_FAILPOINTS_ONCE", "")


def failpoint(name: str) -> None:
    """Die here, if a test asked for it at this pass."""
    if not _armed or name not in _armed:
        return
    _passes[name] += 1
    if _passes[name] == int(_armed[name]) and _is_first(name):
        os.kill(os.getpid(), signal.SIGKILL)


def _is_first(name: str) -> bool:
    if not _once:
        return True
    try:
        Path(_once, name).touch(exist_ok=False)
    except FileExistsError:
        return False
    return True
