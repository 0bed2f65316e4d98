"""Settings of plugins, one JSON value a row: read by plugins, changed by admins."""

from __future__ import annotations

import json
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.models import PluginSetting
from deskcore.plugin.settings import PluginSettings
from deskcore.plugin.stored import dump, load
from deskcore.services.access import require
from deskcore.services.prepared import light
from deskcore.services.unit import reading, unit_of_work

_S = TypeVar("_S", bound=PluginSettings)

# Made once: a filter asks for its settings at every mail.
_STORED = select(PluginSetting.key, PluginSetting.value).where(
    PluginSetting.slug == bindparam("slug")
)


def settings_of(slug: str, kind: type[_S]) -> _S:
    """Return a plugin's settings as they are now; what was never set has its default."""
    with reading() as session:
        return load(kind, _stored(session, slug))


def change_settings(actor: Actor, slug: str, settings: PluginSettings) -> None:
    """Store them, with an audit line; raises Invalid with the fields that cannot be used.

    Secrets are not kept here: only settings of channels may hold them.
    """
    require(actor, "plugins.manage")
    with unit_of_work(actor) as unit:
        before = _stored(unit.session, slug)
        after = dump(settings, before)
        changed = {key: value for key, value in after.items() if before.get(key) != value}
        for key, value in changed.items():
            unit.session.merge(PluginSetting(slug=slug, key=key, value=json.dumps(value)))
        if changed:
            unit.audit("plugin.settings", slug, before=before, after=changed)


def _stored(session: Session, slug: str) -> dict[str, object]:
    return {row.key: json.loads(row.value) for row in light(session, _STORED, {"slug": slug})}
