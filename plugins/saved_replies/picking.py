"""What the picker offers for a ticket, and what happens when somebody takes it."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.api import LANGUAGES, Actor, Filled, _, page_language
from deskcore.api.data import add_tags, add_to_draft, can, fill, opening_of, read_ticket
from plugins.saved_replies import finding, replies
from plugins.saved_replies.replies import SavedReply

SHOWN = 30


@dataclass(frozen=True, kw_only=True)
class Option:
    """One saved reply as it would be put in; ``fits`` when the ticket is about it."""

    reply: SavedReply
    language: str
    filled: Filled
    fits: bool


@dataclass(frozen=True, kw_only=True)
class Picked:
    """The best options, at most SHOWN of ``count``, and the language they were looked for in."""

    options: tuple[Option, ...]
    count: int
    language: str


def pick(actor: Actor, number: int, *, typed: str = "", language: str = "") -> Picked:
    """Return what *actor* may put into an answer to this ticket, the best first.

    Without words typed that is what fits the ticket, then what is used most.
    """
    ticket = read_ticket(actor, number)
    opening = opening_of(actor, ticket.id)
    said = f"{ticket.subject}\n{opening.message.text if opening else ''}"
    if language not in LANGUAGES:
        language = finding.language_of(said, LANGUAGES) or page_language()
    known = replies.usable(actor)
    texts = [(reply.name, "\n".join(reply.texts.values())) for reply in known]
    about = finding.fitting(said, texts)
    looked_for = [finding.score(typed, *text) if typed.strip() else 1.0 for text in texts]
    ranked = sorted(
        (
            (found, score, reply)
            for found, score, reply in zip(looked_for, about, known, strict=True)
            if found
        ),
        key=lambda one: (
            -one[0],
            -one[1] if finding.fits(one[1]) else 0,
            -one[2].uses,
            one[2].name,
        ),
    )
    shown = ranked[:SHOWN]
    filled = fill(actor, number, [reply.text_in(language) for _found, _score, reply in shown])
    options = tuple(
        Option(
            reply=reply,
            language=reply.text_in(language)[0],
            filled=text,
            fits=finding.fits(score),
        )
        for (_found, score, reply), text in zip(shown, filled, strict=True)
    )
    return Picked(options=options, count=len(ranked), language=language)


def use(
    actor: Actor, number: int, reply_id: int, *, language: str = "", puts_in: bool = False
) -> str:
    """Count a use and add its tags to the ticket; returns what there is to tell of that.

    With *puts_in* the text goes below the draft, for browsers that cannot do it themselves.
    """
    read_ticket(actor, number)
    reply = replies.one(actor, reply_id)
    if puts_in:
        (filled,) = fill(actor, number, [reply.text_in(language)])
        add_to_draft(actor, number, filled.text)
    replies.count_use(actor, reply_id)
    if not reply.tags or not can(actor, "ticket.change"):
        return ""
    add_tags(actor, number, reply.tags)
    return _("Tags added: %(tags)s", tags=", ".join(reply.tags))
