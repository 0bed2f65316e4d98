"""One failure of a plugin, and where failures are told."""

from __future__ import annotations

import hashlib
import logging
import traceback
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from deskcore.clock import now

MAX_MESSAGE = 500
MAX_TRACEBACK = 8000
MAX_PLACE = 80  # the column's width
SLOW = "slow: "

log = logging.getLogger(__name__)


class PluginFailed(Exception):
    """A plugin's code failed; the fault is recorded already."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"The plugin {fault.slug} failed in {fault.place}: {fault.message}")
        self.fault = fault


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A failure for people to look at. Failures of one cause share their ``digest``."""

    slug: str
    place: str
    digest: str
    message: str
    traceback: str = field(default="", repr=False)
    at: datetime


class FaultSink(Protocol):
    """Where faults and pauses go; must not raise and must not open a transaction at once."""

    def record(self, fault: Fault) -> None:
        """Take one fault."""

    def paused(self, slug: str, place: str, reason: str) -> None:
        """Learn that a plugin, or one hook of it, is left alone from now on."""


class LoggedFaults:
    """The sink of a process that has no database yet."""

    def record(self, fault: Fault) -> None:
        """Log the fault without its message, which may quote what a customer wrote."""
        log.warning("plugin fault plugin=%s place=%s digest=%s", *_ids(fault))

    def paused(self, slug: str, place: str, reason: str) -> None:
        """Log the pause."""
        log.warning("plugin paused plugin=%s place=%s reason=%s", slug, place, reason)


def told_fault(slug: str, place: str, message: str, details: str = "") -> Fault:
    """Describe what a plugin did wrong without raising anything."""
    return Fault(
        slug=slug,
        place=place[:MAX_PLACE],
        digest=hashlib.sha256(f"{slug}|{place}".encode()).hexdigest(),
        message=message[:MAX_MESSAGE],
        traceback=details[-MAX_TRACEBACK:],
        at=now(),
    )


def slow_call(slug: str, place: str, seconds: float, *, allowed: float) -> Fault:
    """Describe a call that came back, but late; those of one place share their digest."""
    message = f"It took {seconds:.1f} seconds the last time; more than {allowed:g} are slow."
    return told_fault(slug, f"{SLOW}{place}", message)


def fault_of(slug: str, place: str, error: BaseException) -> Fault:
    """Describe an exception of a plugin's code."""
    message = f"{type(error).__name__}: {error}"
    frames = traceback.extract_tb(error.__traceback__)
    origin = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""
    identity = f"{slug}|{place}|{type(error).__qualname__}|{origin}"
    text = "".join(traceback.format_exception(error))
    return Fault(
        slug=slug,
        place=place[:MAX_PLACE],
        digest=hashlib.sha256(identity.encode()).hexdigest(),
        message=message[:MAX_MESSAGE],
        traceback=text[-MAX_TRACEBACK:],
        at=now(),
    )


def _ids(fault: Fault) -> tuple[str, str, str]:
    return fault.slug, fault.place, fault.digest[:12]
