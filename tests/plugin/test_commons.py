"""What everybody in a process shares is put back after a plugin's call, and the plugin is named."""

from __future__ import annotations

import decimal
import locale
import os
import socket
import sys
import time
from collections.abc import Callable
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
