"""One-use keys of forms: the same form accepted twice has one effect and one answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import bindparam, delete, select

from deskcore.models import FormKey
from deskcore.services.prepared import light
from deskcore.services.unit import Unit, unit_of_work

KEPT = timedelta(days=1)

_RESULT = select(FormKey.result).where(
    FormKey.user_id == bindparam("user_id"), FormKey.key == bindparam("key")
)


def earlier_result(unit: Unit, key: str) -> str | None:
    """Return where this form led when it was accepted before, None when it is new."""
    if not key:
        return None
    found = light(unit.session, _RESULT, {"user_id": unit.actor.id, "key": key[:64]})
    return str(found[0].result) if found else None


def accept(unit: Unit, key: str, result: str) -> None:
    """Remember that this form was accepted and where its answer led.

    The unique key makes a second, simultaneous acceptance fail as a whole.
    """
    if key:
        row = FormKey(user_id=unit.actor.id, key=key[:64], result=result, at=unit.now)
        unit.session.add(row)


def forget_old() -> None:
    """Remove keys no browser can still hold."""
    with unit_of_work() as unit:
        unit.session.execute(delete(FormKey).where(FormKey.at < unit.now - KEPT))
