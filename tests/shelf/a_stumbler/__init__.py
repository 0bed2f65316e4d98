"""Puts a stumbling block into what other plugins do with messages; a file says whose turn it is.

Its name has it loaded before them, so that they hand out what is wrapped here.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

from deskcore.plugin.discovery import bundled_folder, open_namespace

# Says {"slug": ..., "kind": "hang" | "crash" | "exit"}; beside it lies what was met.
TOLD = Path(os.environ["DESK_TEST_STUMBLES"])
LONG_S = 20.0
# By plugin: its channels' coming and going, handlers of events, hooks on a message's way, jobs.
PLACES = {
    "web_form": ("verdict.judge", "kept.forget_old"),
    "telegram": ("channel.Telegram.receive", "channel.Telegram.render", "channel.Telegram.send"),
    "xmpp": ("channel.XmppChannel.listen", "channel.XmppChannel.render"),
    "catalogue": ("importing.reading",),
    "cross_sell": ("chances.sent",),
    "reviews": ("channel_site.Site.receive", "arrivals.take_in", "deputies.look"),
    "stock_notes": ("asks.note_asked", "telling.tell"),
}


def stumble(slug: str, place: str) -> None:
    told = _told()
    if told.get("slug") != slug:
        return
    with (TOLD.parent / "met").open("a") as met:
        met.write(f"{told['kind']} {slug} {place}\n")
    if told["kind"] == "exit":
        os._exit(7)
    if told["kind"] == "crash":
        raise ZeroDivisionError(place)
    until = time.monotonic() + LONG_S
    while time.monotonic() < until and _told() == told:
        time.sleep(0.05)


def _told() -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads(TOLD.read_text())
    except (OSError, ValueError):
        return {}
    return found


def _stumbling(slug: str, place: str, real: Callable[..., Any]) -> Callable[..., Any]:
    def work(*given: Any, **named: Any) -> Any:
        stumble(slug, place)
        return real(*given, **named)

    return work


open_namespace(bundled_folder())
for slug, places in PLACES.items():
    for place in places:
        module, *outer, name = place.split(".")
        home: Any = import_module(f"plugins.{slug}.{module}")
        for each in outer:
            home = getattr(home, each)
        setattr(home, name, _stumbling(slug, place, getattr(home, name)))
