"""What everybody in a process shares: looked at after each call of a plugin, and put back.

A plugin that changes how decimals are counted changes the sums of all others. A look costs under
two microseconds. What is not so cheap to see (the working folder, what is printed to) is looked at
while plugins are loaded, and then once a second; when it was changed, after each call from then on,
since only that names who does it. Signals and warnings are looked at while plugins are loaded only:
later the desk sets its own, and libraries change filters for a moment in other threads.
"""

from __future__ import annotations

import decimal
import locale
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from os import environ
from pathlib import Path
from typing import Any

_LOCALES = (locale.LC_NUMERIC, locale.LC_TIME)
_OTHER_LOCALES = (locale.LC_COLLATE, locale.LC_CTYPE, locale.LC_MESSAGES, locale.LC_MONETARY)
_SIGNALS = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGHUP,
    signal.SIGCHLD,
    signal.SIGUSR1,
    signal.SIGUSR2,
)
_ABOUT_ME = Path("/proc/self/status")
_set_locale = locale._setlocale  # type: ignore[attr-defined]  # noqa: SLF001  the public one costs ten times as much


@dataclass(frozen=True, kw_only=True)
class _Thing:
    name: str
    look: Callable[[], Any]
    put_back: Callable[[Any], object]


class _Watch:
    """Some of the things, as they were when this was made."""

    def __init__(self, things: Sequence[_Thing]) -> None:
        self._things = things
        self._looks = tuple(thing.look for thing in things)
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


class Commons:
    """How the process is set up for all, as it was when this was made."""

    def __init__(self) -> None:
        usual = (*_USUAL, _zone())
        self._usual = _Watch(usual)
        self._more = _Watch((*usual, *_RARE))
        self._all = _Watch((*usual, *_RARE, *_AT_FIRST))
        self.restore = self._usual.restore

    @contextmanager
    def loading(self) -> Iterator[None]:
        """Look at everything after each call inside."""
        self.restore = self._all.restore
        yield
        self.restore = self._usual.restore

    def look(self) -> list[str]:
        """Put back what was changed by nobody knows whom; from now on each call is looked at."""
        changed = self._more.restore()
        if changed:
            self.restore = self._more.restore
        return changed


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


def _zone() -> _Thing:
    before = environ.get("TZ")

    def put_back(_names: object) -> None:
        environ.pop("TZ", None)
        if before is not None:
            environ["TZ"] = before
        time.tzset()

    return _Thing(name="the time zone", look=lambda: time.tzname, put_back=put_back)


def _locale() -> tuple[object, ...]:
    return tuple([_set_locale(category, None) for category in _LOCALES])


def _other_locales() -> tuple[object, ...]:
    return tuple([_set_locale(category, None) for category in _OTHER_LOCALES])


def _set_locales(values: tuple[str, ...]) -> None:
    for category, value in zip(_LOCALES, values, strict=True):
        locale.setlocale(category, value)


def _set_other_locales(values: tuple[str, ...]) -> None:
    for category, value in zip(_OTHER_LOCALES, values, strict=True):
        locale.setlocale(category, value)


def _folder() -> str:
    with suppress(OSError):  # it may have been removed
        return os.getcwd()  # noqa: PTH109  a path costs more
    return ""


def _set_folder(folder: str) -> None:
    with suppress(OSError):
        os.chdir(folder)


def _umask() -> str:
    """Read the mask of new files where that can be done without setting it."""
    with suppress(OSError):
        for line in _ABOUT_ME.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("Umask:"):
                return line.partition(":")[2].strip()
    return ""


def _set_umask(mask: str) -> None:
    if mask:
        os.umask(int(mask, 8))


def _set_path(path: tuple[str, ...]) -> None:
    sys.path[:] = path


def _set_output(files: tuple[Any, Any]) -> None:
    sys.stdout, sys.stderr = files


def _handlers() -> tuple[object, ...]:
    return tuple([signal.getsignal(number) for number in _SIGNALS])


def _set_handlers(handlers: tuple[Any, ...]) -> None:
    with suppress(ValueError):  # only a main thread has set and can set them
        for number, handler in zip(_SIGNALS, handlers, strict=True):
            signal.signal(number, handler)


def _filters() -> tuple[object, ...]:
    """Return the filters that speak of every warning; libraries add some for their own."""
    return tuple(
        [
            each
            for each in warnings.filters
            if each[1] is None and each[2] is Warning and each[3] is None
        ]
    )


def _set_filters(before: tuple[Any, ...]) -> None:
    others = [each for each in warnings.filters if each not in _filters()]
    warnings.filters[:] = [*others, *before]  # type: ignore[index]  # a list it is
    warnings._filters_mutated()  # type: ignore[attr-defined]  # noqa: SLF001  as the public functions do


_USUAL = (
    _Thing(name="the decimal context", look=_decimals, put_back=_set_decimals),
    _Thing(
        name="the decimal context of new threads",
        look=_default_decimals,
        put_back=_set_default_decimals,
    ),
    _Thing(name="the locale", look=_locale, put_back=_set_locales),
    _Thing(
        name="how long connections wait",
        look=socket.getdefaulttimeout,
        put_back=socket.setdefaulttimeout,
    ),
    _Thing(
        name="the limit of recursion", look=sys.getrecursionlimit, put_back=sys.setrecursionlimit
    ),
)
_RARE = (
    _Thing(name="the locale of text", look=_other_locales, put_back=_set_other_locales),
    _Thing(name="the working folder", look=_folder, put_back=_set_folder),
    _Thing(name="the mask of new files", look=_umask, put_back=_set_umask),
    _Thing(name="where modules are sought", look=lambda: tuple(sys.path), put_back=_set_path),
    _Thing(
        name="what is printed to",
        look=lambda: (sys.stdout, sys.stderr),
        put_back=_set_output,
    ),
)
_AT_FIRST = (
    _Thing(name="what answers signals", look=_handlers, put_back=_set_handlers),
    _Thing(name="which warnings are told", look=_filters, put_back=_set_filters),
)
