"""A text for whoever helps with a desk: what runs and what failed, nothing that anybody wrote.

No secret, no address and no word of a customer: of faults only the places, of checks only the
outcome. Lines of the log are made so already (``deskcore.logs``).
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import suppress

from sqlalchemy.exc import SQLAlchemyError

from deskcore import __version__
from deskcore.clock import now
from deskcore.domain.people import Actor
from deskcore.extensions import config
from deskcore.logs import recent_lines
from deskcore.plugin.active import plugins
from deskcore.plugin.recovery import Quarantine
from deskcore.services import health, plugin_faults
from deskcore.services.access import require
from deskcore.services.unit import unit_of_work

_TOLD = (
    "safe_mode", "web_threads", "worker_threads", "web_children", "worker_children",
    "trusted_proxies", "private_mail_hosts", "poll_seconds", "log_level",
)  # fmt: skip


def description(actor: Actor) -> str:
    """Write how the desk is set up and how it is; what cannot be asked is said to be so."""
    require(actor, "desk.manage")
    return _text(_server(), _checks(), _plugins(), _faults(actor))


def report(actor: Actor) -> str:
    """Write the description and the last lines of the log; that it was asked for is written down."""
    require(actor, "owner.manage")
    with suppress(SQLAlchemyError), unit_of_work(actor) as unit:
        unit.audit("rescue.report")
    return description(actor) + "\n" + _text(_log())


def _text(*parts: Iterator[str]) -> str:
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _server() -> Iterator[str]:
    settings = config()
    yield f"Deskcore {__version__}, Python {platform.python_version()}, {platform.system()}"
    yield f"Written {now():%Y-%m-%d %H:%M} UTC"
    yield f"Database: {'SQLite' if settings.is_sqlite else 'PostgreSQL'}"
    yield f"Address is configured: {bool(settings.base_url)}"
    yield from (f"{name}: {getattr(settings, name)}" for name in _TOLD)


def _checks() -> Iterator[str]:
    yield "Checks"
    try:
        # The name of a mailbox is the name of somebody.
        yield from (f"{_outcome(check.ok)} {check.name.split()[0]}" for check in health.checks())
    except SQLAlchemyError:
        yield "BAD the database does not answer"


def _plugins() -> Iterator[str]:
    yield "Plugins of this process"
    for status in plugins().statuses_now():
        told = " ".join(filter(None, (status.slug, status.version, status.state)))
        yield f"{told}: {status.reason}" if status.reason else told
    yield from (
        f"blamed: {blame.slug} {blame.place} {blame.deaths} times, last {blame.at:%Y-%m-%d %H:%M}"
        for blame in Quarantine(plugins().boot).blames().values()
    )


def _faults(actor: Actor) -> Iterator[str]:
    yield "Faults of plugins, without what they said"
    try:
        lines = plugin_faults.recent(actor)
    except SQLAlchemyError:
        yield "cannot be read: the database does not answer"
        return
    if not lines:
        yield "none"
    for line in lines:
        kind = line.message.partition(":")[0]
        yield f"{line.slug} {line.place} {kind} {line.count} times, last {line.last_at:%Y-%m-%d %H:%M}"
        places = (each.strip() for each in line.traceback.splitlines())
        yield from (f"    {place}" for place in places if place.startswith('File "'))


def _log() -> Iterator[str]:
    yield "Last warnings of this process; the whole log is where the desk was started"
    yield from recent_lines()


def _outcome(ok: bool) -> str:  # noqa: FBT001  the outcome itself is what is worded
    return "ok " if ok else "BAD"
