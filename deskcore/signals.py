"""Signals as bytes to read, one after another, wherever a process waits.

A handler of Python's runs in the main thread only, between two of its steps. One that sets an
Event locks up when it meets the main thread inside of that Event, and it never runs when another
thread is woken by the signal while the main thread waits for a lock. A pipe knows neither trouble.
"""

from __future__ import annotations

import os
import signal
from types import FrameType


def as_bytes(*numbers: int) -> int:
    """Return a descriptor on which each of these signals is one byte: its number.

    Others that have a handler of Python's come there too.
    """
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    signal.set_wakeup_fd(writing)
    for number in numbers:
        signal.signal(number, _nothing)
    return reading


def wait_for(number: int, reading: int) -> None:
    """Wait until the signal has come on the descriptor that ``as_bytes`` gave."""
    while os.read(reading, 1) != bytes([number]):
        pass


def _nothing(_number: int, _frame: FrameType | None) -> None:
    """Let the pipe speak."""
