"""Telegram: customers write to a bot, by the Bot API; asked for news, or told by webhook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from deskcore.plugin import Channel


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Offer the channel."""
    from plugins.telegram.channel import Telegram

    return [Telegram]
