"""Answers on their way: drafted, put before another person, approved, returned, published.

Words and status change in one transaction, as whoever presses, so neither is ever there alone. What
is approved is compared with what was read: the version goes along with every press.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from deskcore.api import Actor, Invalid, NotAllowed, Problem, _
from deskcore.api.data import (
    Unit,
    change_status,
    reading,
    ready_answer,
    require,
    send_ready,
    unit_of_work,
)
from plugins.reviews.inbox import Shown, one
from plugins.reviews.kinds import (
    APPROVED,
    ASKED,
    DRAFTED,
    OVERDUE,
    PUBLISHED,
    RETURNED,
    SOLO,
    WAITING,
)
from plugins.reviews.rights import APPROVE, DEPUTY, DRAFT, PUBLISH
from plugins.reviews.sites import Site, site_of
from plugins.reviews.tables import ANSWERS, REVIEWS

# Whose answer is leaving by the plugin's own page: the number of its ticket.
_publishing: ContextVar[int] = ContextVar("publishing", default=0)


@dataclass(frozen=True, kw_only=True)
class Press:
    """What somebody pressed: for which review, having read which version of the answer."""

    number: int
    version: int = 0
    words: str = ""


def save(actor: Actor, press: Press) -> None:
    """Keep a draft; one that waited for approval is taken back by it."""
    review, site = _begun(actor, press, DRAFT)
    words = _checked(press.words, site, review)
    with unit_of_work(actor) as unit:
        _move(unit, review, DRAFTED)
        _write(unit, review, words, press.version)


def propose(actor: Actor, press: Press) -> None:
    """Put an answer before somebody else: words, writers and status in one transaction."""
    review, site = _begun(actor, press, DRAFT)
    words = _checked(press.words, site, review)
    with unit_of_work(actor) as unit:
        _move(unit, review, ASKED, waits_since=unit.now)
        _write(unit, review, words, press.version)


def approve(actor: Actor, press: Press, *, edits: bool = False) -> None:
    """Approve what was read, or with *edits* the words as they were mended while reading.

    The flow lets nobody approve who asked for it; here nobody approves words they wrote themselves,
    whoever asked for it.
    """
    review, site = _begun(actor, press, DEPUTY if _is_overdue(actor, press.number) else APPROVE)
    if actor.kind != "user" or actor.id in review.writers:
        message = _("These are your own words: somebody else has to approve them.")
        raise NotAllowed(message, permission=APPROVE)
    words = _checked(press.words if edits else review.words, site, review)
    with unit_of_work(actor) as unit:
        _move(unit, review, APPROVED, waits_since=None)
        _write(unit, review, words, press.version, approved_by=actor.name)


def approve_alone(actor: Actor, press: Press) -> None:
    """Make an answer ready where the site asks for one person only."""
    review, site = _begun(actor, press, PUBLISH)
    if review.kind != SOLO.name:
        raise NotAllowed(_("Another person has to approve answers to this review."))
    words = _checked(press.words, site, review)
    with unit_of_work(actor) as unit:
        _move(unit, review, APPROVED)
        _write(unit, review, words, press.version, approved_by=actor.name)


def give_back(actor: Actor, press: Press, comment: str) -> None:
    """Return an answer to whoever wrote it, with what has to be mended."""
    review, _site = _begun(actor, press, DEPUTY if _is_overdue(actor, press.number) else APPROVE)
    comment = comment.strip()
    if not comment:
        raise Invalid([Problem(field="comment", message=_("Say what has to be mended."))])
    with unit_of_work(actor) as unit:
        _move(unit, review, RETURNED, waits_since=None, refusal="")
        _require_version(unit, review.id, press.version)
        _set(unit, review.id, comment=comment[:4000], comment_by=actor.name)
        unit.audit("reviews.returned", f"#{review.number}", after={"comment": comment[:200]})


def take_back(actor: Actor, number: int) -> None:
    """Take an answer back that waits or was approved: it is a draft again."""
    review, _site = _begun(actor, Press(number=number), DRAFT)
    with unit_of_work(actor) as unit:
        _move(unit, review, DRAFTED, waits_since=None)
        _set(unit, review.id, approved="", approved_by="")


def publish(actor: Actor, number: int) -> None:
    """Send the words that were approved, and no others: with what is kept of it, or not at all."""
    review, _site = _begun(actor, Press(number=number), PUBLISH)
    if review.state != APPROVED or not review.approved:
        raise Invalid(
            [Problem(field="words", message=_("Nothing is approved that could be published."))]
        )
    with _leaving(number):
        ready = ready_answer(actor, number, review.approved)
    with unit_of_work(actor) as unit:
        _require_version(unit, review.id, review.version)
        send_ready(unit, ready)
        _set(unit, review.id, published=review.approved)
        _keep_state(unit, review.id, PUBLISHED, refusal="")
        unit.audit("reviews.published", f"#{number}", after={"by": actor.name})


def refused_there(actor: Actor, number: int, told: str) -> None:
    """Bring an answer back that a site did not take, with its words; for what is put there by hand."""
    review, _site = _begun(actor, Press(number=number), PUBLISH)
    told = told.strip()
    if not told:
        raise Invalid([Problem(field="told", message=_("Write what the site said."))])
    with unit_of_work(actor) as unit:
        _move(unit, review, RETURNED, refusal=told[:1000])
        _set(unit, review.id, approved="", approved_by="", published="")


def objections(number: int, text: str, approved: str) -> list[Problem]:
    """Say why an answer to a review may not leave, whatever way it was written."""
    if _publishing.get() == number and text.strip() == approved.strip():
        return []
    message = _(
        "Answers to reviews are published where the review is shown, as they were approved."
    )
    return [Problem(field="body", message=message)]


def approved_words(ticket_id: int) -> str:
    """Return the words that were approved for a ticket, "" when there are none."""
    with reading() as session:
        statement = (
            select(ANSWERS.c.approved)
            .join(REVIEWS, REVIEWS.c.id == ANSWERS.c.review_id)
            .where(REVIEWS.c.ticket_id == ticket_id)
        )
        return session.scalars(statement).first() or ""


@contextmanager
def _leaving(number: int) -> Iterator[None]:
    token = _publishing.set(number)
    try:
        yield
    finally:
        _publishing.reset(token)


def _begun(actor: Actor, press: Press, permission: str) -> tuple[Shown, Site]:
    """Return a review that somebody may do this to, and its site."""
    require(actor, permission)
    review = one(actor, press.number)
    return review, site_of(review.account_id)


def _is_overdue(actor: Actor, number: int) -> bool:
    return one(actor, number).state == OVERDUE


def _checked(words: str, site: Site, review: Shown) -> str:
    """Return the words as they would stand there; raises Invalid for what the site does not take."""
    words = words.replace("\r\n", "\n").replace("\0", "").strip()
    problem = ""
    if not words:
        problem = _("Write something first.")
    elif len(words) > site.longest:
        problem = _(
            "%(site)s takes %(most)s characters; this has %(length)s. Shorten it.",
            site=site.name,
            most=site.longest,
            length=len(words),
        )
    elif review.published and not site.replaces:
        problem = _("%(site)s keeps one answer, which can never be changed.", site=site.name)
    if problem:
        raise Invalid([Problem(field="words", message=problem)])
    return words


def _move(unit: Unit, review: Shown, state: str, **values: object) -> None:
    """Take a step of the flow as whoever presses, and have the list say so at once."""
    ticket_id = unit.session.scalars(
        select(REVIEWS.c.ticket_id).where(REVIEWS.c.id == review.id)
    ).one()
    if not change_status(unit, ticket_id, f"{review.kind}.{state}") and state in {ASKED, APPROVED}:
        message = _("Somebody else was quicker. Look at the answer again.")
        raise Invalid([Problem(field="words", message=message)])
    _keep_state(unit, review.id, state, **values)


def _keep_state(unit: Unit, review_id: int, state: str, **values: object) -> None:
    kept = (
        {"state": state, **values}
        if state in WAITING
        else {"waits_since": None, **values, "state": state}
    )
    unit.session.execute(update(REVIEWS).where(REVIEWS.c.id == review_id).values(**kept))


def _write(unit: Unit, review: Shown, words: str, version: int, *, approved_by: str = "") -> None:
    """Keep the words and who had a hand in them; raises Invalid when others came in between."""
    # What was looked at before this transaction, writers above all, has to be of that version, too.
    kept = _require_version(unit, review.id, version if version == review.version else -1)
    is_new = words != (review.words if kept else "")
    own = {unit.actor.id} if is_new else set()
    writers = [] if approved_by else sorted({*review.writers, *own})
    values = {
        "words": words,
        "version": version + 1,
        "writers": writers,
        "by_name": unit.actor.name if is_new else review.by_name,
        "at": unit.now,
        "digest": review.digest,
        "comment": "" if approved_by else review.comment,
        "comment_by": "" if approved_by else review.comment_by,
        "approved": words if approved_by else "",
        "approved_by": approved_by,
        "published": review.published,
    }
    unit.session.execute(delete(ANSWERS).where(ANSWERS.c.review_id == review.id))
    unit.session.execute(insert(ANSWERS).values(review_id=review.id, **values))
    if approved_by:
        unit.audit("reviews.approved", f"#{review.number}", after={"by": approved_by})


def _require_version(unit: Unit, review_id: int, version: int) -> bool:
    """Return whether there are words already; raises Invalid unless they are those that were read."""
    now = unit.session.scalars(
        select(ANSWERS.c.version).where(ANSWERS.c.review_id == review_id).with_for_update()
    ).first()
    if (now or 0) != version:
        message = _(
            "Somebody changed this answer while you had it open. Nothing was saved or approved: read "
            "it as it is now."
        )
        raise Invalid([Problem(field="words", message=message)])
    return now is not None


def _set(unit: Unit, review_id: int, **values: object) -> None:
    unit.session.execute(update(ANSWERS).where(ANSWERS.c.review_id == review_id).values(**values))
