"""Takes its time beside every ticket."""

from __future__ import annotations

import time

from deskcore.plugin import Panel, hookimpl


@hookimpl
def desk_ticket_panels() -> list[Panel]:
    time.sleep(2.05)
    return [Panel(title="At last", body="Here I am.")]
