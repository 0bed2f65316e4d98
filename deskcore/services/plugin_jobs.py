"""Background work that plugins brought: run through the guard, put off while its plugin is away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import partial

from deskcore.extensions import config
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import TryLater
from deskcore.plugin.discovery import discover
from deskcore.plugin.loader import DROPPED
from deskcore.services import plugin_records
from deskcore.services.unit import reading

# How soon work that waited for its plugin begins when that is there again.
LOOK_AGAIN = timedelta(minutes=10)


def handler_of(name: str) -> Callable[..., None] | None:
    """Return what runs jobs of that name; None when no active plugin brought it."""
    owned = plugins().registry.jobs.get(name)
    if owned is None:
        return None

    def handle(**args: object) -> None:
        work = partial(owned.item.run, **args)
        with plugins().guard.rooms.inside(owned.slug):
            plugins().guard.call(owned.slug, f"job {name}", work, through=(TryLater,))

    return handle


def stuck() -> list[str]:
    """Name the plugins that have let go of none of their threads for a while."""
    return plugins().guard.rooms.stuck()


def periods() -> dict[str, timedelta]:
    """Return the plugins' jobs that come round by the clock, with how often."""
    jobs = (owned.item for owned in plugins().registry.jobs.all())
    return {job.name: job.every for job in jobs if job.every is not None}


def waits_for_plugin(name: str) -> bool:
    """Whether work belongs to a plugin that is known, but not active: it is not lost, it waits."""
    slug = name.partition(".")[0]
    if slug in plugins().manifests:
        return False
    with reading() as session:
        if slug in plugin_records.kept(session):
            return True
    return any(found.slug == slug for found in discover(config().instance / DROPPED))
