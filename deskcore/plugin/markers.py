"""The two marks of hooks: on the desk's declarations and on a plugin's implementations."""

from __future__ import annotations

import pluggy

PROJECT = "deskcore"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
