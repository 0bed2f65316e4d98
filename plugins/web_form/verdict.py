"""What the plugin says of messages that came by its forms: those in doubt are kept among the spam."""

from __future__ import annotations

from deskcore.api import N_, InboundMessage, Verdict
from deskcore.plugin import Judgement, Reason
from plugins.web_form.sending import DOUBT

_REASONS = {
    "trap": N_("A field of the web form that people do not see was filled in."),
    "quick": N_("The web form was filled in faster than people write."),
}


def judge(message: InboundMessage) -> Judgement | None:
    """Return the doubt that the form had, None for every other message."""
    doubt = message.headers.get(DOUBT, "")
    if doubt not in _REASONS:
        return None
    return Judgement(verdict=Verdict.SPAM, reasons=(Reason(text=_REASONS[doubt]),))
