"""Small truths about the text of messages: previews, subjects, what may be stored."""

from __future__ import annotations

import re

_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad\u034f]")
# Words mail programs put before a subject; one prefix a language is enough, they repeat.
_PREFIX = re.compile(
    r"(?i)^(?:(?:re|aw|antw|sv|odp|ref|rép|rif|ynt|bls|vá|vs|res|fwd?|wg|tr|rv|enc|doorst|pd|vl|"
    r"ответ|отв|пересл|відп|回复|回覆|答复|转发|轉寄|返信|転送|답장|전달)\s{0,3}(?:\[\d{1,3}\]|\(\d{1,3}\))?\s{0,3}[:：]\s{0,20})"
)
_MAX_PREFIXES = 50


PREVIEW = 200  # characters of a ticket's last message, as lists show it


def preview(text: str) -> str:
    """Return the beginning of a message as lists of tickets show it."""
    return excerpt(text, PREVIEW)


def excerpt(text: str, length: int) -> str:
    """Return the beginning of *text* on one line, at most *length* characters, cut at a word.

    Invisible characters, with which newsletters fill their previews, are left out.
    """
    words = " ".join(_INVISIBLE.sub("", text[: 20 * length + 1000]).split())
    if len(words) <= length:
        return words
    cut = words[: max(length - 1, 0)]
    whole = cut.rpartition(" ")[0]
    # Scripts without blanks, and very long words, are cut where they are.
    return (whole if len(whole) > length // 2 else cut).rstrip(" ,;:–-") + "…"


def fold_subject(subject: str) -> str:
    """Return what a subject is about: without Re:, Fwd: and their kin in any language.

    ``Re: AW: [#12] Re: Bill`` gives ``[#12] Bill``; tags in brackets stay, they are core's to read.
    """
    rest = " ".join(subject.split())
    tags: list[str] = []
    for _ in range(_MAX_PREFIXES):
        prefix = _PREFIX.match(rest)
        if prefix:
            rest = rest[prefix.end() :]
            continue
        tag = re.match(r"(\[[^\[\]]{1,60}\])\s{0,20}", rest)
        if tag and _PREFIX.match(rest[tag.end() :]):
            tags.append(tag.group(1))
            rest = rest[tag.end() :]
            continue
        break
    return " ".join([*tags, rest]).strip()


def has_prefix(subject: str) -> bool:
    """Whether a subject begins with Re:, Fwd: or their kin in any language."""
    return fold_subject(subject) != " ".join(subject.split())


def is_about_same(subject: str, other: str) -> bool:
    """Whether two subjects differ in nothing but prefixes, case and blanks."""
    return fold_subject(subject).casefold() == fold_subject(other).casefold()
