"""What everybody in a process shares is put back after a plugin's call, and the plugin is named."""

from __future__ import annotations

import decimal
import io
import locale
import os
import signal
import socket
import sys
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest

from deskcore.plugin.guard import Guard
from deskcore.plugin.strikes import FAULTS_ALLOWED
from tests.plugin.recording import KeptFaults


def narrow() -> None:
    decimal.getcontext().prec = 2


def narrow_all() -> None:
    decimal.DefaultContext.prec = 2


def move() -> None:
    os.environ["TZ"] = "Pacific/Auckland"
    time.tzset()


CHANGES: dict[str, Callable[[], object]] = {
    "the decimal context": narrow,
    "the decimal context of new threads": narrow_all,
    "the locale": lambda: locale.setlocale(locale.LC_NUMERIC, "C.UTF-8"),
    "the time zone": move,
    "how long connections wait": lambda: socket.setdefaulttimeout(0.001),
    "the limit of recursion": lambda: sys.setrecursionlimit(5000),
}


def append_filter() -> None:
    """Add one of one's own, as libraries do, and one for all, as nobody should."""
    warnings.filterwarnings("ignore", category=DeprecationWarning, module="tea")
    warnings.simplefilter("ignore")


def print_elsewhere() -> None:
    sys.stdout = io.StringIO()


LOADED: dict[str, Callable[[], object]] = {
    "the locale of text": lambda: locale.setlocale(locale.LC_COLLATE, "C.UTF-8"),
    "the working folder": lambda: os.chdir("/"),
    "the mask of new files": lambda: os.umask(0o777),
    "where modules are sought": lambda: sys.path.insert(0, "/tea"),
    "what is printed to": print_elsewhere,
    "what answers signals": lambda: signal.signal(signal.SIGUSR1, lambda *_: None),
    "which warnings are told": append_filter,
}
ONCE_A_SECOND = [
    what for what in LOADED if what not in {"what answers signals", "which warnings are told"}
]


def whole() -> tuple[object, ...]:
    mask = os.umask(0)
    os.umask(mask)
    told = [each for each in warnings.filters if each[2] is Warning]
    files = sys.stdout, sys.stderr
    collating = locale.setlocale(locale.LC_COLLATE)
    return collating, Path.cwd(), mask, [*sys.path], files, signal.getsignal(signal.SIGUSR1), told


def seen() -> tuple[object, ...]:
    found: list[object] = []

    def count() -> None:
        found.append(decimal.Decimal(1) / 3)

    count()
    thread = Thread(target=count)
    thread.start()
    thread.join()
    others = time.localtime(0)[:5], socket.getdefaulttimeout(), sys.getrecursionlimit()
    return *found, locale.setlocale(locale.LC_NUMERIC), *others


@pytest.mark.parametrize("what", CHANGES)
def test_what_a_plugin_changes_for_all_is_put_back_and_told(what: str) -> None:
    kept = KeptFaults()
    guard = Guard(sink=kept)
    before = seen()
    assert guard.call("tea", "place", lambda: [CHANGES[what](), 42][1]) == 42
    assert seen() == before
    (fault,) = kept.faults
    assert fault.slug == "tea"
    assert what in fault.message


@pytest.mark.parametrize("what", LOADED)
def test_what_a_plugin_changes_while_it_is_loaded_is_put_back_and_told(what: str) -> None:
    kept = KeptFaults()
    guard = Guard(sink=kept)
    before = whole()
    with guard.commons.loading():
        guard.call("tea", "import", LOADED[what], doing="import")
    assert whole() == before
    (fault,) = kept.faults
    assert what in fault.message


@pytest.mark.parametrize("what", ONCE_A_SECOND)
def test_what_a_plugin_changes_later_is_put_back_and_told_when_it_does_so_again(what: str) -> None:
    kept = KeptFaults()
    guard = Guard(sink=kept)
    before = whole()
    guard.call("tea", "place", LOADED[what])
    assert not kept.faults
    assert guard.commons.look() == [what]
    assert whole() == before
    guard.call("coffee", "place", lambda: None)
    guard.call("tea", "place", LOADED[what])
    assert whole() == before
    (fault,) = kept.faults
    assert fault.slug == "tea"
    assert what in fault.message


def test_filters_of_warnings_that_are_a_librarys_own_stay() -> None:
    kept = KeptFaults()
    guard = Guard(sink=kept)
    with guard.commons.loading():
        guard.call("tea", "import", lambda: warnings.filterwarnings("ignore", module="tea"))
    assert not kept.faults


def test_a_plugin_that_goes_on_changing_it_is_paused() -> None:
    kept = KeptFaults()
    guard = Guard(sink=kept)
    for _ in range(FAULTS_ALLOWED):
        guard.call("tea", "place", narrow)
    assert guard.is_paused("tea")


def test_a_call_that_changes_nothing_is_no_fault() -> None:
    kept = KeptFaults()
    with decimal.localcontext():
        Guard(sink=kept).call("tea", "place", lambda: decimal.Decimal(1) / 3)
    assert kept.faults == []
