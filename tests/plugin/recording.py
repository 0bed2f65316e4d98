"""A place for faults that a test can look at."""

from __future__ import annotations

from deskcore.plugin.faults import Fault


class KeptFaults:
    """Keeps everything it is told."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.pauses: list[tuple[str, str, str]] = []

    def record(self, fault: Fault) -> None:
        self.faults.append(fault)

    def paused(self, slug: str, place: str, reason: str) -> None:
        self.pauses.append((slug, place, reason))
