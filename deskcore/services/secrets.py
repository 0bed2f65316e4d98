"""Secrets at rest: passwords and tokens, encrypted with keys that lie outside the database.

``instance/encryption.key`` holds one key a line, the newest first: it encrypts, all of them
decrypt. ``desk keys rotate`` puts a new key on top and encrypts every stored value again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Column, LargeBinary, select, update

from deskcore.db import Base
from deskcore.errors import ConfigError
from deskcore.extensions import config
from deskcore.services.unit import unit_of_work

_FILE = "encryption.key"


def encrypt(values: Mapping[str, str]) -> bytes:
    """Encrypt named secrets together; nothing at all stays nothing."""
    if not any(values.values()):
        return b""
    return _keys().encrypt(json.dumps(dict(values)).encode())


def decrypt(stored: bytes) -> dict[str, str]:
    """Read back what ``encrypt`` wrote.

    Raises ConfigError when no key of this desk fits: the key file is another one's, or was lost.
    """
    if not stored:
        return {}
    try:
        values: dict[str, str] = json.loads(_keys().decrypt(stored))
    except InvalidToken:
        raise ConfigError(
            f"The stored passwords do not fit {_path()}. Bring the right key file back, "
            "or enter the passwords again."
        ) from None
    return values


def encrypt_everything_again() -> int:
    """Bring every stored secret to the newest key; returns how many there are.

    The columns are found in the models, so that a new kind of secret is never left behind.
    """
    keys, count = _keys(), 0
    with unit_of_work() as unit:
        for column in encrypted_columns():
            key = next(iter(column.table.primary_key))
            rows = unit.session.execute(select(key, column).where(column != b"")).all()
            for identity, stored in rows:
                changed = update(column.table).where(key == identity)
                unit.session.execute(changed.values({column.name: keys.rotate(stored)}))
                count += 1
        unit.audit("secrets.rotated", after={"count": count})
    return count


def encrypted_columns() -> list[Column[bytes]]:
    """Return every column that holds encrypted values: all columns of bytes do."""
    tables = Base.metadata.sorted_tables
    return [
        column
        for table in tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    ]


def forget_older_keys() -> None:
    """Keep the newest key only; what an older one encrypted can never be read again."""
    newest = _path().read_text(encoding="ascii").split()[0]
    _write(f"{newest}\n").replace(_path())


def add_key() -> None:
    """Put a new key on top of the file; what the older ones encrypted stays readable."""
    path = _path()
    older = path.read_text(encoding="ascii") if path.exists() else ""
    fresh = _write(f"{Fernet.generate_key().decode()}\n{older}")
    if older:
        fresh.replace(path)
        return
    try:
        os.link(fresh, path)  # unlike a rename, never replaces what another process made just now
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _write(lines: str) -> Path:
    """Write a key file beside the one in use; returns where."""
    fresh = _path().with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(lines)
        file.flush()
        os.fsync(file.fileno())
    return fresh


def _keys() -> MultiFernet:
    path = _path()
    if not path.exists():
        add_key()
    try:
        return MultiFernet([Fernet(line) for line in path.read_text(encoding="ascii").split()])
    except (ValueError, OSError) as error:
        raise ConfigError(f"{path} does not hold keys of this desk: {error}.") from None


def _path() -> Path:
    return config().instance / _FILE
