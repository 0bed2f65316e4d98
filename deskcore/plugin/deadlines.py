"""Work of plugins that somebody waits for: in threads of the plugin's own, and only so long.

A thread that hangs cannot be ended. So each plugin has a few, for pushes to its channels; when all
of them hang, its pushes are put off at once and nobody waits for it any more.
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
from deskcore.plugin.running import as_plugin

T = TypeVar("T")
WITHIN_S = 3.0  # platforms wait five to ten seconds for their answer
AT_ONCE = 4


class Deadlines:
    """The threads of all plugins, made when they are needed."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._pools: dict[str, ThreadPoolExecutor] = {}
        self._hung: Counter[str] = Counter()

    def within(self, slug: str, work: Callable[[], T]) -> T:
        """Do a plugin's work, and raise what it raises.

        Raises TimeoutError when it does not come back, and TryLater when it was not begun.
        """
        if slug in self.hanging():
            raise TryLater("Everything this plugin was asked before still hangs.")
        future = self._pool(slug).submit(_in_this_app(partial(as_plugin, slug, work)))
        try:
            return future.result(WITHIN_S)
        except TimeoutError:
            if future.done():
                raise  # it is the work's own
            if future.cancel():
                raise TryLater("This plugin is busy.") from None
            self._note_hung(slug, future)
            raise TimeoutError(f"It did not come back within {WITHIN_S:g} seconds.") from None

    def hanging(self) -> list[str]:
        """Name the plugins that have no thread left."""
        return [slug for slug, hung in list(self._hung.items()) if hung >= AT_ONCE]

    def _pool(self, slug: str) -> ThreadPoolExecutor:
        with self._lock:
            if slug not in self._pools:
                self._pools[slug] = ThreadPoolExecutor(AT_ONCE, thread_name_prefix=slug)
            return self._pools[slug]

    def _note_hung(self, slug: str, future: Future[T]) -> None:
        def came_back(_future: Future[T]) -> None:
            with self._lock:
                self._hung[slug] -= 1

        with self._lock:
            self._hung[slug] += 1
        future.add_done_callback(came_back)


def _in_this_app(work: Callable[[], T]) -> Callable[[], T]:
    """Let a thread of its own do it in a context of its own: the caller's ends before a hang does."""
    if not has_app_context():
        return work
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001  Flask's own way for threads

    def run() -> T:
        with app.app_context():
            return work()

    return run
