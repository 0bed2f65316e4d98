"""Links that customers are given, and who is in the control share: both follow from the desk's key.

A link is the signature of what it stands for, 128 bits of it: it can be told before anything is
stored, nobody can make one, and it says nothing. Where it leads stands in the desk, never in it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from base64 import urlsafe_b64encode

from sqlalchemy import select

from deskcore.api.data import reading
from plugins.cross_sell.places import CUSTOMERS
from plugins.cross_sell.tables import SECRET

_BYTES = 16
_ALL = 1 << 64
_LINK = re.compile(re.escape(CUSTOMERS) + r"([A-Za-z0-9_-]{22})(?![A-Za-z0-9_-])")


def token_of(key: str, offer_id: int, ticket_id: int) -> str:
    """Return the signature of an offer in a ticket."""
    signed = hmac.new(key.encode(), f"link {offer_id} {ticket_id}".encode(), hashlib.sha256)
    return urlsafe_b64encode(signed.digest()[:_BYTES]).decode().rstrip("=")


def is_control(key: str, customer_id: int, percent: int) -> bool:
    """Whether a customer is one of *percent* of all: always the same ones, more when it grows."""
    signed = hmac.new(key.encode(), f"control {customer_id}".encode(), hashlib.sha256)
    return int.from_bytes(signed.digest()[:8]) * 100 < percent * _ALL


def path_of(token: str) -> str:
    """Return where a link begins on the customers' side."""
    return f"{CUSTOMERS}{token}"


def tokens_in(text: str) -> list[str]:
    """Return the links that stand in a text."""
    return list(dict.fromkeys(_LINK.findall(text)))


def key() -> str:
    """Return the desk's key."""
    with reading() as session:
        found: str = session.execute(select(SECRET.c.key)).scalar_one()
    return found


__all__ = ["is_control", "key", "path_of", "token_of", "tokens_in"]
