"""Parting a long text where nothing is torn: between words, never inside one."""

from __future__ import annotations

import re

from deskcore.api import _
from deskcore.plugin import Refused, TextLimit


def split(text: str, limit: TextLimit) -> list[str]:
    """Part *text*, counted in UTF-16 as the network does; raises ``Refused`` when it cannot be.

    A word longer than a part (an address of the web, say) is not torn: it would lead nowhere.
    """
    parts = [""]
    for piece in re.findall(r"\s*\S+|\s+$", text):
        if _units(parts[-1] + piece) > limit.max:
            parts.append(piece.lstrip())
        else:
            parts[-1] += piece
    if len(parts) > limit.parts or any(_units(part) > limit.max for part in parts):
        raise Refused(_("This is too long for the network, or a word in it is."))
    return parts


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
