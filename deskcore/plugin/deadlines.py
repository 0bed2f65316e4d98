"""Work of plugins that somebody waits for: in threads of the plugin's own, and only so long.

A thread that hangs cannot be ended. So each plugin has a few for each errand (pushes to its channels,
being asked how it is, its hooks on a message's way); when too many of an errand hang, nobody waits for
it any more until one comes back.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from threading import Lock
from typing import TypeVar

from flask import current_app, has_app_context

from deskcore.plugin.channel import TryLater
from deskcore.plugin.net import network_allowed, network_is_open
from deskcore.plugin.running import as_plugin

T = TypeVar("T")
WITHIN_S = 3.0  # platforms wait five to ten seconds for their answer
AT_ONCE = 4
_Key = tuple[str, str]  # the plugin, the errand


class Deadlines:
    """The threads of all plugins, made when they are needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pools: dict[_Key, ThreadPoolExecutor] = {}
        self._hung: Counter[_Key] = Counter()

    def within(
        self,
        slug: str,
        work: Callable[[], T],
        *,
        errand: str = "",
        at_once: int = AT_ONCE,
        most_hung: int = AT_ONCE,
        seconds: float | None = None,
    ) -> T:
        """Do a plugin's work, and raise what it raises.

        Raises TimeoutError when it does not come back, and TryLater when it was not begun.
        """
        key = slug, errand
        if self._hung[key] >= min(most_hung, at_once):
            raise TryLater("Everything this plugin was asked before still hangs.")
        limit = WITHIN_S if seconds is None else seconds
        future = self._pool(key, at_once).submit(_in_this_app(partial(as_plugin, slug, work)))
        try:
            return future.result(limit)
        except TimeoutError:
            if future.done():
                raise  # it is the work's own
            if future.cancel():
                raise TryLater("This plugin is busy.") from None
            self._note_hung(key, future)
            raise TimeoutError(f"It did not come back within {limit:g} seconds.") from None

    def hanging(self) -> list[str]:
        """Name the plugins that have no thread left for what networks push."""
        return [slug for (slug, _), hung in list(self._hung.items()) if hung >= AT_ONCE]

    def _pool(self, key: _Key, at_once: int) -> ThreadPoolExecutor:
        with self._lock:
            if key not in self._pools:
                name = " ".join(filter(None, reversed(key)))
                self._pools[key] = ThreadPoolExecutor(at_once, thread_name_prefix=name)
            return self._pools[key]

    def _note_hung(self, key: _Key, future: Future[T]) -> None:
        def came_back(_future: Future[T]) -> None:
            with self._lock:
                self._hung[key] -= 1

        with self._lock:
            self._hung[key] += 1
        future.add_done_callback(came_back)


def _in_this_app(work: Callable[[], T]) -> Callable[[], T]:
    """Let a thread of its own do it in a context of its own: the caller's ends before a hang does.

    The network is open there as it is here.
    """
    if not has_app_context():
        return work
    app, is_open = current_app._get_current_object(), network_is_open()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's own way for threads

    def run() -> T:
        with app.app_context(), network_allowed(is_so=is_open):
            return work()

    return run
