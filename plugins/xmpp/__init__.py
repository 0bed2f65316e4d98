"""XMPP: the desk as a component of an XMPP server of one's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from deskcore.plugin import Channel


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Offer the channel."""
    from plugins.xmpp.channel import XmppChannel

    return [XmppChannel]
