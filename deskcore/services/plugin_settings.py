"""Settings of plugins, one JSON value a row: read by plugins, changed by admins.

Secrets lie together in one encrypted value, beside the rows of the others.
"""

from __future__ import annotations

import json
from typing import TypeVar

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from deskcore.domain.people import Actor
from deskcore.models import PluginSetting
from deskcore.plugin.active import plugins
from deskcore.plugin.net import Net
from deskcore.plugin.running import require_own
from deskcore.plugin.settings import PluginSettings, fields
from deskcore.plugin.stored import dump, load, split_secrets
from deskcore.services import secrets
from deskcore.services.access import require
from deskcore.services.prepared import light
from deskcore.services.unit import Unit, reading, unit_of_work

_S = TypeVar("_S", bound=PluginSettings)

# No setting has this name: names of fields begin with a letter.
_SECRETS = "*"
# Made once: a filter asks for its settings at every mail.
_STORED = select(PluginSetting.key, PluginSetting.value, PluginSetting.secret).where(
    PluginSetting.slug == bindparam("slug")
)


def settings_of(slug: str, kind: type[_S]) -> _S:
    """Return a plugin's settings as they are now; what was never set has its default.

    Raises ConfigError when there are secrets and no key of this desk fits them, ``NotItsOwn`` in
    another plugin than theirs.
    """
    require_own(slug, "the settings")
    with reading() as session:
        plain, hidden = _stored(session, slug)
    return load(kind, {**plain, **secrets.decrypt(hidden)})


def declared(slug: str) -> type[PluginSettings] | None:
    """Return the class a running plugin has declared by ``desk_settings``."""
    return plugins().registry.settings.get(slug)


def network_of(slug: str) -> Net:
    """Return a running plugin's door to the network, to the hosts that manifest and settings name.

    It is open in the worker only: in jobs, subscriptions and checks. Raises ``NotItsOwn`` in another
    plugin.
    """
    require_own(slug, "the network")
    kind = declared(slug) or PluginSettings
    return plugins().net(slug, settings_of(slug, kind))


def change_settings(actor: Actor, slug: str, settings: PluginSettings) -> int:
    """Store them, with an audit line; returns how many changed. Secrets are named there only.

    Raises Invalid with the fields that cannot be used; nothing is stored then. Raises ``NotItsOwn``
    in another plugin.
    """
    require_own(slug, "the settings")
    require(actor, "plugins.manage")
    with unit_of_work(actor) as unit:
        before, kept = _stored(unit.session, slug)
        after = dump(settings, before)
        changed: dict[str, object] = {
            key: value for key, value in after.items() if before.get(key) != value
        }
        for key, value in changed.items():
            unit.session.merge(PluginSetting(slug=slug, key=key, value=json.dumps(value)))
        changed |= dict.fromkeys(_keep_secrets(unit, slug, settings, kept), "•••")
        if changed:
            unit.audit("plugin.settings", slug, before=before, after=changed)
        return len(changed)


def _keep_secrets(unit: Unit, slug: str, settings: PluginSettings, kept: bytes) -> list[str]:
    """Encrypt the secrets when one has changed; returns the names of those."""
    if not any(field.secret for field in fields(settings)):
        return []
    _, hidden = split_secrets(settings)
    before = secrets.decrypt(kept)
    changed = [name for name, value in hidden.items() if before.get(name, "") != value]
    if changed:
        sealed = secrets.encrypt({**before, **hidden})
        unit.session.merge(PluginSetting(slug=slug, key=_SECRETS, value="null", secret=sealed))
    return changed


def _stored(session: Session, slug: str) -> tuple[dict[str, object], bytes]:
    rows = light(session, _STORED, {"slug": slug})
    plain = {row.key: json.loads(row.value) for row in rows if row.key != _SECRETS}
    return plain, next((row.secret for row in rows if row.key == _SECRETS), b"")
