"""Which plugin's code is at work, so that what is one plugin's own is handed to no other."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

T = TypeVar("T")

_running: ContextVar[str] = ContextVar("plugin at work", default="")


class NotItsOwn(RuntimeError):
    """A plugin asked for something of another's; says who and what."""


def running() -> str:
    """Return the slug of the plugin whose code is at work; empty in the core's own."""
    return _running.get()


def as_plugin(slug: str, work: Callable[[], T]) -> T:
    """Do *work* as done by the plugin."""
    token = _running.set(slug)
    try:
        return work()
    finally:
        _running.reset(token)


def require_own(slug: str, what: str) -> None:
    """Raise ``NotItsOwn`` when another plugin than *slug* is at work; core may ask for all."""
    asking = _running.get()
    if asking and asking != slug:
        raise NotItsOwn(f"The plugin {asking!r} asked for {what} of {slug!r}; it has its own.")
