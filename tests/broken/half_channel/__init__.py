"""Brings a channel that implements nothing."""

from __future__ import annotations

from deskcore.plugin import Capabilities, Channel, PluginSettings, hookimpl


class Half(Channel):
    slug = "half"
    label = "Half"
    settings = PluginSettings
    can = Capabilities()


@hookimpl
def desk_channels() -> list[type[Channel]]:
    return [Half]  # type: ignore[type-abstract]  # that is what is broken
