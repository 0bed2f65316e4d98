"""What a message is made of, as the filter sees it: words, domains, links and a few facts.

A token says where it was seen (``subject:``, ``from:``, ``link:``, ``fact:``); plain ones are words
of the text. Facts are only those that the desk keeps, so a ticket can be learned at any time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from hashlib import blake2b

from deskcore.api import InboundMessage, html_to_text

MOST_TOKENS = 300
READ_CHARACTERS = 20_000
LONGEST_WORD = 24
FACT = "fact:"
_WORD = re.compile(r"[^\W\d_][\w'’-]+")
_LINK = re.compile(r"https?://(?:[^/\s\"'<>@]*@)?([^/\s\"'<>:?#\\]+)", re.IGNORECASE)
_DIGEST_BITS = 63  # what fits a signed column of eight bytes


def tokens(message: InboundMessage) -> list[str]:
    """Return the tokens of a message without repeats, at most 300: facts first, words last."""
    return list(dict.fromkeys(_all(message)))[:MOST_TOKENS]


def digest(token: str) -> int:
    """Return what stands for a token in the database; never 0."""
    whole = int.from_bytes(blake2b(token.encode("utf-8", "replace"), digest_size=8).digest())
    return (whole >> (64 - _DIGEST_BITS)) or 1


def domain_of(address: str) -> str:
    """Return the domain of an address, empty when it has none."""
    return address.rpartition("@")[2] if "@" in address else ""


def wider(domain: str) -> list[str]:
    """Return a domain and those above it, down to two labels: a.b.example, b.example."""
    labels = domain.split(".")
    return [".".join(labels[at:]) for at in range(max(len(labels) - 1, 1))]


def _all(message: InboundMessage) -> Iterator[str]:
    yield from _facts(message)
    for domain in wider(domain_of(message.sender.value)):
        yield f"from:{domain}"
    text, html = message.text[:READ_CHARACTERS], message.html[: 4 * READ_CHARACTERS]
    for host in _LINK.findall(f"{text} {html}"):
        for domain in wider(host.lower().strip(".")):
            yield f"link:{domain}"
    for word in _words(message.subject):
        yield f"subject:{word}"
    yield from _words(text if text.strip() else html_to_text(html)[:READ_CHARACTERS])


def _facts(message: InboundMessage) -> Iterator[str]:
    if message.is_bulk or message.is_auto:
        yield FACT + "bulk"
    if message.verified is not None:
        yield FACT + ("proved" if message.verified else "not proved")
    if not message.sender.name:
        yield FACT + "no name"
    if message.html and not message.text.strip():
        yield FACT + "no words"
    if answers_elsewhere(message):
        yield FACT + "answers elsewhere"


def answers_elsewhere(message: InboundMessage) -> str:
    """Return the domain that answers would go to when it is not the sender's, else nothing."""
    own = domain_of(message.sender.value)
    others = (domain_of(address.value) for address in message.reply_to)
    return next((domain for domain in others if domain and domain != own), "")


def _words(text: str) -> Iterator[str]:
    for found in _WORD.findall(unicodedata.normalize("NFKC", text).casefold()):
        word = found.strip("'’-")
        if 2 < len(word) <= LONGEST_WORD:  # noqa: PLR2004  shorter ones are in everything
            yield word
