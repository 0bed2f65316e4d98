"""Where saved replies stand in the desk, and who may do what with them."""

from __future__ import annotations

from deskcore.api import N_, Permission
from deskcore.plugin import Asset, ComposerTool, Link

SLUG = "saved_replies"
USE = "ticket.reply"  # whoever answers may use them
MANAGE = Permission(
    name="saved_replies.reply.manage", label=N_("Write saved replies"), roles=("owner", "admin")
)
PAGE = Link(label=N_("Saved replies"), url="/p/saved_replies/", permission=USE, icon="book-open")
ASSETS = (
    Asset(name="picker.js", where="workspace"),
    Asset(name="picker.css", where="workspace"),
    Asset(name="picker.css"),
)


def picker(number: int) -> ComposerTool:
    """Return the button that opens the picker for a ticket."""
    url = f"/p/saved_replies/for/{number}"
    return ComposerTool(
        label=N_("Saved replies"), url=url, permission=USE, icon="book-open", order=10
    )
