"""The key to the rescue page, made at the server for a desk that lets nobody sign in.

Key and the browser it let in are kept as digests in ``instance/rescue.json``, not in the database:
the key has to work when the database is away, or when nobody's account can be read. One key, one
browser at a time, on the machine where ``desk rescue-key`` was called.
"""

from __future__ import annotations

import fcntl
import hmac
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from deskcore.clock import now
from deskcore.domain.people import Actor
from deskcore.errors import Invalid, Problem
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.logs import get_logger
from deskcore.services.throttle import count_try, network_of
from deskcore.services.tokens import TOKEN_BYTES, digest_of
from deskcore.services.typed_codes import as_stored, in_groups, new_code
from deskcore.services.unit import unit_of_work

log = get_logger(__name__)

KEY_LIFE = timedelta(minutes=30)
VISIT_LIFE = timedelta(hours=1)
# Whoever came in by the key: of the server, so of every right, and of no account.
RESCUER = Actor(kind="system", name="Rescue key")

_KEY, _VISIT = "key", "visit"


def make_key() -> str:
    """Make the key that opens the rescue page once; one made earlier dies, printed or not."""
    code = new_code()
    with _kept() as kept:
        kept[_KEY] = _entry(code, KEY_LIFE)
    note("rescue.key_made")
    return in_groups(code)


def use_key(typed: str, *, address: str = "") -> str:
    """Use the key up; returns the id of the visit it opens, for the cookie.

    Raises Invalid when it is not the key, was used, or is too old, and TooManyTries to networks
    that guess. It works while the database is away: the key's 125 bits do not need the counting.
    """
    try:
        count_try(f"rescue {network_of(address)}", address)
    except SQLAlchemyError as error:
        log.warning("a rescue key was tried while nobody could count", exc_info=error)
    with _kept() as kept:
        is_right = _is_good(kept.get(_KEY), as_stored(typed))
        if is_right:
            del kept[_KEY]
            token = secrets.token_urlsafe(TOKEN_BYTES)
            kept[_VISIT] = _entry(token, VISIT_LIFE)
    note("rescue.opened" if is_right else "rescue.failed", address=address)
    if not is_right:
        message = _("This is not the key, or it was used or is older than half an hour.")
        raise Invalid([Problem(field="key", message=message)])
    return token


def is_visiting(token: str) -> bool:
    """Whether a browser came in by the key and may still be here."""
    return bool(token) and _is_good(_read(_path()).get(_VISIT), token)


def end_visit() -> None:
    """Let the browser that came in by the key do nothing more."""
    with _kept() as kept:
        kept.pop(_VISIT, None)


def note(action: str, *, address: str = "") -> None:
    """Write a line of the audit log; while the database is away, of the log alone."""
    log.warning(action, address=address)
    try:
        with unit_of_work(RESCUER) as unit:
            unit.audit(action, address=address)
    except SQLAlchemyError as error:
        log.warning("the audit log could not be written", action=action, exc_info=error)


_Entries = dict[str, dict[str, str]]


def _entry(secret: str, life: timedelta) -> dict[str, str]:
    return {"digest": digest_of(secret), "until": (now() + life).isoformat()}


def _is_good(entry: dict[str, str] | None, secret: str) -> bool:
    if entry is None or not hmac.compare_digest(entry["digest"], digest_of(secret)):
        return False
    return now() < datetime.fromisoformat(entry["until"])


def _path() -> Path:
    return config().instance / "rescue.json"


def _read(path: Path) -> _Entries:
    """Read what is kept; a file that is missing or damaged lets nobody in."""
    try:
        entries = json.loads(path.read_text(encoding="ascii"))
        return {name: {key: entries[name][key] for key in ("digest", "until")} for name in entries}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


@contextmanager
def _kept() -> Iterator[_Entries]:
    """Read, change and write the entries while nobody else does."""
    path = _path()
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        entries = _read(path)
        yield entries
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(entries), encoding="ascii")
        fresh.chmod(0o600)
        fresh.replace(path)
