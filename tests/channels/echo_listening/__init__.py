"""Echo, listening: a made-up network that is told of news over a held connection."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from deskcore.plugin import Channel


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Offer the channel."""
    from .channel import EchoListening

    return [EchoListening]
