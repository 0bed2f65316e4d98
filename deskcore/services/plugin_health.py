"""How plugins say they are: asked by the worker every minute, kept for the pages of admins.

Each has two seconds. One that fails, or says nothing in time, is unknown: that is no news of what
it looks after, only of the plugin. Who has not come back from an earlier question is not asked again.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from functools import partial

from deskcore.i18n import N_
from deskcore.models import DeskSetting
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import HealthCheck, TryLater
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.net import network_allowed
from deskcore.services.ticks import every
from deskcore.services.unit import reading, unit_of_work

LIMIT_S = 2.0
_KEY = "health.plugins"


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
    try:
        answer = plugins().guard.deadlines.within(
            slug, partial(_answer, slug), errand="health", at_once=1, seconds=LIMIT_S
        )
    except PluginFailed as failed:
        return [_unknown(slug, failed.fault.message)]
    except (TimeoutError, TryLater):
        return [_unknown(slug, f"no answer in {LIMIT_S:g} s")]
    return [
        HealthCheck(**{**asdict(check), "name": f"plugin {slug} {check.name}".strip()})
        for check in answer
    ]


def _answer(slug: str) -> Sequence[HealthCheck]:
    with network_allowed():
        return plugins().hooks.health_of(slug)


def _unknown(slug: str, why: str) -> HealthCheck:
    message = N_("A plugin could not say how it is.")
    return HealthCheck(name="", ok=False, is_known=False, message=message, cure=f"{slug}: {why}")
