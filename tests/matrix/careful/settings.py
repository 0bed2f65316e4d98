"""What lies in the drawer."""

from __future__ import annotations

from deskcore.plugin import PluginSettings, Secret, setting


class CarefulSettings(PluginSettings):
    """A note that those with the right read, and a token that nobody does."""

    note: str = setting("Note", default="")
    token: Secret = setting("Token", default=Secret())
