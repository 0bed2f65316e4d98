"""Reviews as Google's Business Profile writes them: stars as words, people who stay unnamed.

Documented at https://developers.google.com/my-business/reference/rest/v4/accounts.locations.reviews.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256

from deskcore.api import DeliveryReport, Inbound, _
from plugins.reviews.review import Review, iso, json_in, line, message_of, words
from plugins.reviews.snapshot import Entry

STARS = {"ONE": 10, "TWO": 20, "THREE": 30, "FOUR": 40, "FIVE": 50}
# What becomes of an answer, by reviewReplyState; one that is looked at still says nothing.
STATES = {"APPROVED": "delivered", "REJECTED": "bounced"}
_TRANSLATED = "(Translated by Google)"
_ORIGINAL = "(Original)"


def review_of(found: Mapping[str, object]) -> Review:
    """Read one; who is anonymous has no name, and nobody has an address."""
    who = found.get("reviewer")
    reviewer = who if isinstance(who, dict) else {}
    is_anonymous = reviewer.get("isAnonymous") is True
    stars = found.get("starRating")
    return Review(
        external_id=line(found.get("reviewId"), 200),
        tenths=STARS.get(stars) if isinstance(stars, str) else None,
        author="" if is_anonymous else line(reviewer.get("displayName")),
        text=_original(words(found.get("comment"))).strip(),
        written_at=iso(found.get("createTime")),
    )


def meaning(content: bytes, *, four_eyes: bool) -> list[Inbound]:
    """Say what is stored of a review, or of what became of our answer to it."""
    found = json_in(content)
    answer = found.get("answerTo")
    if isinstance(answer, dict):
        return [_report(answer)]
    return [message_of(review_of(found), four_eyes=four_eyes)]


def entries_of(found: Mapping[str, object], dump: object) -> Iterator[Entry]:
    """Give the things that may change at one review: itself, and what became of our answer."""
    review = review_of(found)
    if not review.external_id or not callable(dump):
        return
    yield Entry(id=review.external_id, digest=review.digest, content=dump(found))
    answer = found.get("reviewReply")
    if isinstance(answer, dict) and line(answer.get("reviewReplyState")) in STATES:
        told = {"review": review.external_id, **answer}
        state = f"{answer_id(review.external_id, words(answer.get('comment')))}{told['reviewReplyState']}"
        digest = sha256(state.encode("utf-8", "replace")).hexdigest()[:16]
        yield Entry(
            id=f"{review.external_id}#answer", digest=digest, content=dump({"answerTo": told})
        )


def answer_id(review: str, text: str) -> str:
    """Name an answer by its review and words: a later one takes its place there."""
    said = sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]
    return f"{review}#{said}"


def _report(answer: Mapping[str, object]) -> DeliveryReport:
    state = line(answer.get("reviewReplyState"))
    words_of_site = line(answer.get("policyViolation"))
    detail = _("Google has rejected this answer.")
    return DeliveryReport(
        status=STATES.get(state, "delivered"),
        references=(answer_id(line(answer.get("review"), 200), words(answer.get("comment"))),),
        detail=f"{detail} {words_of_site}".strip() if state == "REJECTED" else "",
    )


def _original(text: str) -> str:
    """Leave the author's own words of a text that Google has translated for us."""
    if _ORIGINAL in text:
        return text.partition(_ORIGINAL)[2]
    return text.partition(_TRANSLATED)[0] or text
