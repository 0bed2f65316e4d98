"""Message-IDs and reply tokens: everything in a mail that may tie it to a conversation."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from deskcore.api import ThreadKeys
from plugins.email.headers import Headers

# Where an address with our token may have survived (GitLab had to add them one by one).
ADDRESS_HEADERS = (
    "to",
    "cc",
    "delivered-to",
    "x-delivered-to",
    "x-original-to",
    "envelope-to",
    "x-envelope-to",
    "x-rcpt-to",
    "x-forwarded-to",
    "apparently-to",
    "resent-to",
)
_MAX_REFERENCES = 200
_LONGEST_ID = 500
_BRACKETED = re.compile(r"<([^<>]{1,700})>")
_BARE_ID = re.compile(r"(?<![^\s<>,;\"()@])[^\s<>,;\"()@]{1,250}@[^\s<>,;\"()]{1,250}")
_SIGNED = r"[A-Za-z0-9_-]{16,64}"
_IN_ADDRESS = re.compile(rf"reply\+({_SIGNED})@")
_IN_ID = re.compile(rf"d\.({_SIGNED})@.+")
_RECEIVED_FOR = re.compile(r"\bfor\s+<([^<>\s]{1,320})>")


def thread_keys(headers: Headers, content: bytes, envelope_to: str = "") -> ThreadKeys:
    """Collect the keys of a mail; *content* names a mail that has no Message-ID.

    The substitute is a hash of the bytes: a random one would make every poll a new ticket.
    """
    own = next(iter(ids_of(headers, "message-id")), "")
    references = references_of(headers)
    return ThreadKeys(
        own=own or substitute_id(content),
        references=references,
        tokens=tokens_in(headers, references, envelope_to),
    )


def substitute_id(content: bytes) -> str:
    """Make the id of a mail without one out of its bytes: the same at every fetch."""
    return f"sha256-{hashlib.sha256(content).hexdigest()}@missing.invalid"


def references_of(headers: Headers) -> tuple[str, ...]:
    """All ids the mail refers to, oldest first, those of In-Reply-To last, without repetition."""
    parents = ids_of(headers, "in-reply-to")
    earlier = [known for known in ids_of(headers, "references") if known not in parents]
    original = [
        known
        for known in ids_of(headers, "x-microsoft-original-message-id")
        if known not in earlier and known not in parents
    ]
    return tuple(dict.fromkeys([*earlier, *parents, *original][-_MAX_REFERENCES:]))


def ids_of(headers: Headers, name: str) -> list[str]:
    """Read the ids of all headers of this name, bare; forgives blanks, commas, two at signs."""
    found: list[str] = []
    for value in headers.all_raw(name):
        found.extend(ids_in(value.decode("utf-8", "replace")))
    return list(dict.fromkeys(found))


def ids_in(text: str) -> list[str]:
    """Find Message-IDs in a piece of text."""
    bracketed = [_compact(match) for match in _BRACKETED.findall(text)]
    rest = _BRACKETED.sub(" ", text)
    bare = [] if bracketed and "@" not in rest else _BARE_ID.findall(rest)
    ids = [one[:_LONGEST_ID] for one in [*bracketed, *map(_compact, bare)] if one]
    return ids or [_compact(text)[:_LONGEST_ID]] * bool(_compact(text) and len(text.split()) == 1)


def tokens_in(
    headers: Headers, references: Iterable[str], envelope_to: str = ""
) -> tuple[str, ...]:
    """Every candidate for a reply token of ours, addresses first; core verifies the signature."""
    texts = [envelope_to]
    for name in ADDRESS_HEADERS:
        texts.extend(headers.all_text(name))
    for received in headers.all_raw("received")[:50]:
        texts.extend(_RECEIVED_FOR.findall(received.decode("latin-1")))
    found = [token for text in texts for token in tokens_of_addresses(text)]
    found += [
        match.group(1) for one in reversed(list(references)) if (match := _IN_ID.fullmatch(one))
    ]
    return tuple(dict.fromkeys(found))


def tokens_of_addresses(text: str) -> list[str]:
    """Find the tokens of ``reply+<token>@`` addresses in a piece of text."""
    return [match.group(1) for match in re.finditer(_IN_ADDRESS, text)]


def _compact(identifier: str) -> str:
    """Take out the blanks that folding left inside, and what would break storing or sending."""
    text = "".join(identifier.split()).strip("<>\"',;")
    return "".join(
        character for character in text if character.isprintable() and character != "\ufffd"
    )
