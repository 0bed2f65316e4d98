"""The names of the protocols that are spoken here, and addresses (JIDs)."""

from __future__ import annotations

CHAT_STATES = "http://jabber.org/protocol/chatstates"
CONFERENCE = "jabber:x:conference"
CORRECT = "urn:xmpp:message-correct:0"
DELAY = "urn:xmpp:delay"
DISCO_INFO = "http://jabber.org/protocol/disco#info"
DISCO_ITEMS = "http://jabber.org/protocol/disco#items"
ENCRYPTION = "urn:xmpp:eme:0"
MARKERS = "urn:xmpp:chat-markers:0"
MUC_USER = "http://jabber.org/protocol/muc#user"
NICK = "http://jabber.org/protocol/nick"
OMEMO = "eu.siacs.conversations.axolotl"
OOB = "jabber:x:oob"
PING = "urn:xmpp:ping"
REACTIONS = "urn:xmpp:reactions:0"
RECEIPTS = "urn:xmpp:receipts"
REPLY = "urn:xmpp:reply:0"
RETRACT = "urn:xmpp:message-retract:1"
RETRACT_OLD = "urn:xmpp:message-retract:0"
FASTEN = "urn:xmpp:fasten:0"
STABLE_IDS = "urn:xmpp:sid:0"
STANZA_ERRORS = "urn:ietf:params:xml:ns:xmpp-stanzas"
STREAM_ERRORS = "urn:ietf:params:xml:ns:xmpp-streams"
UPLOAD = "urn:xmpp:http:upload:0"
VCARD = "vcard-temp"

_LONGEST = 2048  # RFC 7622 allows a little more

# What the desk says it understands (XEP-0030).
FEATURES = (
    DISCO_INFO,
    PING,
    RECEIPTS,
    MARKERS,
    CORRECT,
    RETRACT,
    REACTIONS,
    REPLY,
    OOB,
    NICK,
    STABLE_IDS,
    VCARD,
)


def bare(jid: str) -> str:
    """Return an address without the device; servers compare names without case (RFC 7622)."""
    return jid.partition("/")[0].strip().lower()


def domain_of(jid: str) -> str:
    """Return the server's part of an address."""
    return bare(jid).rpartition("@")[2]


def is_jid(text: str) -> bool:
    """Whether a text can be the address of a person."""
    name, at, domain = text.partition("@")
    bad = any(letter <= " " or letter in "\"&'/:<>@\x7f" for letter in name + domain)
    return bool(name and at and domain) and not bad and len(text) < _LONGEST
