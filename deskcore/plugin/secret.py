"""A value that must not be shown: passwords and tokens in settings."""

from __future__ import annotations

import hmac
import os

from deskcore.errors import ConfigError

ENV_PREFIX = "env:"
MASK = "••••"


class Secret:
    """A password or token that never shows itself in text, logs or forms.

    A value ``env:NAME`` stands for the environment variable ``NAME``: only the name is stored.
    """

    __slots__ = ("_stored",)

    def __init__(self, stored: str = "") -> None:
        self._stored = stored

    @property
    def stored(self) -> str:
        """The form that is kept (encrypted): the value itself, or ``env:NAME``."""
        return self._stored

    def reveal(self) -> str:
        """Give the value away. Raises ``ConfigError`` when its environment variable is not set."""
        if not self._stored.startswith(ENV_PREFIX):
            return self._stored
        name = self._stored.removeprefix(ENV_PREFIX)
        try:
            return os.environ[name]
        except KeyError:
            raise ConfigError(
                f"The environment variable {name}, which holds a password, is not set."
            ) from None

    def __bool__(self) -> bool:
        return bool(self._stored)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._stored.encode(), other._stored.encode())

    def __hash__(self) -> int:
        return hash(self._stored)

    def __str__(self) -> str:
        return MASK if self._stored else ""

    def __repr__(self) -> str:
        return f"Secret({str(self)!r})"
