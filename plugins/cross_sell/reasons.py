"""Why an offer is put away, in words."""

from __future__ import annotations

from deskcore.api import N_, _
from plugins.cross_sell.chances import REASONS

_WORDS = {
    "not_fitting": N_("does not fit"),
    "not_now": N_("bad moment"),
    "has_it": N_("has it already"),
    "declined": N_("does not want it"),
    "other": N_("another reason"),
}


def reason_items() -> list[tuple[str, str]]:
    """Return the reasons as a menu offers them."""
    return [(reason, _(_WORDS[reason])) for reason in REASONS]


def reason_text(reason: str) -> str:
    """Say a reason that was kept."""
    return _(_WORDS[reason]) if reason in _WORDS else ""
