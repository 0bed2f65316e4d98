"""Values of settings as rows: one row for each that was ever changed, under a prefix of its area."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from deskcore.models import DeskSetting
from deskcore.services.prepared import light
from deskcore.services.unit import Unit

Stored = Select[str, str]


def stored_under(prefix: str, names: list[str]) -> Stored:
    """Return the statement that reads these settings; made once, by whoever owns them."""
    keys = [f"{prefix}.{name}" for name in names]
    return select(DeskSetting.key, DeskSetting.value).where(DeskSetting.key.in_(keys))


def read(session: Session, stored: Stored) -> dict[str, Any]:
    """Return what was ever changed, by name without its prefix."""
    rows = light(session, stored)
    return {row.key.partition(".")[2]: json.loads(row.value) for row in rows}


def change(
    unit: Unit, prefix: str, old: Mapping[str, object], new: Mapping[str, object], *, action: str
) -> None:
    """Write what differs, with one line *action* of the audit log."""
    changed = [key for key in new if old[key] != new[key]]
    for key in changed:
        unit.session.merge(DeskSetting(key=f"{prefix}.{key}", value=json.dumps(new[key])))
    if changed:
        before, after = ({key: values[key] for key in changed} for values in (old, new))
        unit.audit(action, before=before, after=after)
