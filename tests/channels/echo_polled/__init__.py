"""Echo, polled: a made-up network that is asked for news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from deskcore.plugin import Channel


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Offer the channel."""
    from .channel import EchoPolled

    return [EchoPolled]
