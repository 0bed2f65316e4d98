"""E-mail: mailboxes read over IMAP, answers sent over SMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.plugin import hookimpl

if TYPE_CHECKING:
    from deskcore.plugin import Channel


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Offer the e-mail channel."""
    from plugins.email.channel import EmailChannel

    return [EmailChannel]
