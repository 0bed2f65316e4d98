"""Who wrote a mail: From is a claim, lists rewrite it, and web forms put the customer elsewhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from deskcore.api import N_, Address
from plugins.email.addresses import canonical, parse_addresses, read_addresses
from plugins.email.headers import Headers

# What core stores when a mail names nobody; ".invalid" can never be written to (RFC 2606).
NOBODY = Address(value="unknown@missing.invalid")
_REWRITTEN = N_("A mailing list rewrote the sender; the author stands in another header.")
_IN_THE_NAME_OF = N_("A system address sent this; the customer is the one in Reply-To.")
_VIA = re.compile(r"(?i)\s+(?:via|über|par|por|via de|per|через|přes)\s+\S.*$")
_NO_REPLY = re.compile(
    r"(?i)^(?:do[-_.]?not[-_.]?reply|no[-_.]?reply|donotreply|noresponse|no[-_.]?response|ne[-_.]?pas[-_.]?repondre)(?:[-_.+].*)?@"
)


@dataclass(frozen=True, kw_only=True)
class Author:
    """The address in From as it stands, and whom the desk takes for the customer."""

    claimed: Address
    customer: Address
    note: str = ""


def find_author(headers: Headers, meta: Mapping[str, str], own_addresses: frozenset[str]) -> Author:
    """Read the sender, seeing through a list's rewriting and a form's system address.

    Another address than From is taken only when From is one of our own addresses (a list of ours
    rewrote it for DMARC, a form of ours sent it) or a "no reply" address; never otherwise, since
    anybody can write any Reply-To.
    """
    claimed = _claimed(headers, meta)
    if claimed.value in own_addresses and _VIA.search(claimed.name):
        real = _behind_list(headers, own_addresses)
        if real:
            name = real.name or _VIA.sub("", claimed.name).strip(" '\"")
            return Author(
                claimed=claimed, customer=Address(value=real.value, name=name), note=_REWRITTEN
            )
    if claimed.value in own_addresses or _NO_REPLY.match(claimed.value):
        answer = _foreign(read_addresses(headers, "reply-to"), own_addresses)
        if answer and not _NO_REPLY.match(answer.value):
            return Author(claimed=claimed, customer=answer, note=_IN_THE_NAME_OF)
    return Author(claimed=claimed, customer=claimed)


def is_no_reply(headers: Headers) -> bool:
    """Whether the mail comes from an address that says it reads no answers."""
    return any(_NO_REPLY.match(address.value) for address in read_addresses(headers, "from"))


def _claimed(headers: Headers, meta: Mapping[str, str]) -> Address:
    for name in ("from", "sender", "resent-from", "x-original-from", "reply-to", "return-path"):
        found = read_addresses(headers, name)
        if found:
            if name == "from" or not headers.text("from"):
                return found[0]
            return Address(value=found[0].value, name=_words(headers.text("from")) or found[0].name)
    envelope = canonical(meta.get("envelope_from", ""))
    named = _words(headers.text("from"))
    if envelope:
        return Address(value=envelope, name=named)
    return Address(value=NOBODY.value, name=named)


def _words(text: str) -> str:
    return " ".join(re.sub(r"[<>\"]", " ", text).split())[:200]


def _behind_list(headers: Headers, own_addresses: frozenset[str]) -> Address | None:
    """Find the author in what Google Groups and Mailman leave of them."""
    for name in ("x-original-from", "x-original-sender", "reply-to"):
        found = [address for value in headers.all_raw(name) for address in parse_addresses(value)]
        author = _foreign(tuple(found), own_addresses)
        if author:
            return author
    return None


def _foreign(addresses: tuple[Address, ...], own_addresses: frozenset[str]) -> Address | None:
    return next((address for address in addresses if address.value not in own_addresses), None)
