"""What everybody in a process shares: looked at after each call of a plugin, and put back.

A plugin that changes how decimals are counted changes the sums of all others. A look costs under
two microseconds; what is not so cheap to see (signal handlers, the working folder) is not looked at.
"""

from __future__ import annotations

import decimal
import locale
import socket
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from os import environ
from typing import Any

_LOCALES = (locale.LC_NUMERIC, locale.LC_TIME)
_set_locale = locale._setlocale  # type: ignore[attr-defined]  # noqa: SLF001  the public one costs ten times as much


@dataclass(frozen=True, kw_only=True)
class _Thing:
    name: str
    look: Callable[[], Any]
    put_back: Callable[[Any], object]


class Commons:
    """How the process is set up for all, as it was when this was made."""

    def __init__(self) -> None:
        self._zone = environ.get("TZ")
        self._things = (
            _Thing(name="the decimal context", look=_decimals, put_back=_set_decimals),
            _Thing(
                name="the decimal context of new threads",
                look=_default_decimals,
                put_back=_set_default_decimals,
            ),
            _Thing(name="the locale", look=_locale, put_back=_set_locales),
            _Thing(name="the time zone", look=lambda: time.tzname, put_back=self._set_zone),
            _Thing(
                name="how long connections wait",
                look=socket.getdefaulttimeout,
                put_back=socket.setdefaulttimeout,
            ),
            _Thing(
                name="the limit of recursion",
                look=sys.getrecursionlimit,
                put_back=sys.setrecursionlimit,
            ),
        )
        self._looks = tuple(thing.look for thing in self._things)
        self._before = self._look()

    def restore(self) -> list[str]:
        """Put back what was changed; names it."""
        found = self._look()
        if found == self._before:
            return []
        changed = []
        for thing, before, now in zip(self._things, self._before, found, strict=True):
            if before != now:
                thing.put_back(before)
                changed.append(thing.name)
        return changed

    def _look(self) -> tuple[object, ...]:
        return tuple([look() for look in self._looks])

    def _set_zone(self, _names: object) -> None:
        environ.pop("TZ", None)
        if self._zone is not None:
            environ["TZ"] = self._zone
        time.tzset()


def _decimals() -> tuple[object, ...]:
    context = decimal.getcontext()
    return context.prec, context.rounding, context.Emin, context.Emax


def _set_decimals(_values: object) -> None:
    decimal.setcontext(decimal.Context())


def _default_decimals() -> tuple[object, ...]:
    return decimal.DefaultContext.prec, decimal.DefaultContext.rounding


def _set_default_decimals(values: tuple[int, str]) -> None:
    decimal.DefaultContext.prec, decimal.DefaultContext.rounding = values
    decimal.setcontext(decimal.Context())


def _locale() -> tuple[object, ...]:
    return tuple([_set_locale(category, None) for category in _LOCALES])


def _set_locales(values: tuple[str, ...]) -> None:
    for category, value in zip(_LOCALES, values, strict=True):
        locale.setlocale(category, value)
