"""A review as sites tell of one: read without trust, carried from the channel to the plugin's rows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import sha256

from deskcore.api import (
    Address,
    Ignored,
    Inbound,
    InboundMessage,
    ThreadKeys,
    canonical_email,
)
from plugins.reviews.kinds import REVIEW, SOLO

HEADER = "review"
MOST_STARS = 5
LONGEST = 20_000  # characters of a text; sites allow a fifth of that
_LINE = 300


@dataclass(frozen=True, kw_only=True)
class Review:
    """What one person wrote; ``tenths`` are its stars in tenths of 0 to 5, None without any.

    ``external_id`` is the site's, unique there. ``written_at`` is ISO 8601 in UTC, "" when unknown.
    """

    external_id: str
    tenths: int | None = None
    author: str = ""
    author_key: str = ""
    email: str = ""
    title: str = ""
    text: str = ""
    product: str = ""
    product_url: str = ""
    link: str = ""
    language: str = ""
    written_at: str = ""

    @property
    def digest(self) -> str:
        """What differs when its author has changed it."""
        said = (self.tenths, self.title, self.text, self.product)
        return sha256(json.dumps(said).encode("utf-8", "replace")).hexdigest()[:16]

    @property
    def item_id(self) -> str:
        """What this state of the review is called as an item."""
        return f"{self.external_id[:200]}@{self.digest}"


def message_of(review: Review, *, four_eyes: bool) -> Inbound:
    """Make of a review what the desk files: each state of it joins the ticket of the first."""
    if not review.external_id:
        return Ignored(reason="There is no id: nobody could tell this review from another one.")
    words = review.text or review.title or _stars_only(review)
    return InboundMessage(
        external_id=review.item_id,
        sender=Address(value=review.author_key or review.external_id, name=review.author),
        subject=subject_of(review),
        text=words,
        visible=words,
        sent_at=moment(review.written_at),
        keys=ThreadKeys(own=review.item_id, conversation=review.external_id),
        headers={HEADER: json.dumps(asdict(review))},
        kind=REVIEW.name if four_eyes else SOLO.name,
    )


def review_in(message: InboundMessage) -> Review | None:
    """Return the review that a message was made of."""
    try:
        return Review(**json.loads(message.headers[HEADER]))
    except (KeyError, ValueError, TypeError):
        return None


def subject_of(review: Review) -> str:
    """Say in one line what it is about."""
    stars = stars_text(review.tenths)
    said = review.title or " ".join(review.text.split())[:80]
    return " · ".join(
        part for part in (f"{stars}/5" if stars else "", review.product, said) if part
    )


def stars_text(tenths: int | None) -> str:
    """Write stars as a number: 4, 4.5, "" without any."""
    if tenths is None:
        return ""
    return f"{tenths // 10}" if tenths % 10 == 0 else f"{tenths / 10:.1f}"


def drawn(tenths: int) -> str:
    """Draw stars as signs: ★★★☆☆."""
    full = round(tenths / 10)
    return "★" * full + "☆" * (MOST_STARS - full)


def _stars_only(review: Review) -> str:
    stars = stars_text(review.tenths)
    return f"{stars}/5" if stars else "–"


def line(found: object, most: int = _LINE) -> str:
    """Return a text or number as one line fit to be stored, "" for anything else."""
    return " ".join(words(found).split())[:most]


def words(found: object) -> str:
    """Return a text as it is, without what no database takes."""
    if isinstance(found, bool) or not isinstance(found, str | int | float):
        return ""
    return str(found).replace("\0", "").encode("utf-8", "ignore").decode()[:LONGEST]


def tenths_of(found: object, best: int = MOST_STARS) -> int | None:
    """Read stars out of *best*: 4, "4,5", "4/5", "80 %"; None when there are none."""
    text = line(found).replace(",", ".").strip()
    head, slash, tail = text.partition("/")
    if slash:
        text, best = head, _whole(tail) or best
    if text.endswith("%"):
        text, best = text[:-1], 100
    try:
        stars = float(text)
    except ValueError:
        return None
    if not 0 <= stars <= best:
        return None
    return round(stars / best * MOST_STARS * 10)


def _whole(text: str) -> int:
    text = text.strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 4 else 0  # noqa: PLR2004  no site has more


def iso(found: object) -> str:
    """Read a time as sites write it (ISO 8601, RFC 5322, seconds); "" when it is none."""
    text = line(found, 60)
    at: datetime | None = None
    if text.isascii() and text.isdecimal():
        at = _from_seconds(int(text[:13]))
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        if at is None and text:
            try:
                at = read(text)
            except (ValueError, TypeError, IndexError, OverflowError):
                at = None
    if at is None:
        return ""
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    try:
        return at.astimezone(UTC).isoformat()
    except (ValueError, OverflowError):
        return ""


def _from_seconds(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def moment(text: str) -> datetime | None:
    """Return a time that ``iso`` has written."""
    return datetime.fromisoformat(text) if text else None


def link(found: object) -> str:
    """Return an address of the web that may be shown as a link, "" for any other."""
    text = line(found, 1000)
    return text if text.startswith(("https://", "http://")) and " " not in text else ""


def mail_address(found: object) -> str:
    """Return a mail address in canonical form, "" for what is none."""
    text = line(found, 320)
    return canonical_email(text) if text.count("@") == 1 and " " not in text else ""


def json_in(content: bytes) -> Mapping[str, object]:
    """Read an object; anything else is an empty one."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
