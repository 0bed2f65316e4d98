"""What errors of XMPP mean, in words for people who never heard of it (RFC 6120, 8.3.3)."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from deskcore.api import N_
from plugins.xmpp.elements import local, space
from plugins.xmpp.names import STANZA_ERRORS

_MEANINGS = {
    "bad-request": N_("The server did not understand this message."),
    "forbidden": N_("The customer's server does not let the desk write to them."),
    "gone": N_("The customer has left this address for good."),
    "internal-server-error": N_("The customer's server has trouble of its own."),
    "item-not-found": N_("There is no such address."),
    "jid-malformed": N_("This is not an address of XMPP."),
    "not-acceptable": N_(
        "The customer's server does not take this message; perhaps it is too long."
    ),
    "not-allowed": N_("The customer's server does not allow this."),
    "not-authorized": N_("The customer takes messages only from people they know."),
    "policy-violation": N_("The customer's server does not take this message by its rules."),
    "recipient-unavailable": N_(
        "The customer is not there, and their server keeps nothing for them."
    ),
    "redirect": N_("The customer has another address now."),
    "remote-server-not-found": N_("The customer's server cannot be found."),
    "remote-server-timeout": N_("The customer's server does not answer."),
    "resource-constraint": N_(
        "The customer's server is too busy, or the customer's space is full."
    ),
    "service-unavailable": N_(
        "There is no such address, the customer has blocked the desk, or is away and their server "
        "keeps nothing for them."
    ),
}


def condition_of(stanza: Element) -> tuple[str, bool]:
    """Return the name of an error stanza's condition, and whether it may pass by itself."""
    error = next((each for each in stanza if local(each) == "error"), None)
    if error is None:
        return "", False
    found = [each for each in error if space(each) == STANZA_ERRORS and local(each) != "text"]
    return local(found[0]) if found else "", error.get("type") == "wait"


def meaning_of(condition: str) -> str:
    """Say a condition in a sentence, which is translated where it is shown."""
    return _MEANINGS.get(condition, N_("The customer's server did not take this message."))
