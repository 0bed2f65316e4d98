"""What is to be done with one plugin, and what came of it: plain values between two processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

What = Literal["activate", "resume", "upgrade", "deactivate", "uninstall"]


@dataclass(frozen=True, kw_only=True)
class Order:
    """One change of one plugin; ``user_id`` 0 is the person at the server.

    Without ``tells_plugin`` the plugin is not asked for its part: it has ended a process at it.
    """

    what: What
    slug: str
    user_id: int = 0
    tells_plugin: bool = True


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What came of an order; a refused one changed nothing but what ``reason`` says.

    ``details`` is a traceback, ``remark`` what went wrong beside a change that was made.
    """

    is_done: bool
    reason: str = ""
    details: str = ""
    remark: str = ""
