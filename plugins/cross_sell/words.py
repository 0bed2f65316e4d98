"""What states, steps and figures are called."""

from __future__ import annotations

from deskcore.api import N_, _
from plugins.cross_sell.reasons import reason_items

_STATES = {
    "on": (N_("on"), "ok"),
    "off": (N_("off"), ""),
    "ended": (N_("over"), ""),
    "later": (N_("begins later"), "info"),
    "out_of_season": (N_("out of season"), "info"),
}
_FIGURES = {
    "shown": N_("Shown to whoever answers"),
    "inserted": N_("Put into an answer"),
    "sent": N_("Left the desk"),
    "clicked": N_("Link opened by the customer"),
    "taken": N_("Taken"),
    "dismissed": N_("Put away"),
    "control": N_("Control share: would have been shown"),
    "control_taken": N_("Control share: taken"),
    "unasked": N_("Taken without having been shown"),
}


def state_words(state: str) -> tuple[str, str]:
    """Return what a state is called, and its tone."""
    text, tone = _STATES[state]
    return _(text), tone


def what_words() -> dict[str, str]:
    """Return what can be offered, in a word."""
    return {"product": _("product"), "category": _("category"), "tag": _("tag")}


def figure_words() -> dict[str, str]:
    """Return what the figures are called."""
    names = {name: _(text) for name, text in _FIGURES.items()}
    put_away = {
        f"dismissed_{reason}": _("Put away: %(why)s", why=why) for reason, why in reason_items()
    }
    return names | put_away
