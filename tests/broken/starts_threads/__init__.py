"""Starts 500 threads that never end."""

from __future__ import annotations

import time
from threading import Thread

from deskcore.api import Permission
from deskcore.plugin import hookimpl

LONG_S = 600.0


def idle() -> None:
    time.sleep(LONG_S)


@hookimpl
def desk_permissions() -> list[Permission]:
    for _ in range(500):
        Thread(target=idle, daemon=True).start()
    return []
