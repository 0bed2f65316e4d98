"""One outbound message to the exact bytes of one mail: the same message gives the same bytes."""

from __future__ import annotations

from email.utils import format_datetime

from deskcore.api import Address, OutboundMessage, _, canonical_email
from deskcore.plugin import Payload, Refused
from plugins.email.outgoing_body import Body, build_body
from plugins.email.outgoing_headers import (
    address_list,
    check_address,
    clean_text,
    id_list,
    is_id,
    shown_name,
    text_value,
)
from plugins.email.round_trip import Intent, verify

PART = "mail"
_MAX_REFERENCES = 20


def render_mail(
    message: OutboundMessage, *, address: str, sender_name: str, reply_tokens: bool
) -> Payload:
    """Render, read the result back, and only then give it out.

    *address* is the mailbox's own: the envelope sender. Raises ``Refused`` when the message has
    no recipient, or would not arrive as it was meant.
    """
    lists = _address_headers(message, sender_name=sender_name, reply_tokens=reply_tokens)
    texts = {"Subject": clean_text(message.subject)}
    ids = _id_headers(message)
    plain = {"Date": format_datetime(message.sent_at), **_loop_headers(message)}
    body = build_body(message)
    written = {
        **{name: address_list(addresses) for name, addresses in lists.items()},
        **{name: text_value(text) for name, text in texts.items()},
        **{name: id_list(values) for name, values in ids.items()},
        **plain,
    }
    head = "".join(f"{name}: {value}\r\n" for name, value in written.items())
    content = head.encode() + body.content
    verify(content, _intent(lists, texts, ids, plain, body))
    return Payload(
        part=PART,
        content=content,
        recipients=_recipients(message),
        meta={"envelope_from": check_address(canonical_email(address))},
    )


def reply_address(address: str, token: str) -> str:
    """Put a reply token into an address: ``help+reply+token@example.com``."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+reply+{token}@{domain}"


def _address_headers(
    message: OutboundMessage, *, sender_name: str, reply_tokens: bool
) -> dict[str, tuple[Address, ...]]:
    sender = Address(
        value=canonical_email(message.sender.value), name=message.sender.name or sender_name
    )
    lists = {"From": (sender,), "To": _canonical(message.to), "Cc": _canonical(message.cc)}
    if reply_tokens and message.token:
        marked = reply_address(sender.value, message.token)
        lists["Reply-To"] = (Address(value=marked, name=sender.name),)
    return {name: addresses for name, addresses in lists.items() if addresses}


def _id_headers(message: OutboundMessage) -> dict[str, tuple[str, ...]]:
    """Message-ID, the mail answered, and all before it.

    The references end with our own id: it survives there when a provider replaces the Message-ID
    (email.md 2), and readers that build threads skip a mail's reference to itself.
    """
    own = message.external_id
    if not is_id(own):
        raise Refused(_("This message has no usable Message-ID; nothing was sent."))
    # They came in other people's mails: what cannot stand in a header is left out.
    earlier = [one for one in dict.fromkeys(message.references) if is_id(one) and one != own]
    if len(earlier) > _MAX_REFERENCES:
        earlier = [earlier[0], *earlier[1 - _MAX_REFERENCES :]]
    ids = {"Message-ID": (own,), "References": (*earlier, own)}
    return ids | {"In-Reply-To": (earlier[-1],)} if earlier else ids


def _loop_headers(message: OutboundMessage) -> dict[str, str]:
    """Mark automatic mail (RFC 3834, MS-OXCMAIL 2.1.3.2.20); a person's answer bears no mark.

    What answers nobody, being on no ticket, is generated and not replied.
    """
    if not message.automatic:
        return {}
    kind = "auto-replied" if message.ticket_number else "auto-generated"
    marks = {"Auto-Submitted": kind, "X-Auto-Response-Suppress": "All"}
    desk_id = clean_text(message.desk_id)
    return marks | {"X-Deskcore-Loop": desk_id} if desk_id else marks


def _recipients(message: OutboundMessage) -> tuple[str, ...]:
    """Envelope recipients, each once, from the message and never from a header."""
    everybody = (*message.to, *message.cc, *message.bcc)
    if not everybody:
        raise Refused(_("This message has no recipient."))
    canonical = (check_address(canonical_email(address.value)) for address in everybody)
    return tuple(dict.fromkeys(canonical))


def _canonical(addresses: tuple[Address, ...]) -> tuple[Address, ...]:
    return tuple(
        Address(value=canonical_email(address.value), name=address.name) for address in addresses
    )


def _intent(
    lists: dict[str, tuple[Address, ...]],
    texts: dict[str, str],
    ids: dict[str, tuple[str, ...]],
    plain: dict[str, str],
    body: Body,
) -> Intent:
    return Intent(
        texts=texts,
        lists={
            name: tuple((shown_name(one), one.value) for one in addresses)
            for name, addresses in lists.items()
        },
        plain=plain | {name: " ".join(f"<{one}>" for one in ones) for name, ones in ids.items()},
        bodies=body.texts,
        files=body.files,
    )
