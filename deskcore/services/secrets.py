"""Secrets at rest: passwords and tokens, encrypted with keys that lie outside the database.

``instance/encryption.key`` holds one key a line, the newest first: it encrypts, all of them
decrypt. ``desk rotate-key`` puts a new key on top and encrypts every value again, later drops
the old ones.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from deskcore.errors import ConfigError
from deskcore.extensions import config

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
        raise _misfit() from None
    return values


def encrypt_again(stored: bytes) -> bytes:
    """Bring a stored value to the newest key; raises ConfigError as ``decrypt`` does."""
    try:
        return _keys().rotate(stored) if stored else b""
    except InvalidToken:
        raise _misfit() from None


def add_key() -> None:
    """Put a new key on top of the file; what the older ones encrypted stays readable."""
    path = key_file()
    older = path.read_text(encoding="ascii") if path.exists() else ""
    fresh = path.with_suffix(".new")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(f"{Fernet.generate_key().decode()}\n{older}")
        file.flush()
        os.fsync(file.fileno())
    if older:
        fresh.replace(path)
        return
    try:
        os.link(fresh, path)  # unlike a rename, never replaces what another process made just now
    except FileExistsError:
        pass
    finally:
        fresh.unlink()


def _keys() -> MultiFernet:
    path = key_file()
    if not path.exists():
        add_key()
    try:
        return MultiFernet([Fernet(line) for line in path.read_text(encoding="ascii").split()])
    except (ValueError, OSError) as error:
        raise ConfigError(f"{path} does not hold keys of this desk: {error}.") from None


def _misfit() -> ConfigError:
    return ConfigError(
        f"The stored passwords do not fit {key_file()}. Bring the right key file back, "
        "or enter the passwords again."
    )


def key_file() -> Path:
    """Return where the keys are, one a line, the newest first."""
    return config().instance / _FILE
