"""Whose code a thread is inside of, found by its frames when something it holds is in the way."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from types import FrameType


class Culprits:
    """Knows plugins by the modules they are made of: *modules* holds slugs by package."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules

    def of_module(self, name: str) -> str:
        """Name the plugin that a module belongs to; empty when it is nobody's."""
        while name:
            if name in self._modules:
                return self._modules[name]
            name = name.rpartition(".")[0]
        return ""

    def of_frame(self, frame: FrameType | None) -> str:
        """Name the plugin whose code was entered last on the way to this frame."""
        found = (self.of_module(each.f_globals.get("__name__", "")) for each in _outwards(frame))
        return next(filter(None, found), "")

    def of_threads(self) -> Counter[str]:
        """Count the threads whose work, from their start, is each plugin's."""
        frames = sys._current_frames().values()  # noqa: SLF001  documented, for cases like this
        return Counter(filter(None, map(self._starter, frames)))

    def _starter(self, frame: FrameType) -> str:
        names = [str(each.f_globals.get("__name__", "")) for each in _outwards(frame)]
        return self.of_module(next((name for name in reversed(names) if name != "threading"), ""))


def _outwards(frame: FrameType | None) -> Iterator[FrameType]:
    while frame is not None:
        yield frame
        frame = frame.f_back
