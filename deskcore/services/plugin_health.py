"""How plugins say they are: asked by the worker every minute, kept for the pages of admins.

Each has two seconds, in a thread of its own. One that fails, or says nothing in time, is unknown:
that is no news of what it looks after, only of the plugin.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from contextvars import copy_context
from dataclasses import asdict
from datetime import timedelta

from deskcore.i18n import N_
from deskcore.models import DeskSetting
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import HealthCheck
from deskcore.plugin.faults import PluginFailed
from deskcore.services.ticks import every
from deskcore.services.unit import reading, unit_of_work

LIMIT_S = 2.0
_KEY = "health.plugins"
# Of this process: who has not come back from an earlier question is not asked another one.
_asking: dict[str, threading.Thread] = {}


@every(timedelta(minutes=1), "health.ask_plugins")
def ask_plugins() -> None:
    """Ask every plugin how it is and write that down."""
    slugs = plugins().hooks.with_health()
    with reading() as session:
        is_known = session.get(DeskSetting, _KEY) is not None
    if not slugs and not is_known:
        return
    found = {slug: [asdict(check) for check in _ask(slug)] for slug in slugs}
    with unit_of_work() as unit:
        unit.session.merge(DeskSetting(key=_KEY, value=json.dumps(found)))


def checks() -> Sequence[HealthCheck]:
    """Return what active plugins said last; nothing of the database is read when none says any."""
    slugs = plugins().hooks.with_health()
    if not slugs:
        return ()
    with reading() as session:
        row = session.get(DeskSetting, _KEY)
    said = json.loads(row.value) if row else {}
    return [HealthCheck(**check) for slug in slugs for check in said.get(slug, ())]


def _ask(slug: str) -> Sequence[HealthCheck]:
    """Return one plugin's lines, named by its slug."""
    answer: list[HealthCheck] = []

    def ask() -> None:
        try:
            answer.extend(plugins().hooks.health_of(slug))
        except PluginFailed as failed:
            answer.append(_unknown(slug, failed.fault.message))

    thread = _asking.get(slug)
    if thread is None or not thread.is_alive():
        thread = _asking[slug] = threading.Thread(
            # The desk and the open network are those of this thread.
            target=copy_context().run,
            args=(ask,),
            daemon=True,
            name=f"health {slug}",
        )
        thread.start()
        thread.join(LIMIT_S)
    if thread.is_alive():
        return [_unknown(slug, f"no answer in {LIMIT_S:g} s")]
    return [
        HealthCheck(**{**asdict(check), "name": f"plugin {slug} {check.name}".strip()})
        for check in answer
    ]


def _unknown(slug: str, why: str) -> HealthCheck:
    message = N_("A plugin could not say how it is.")
    return HealthCheck(name="", ok=False, is_known=False, message=message, cure=f"{slug}: {why}")
