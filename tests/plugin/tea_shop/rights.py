"""Who may do what in the shop."""

from __future__ import annotations

from deskcore.api import N_, Permission

SEE_STOCK = "tea_shop.stock.see"
PERMISSIONS = [
    Permission(name=SEE_STOCK, label=N_("See what is on the shelves"), roles=("admin", "agent")),
]
