"""A form that was filled in becomes a ticket: once, and never lost once its writer was told so."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from deskcore.api import Address, InboundFile, canonical_email
from deskcore.api.data import (
    PageTicket,
    Taken,
    insert_into,
    reading,
    take_in,
    taken,
    unit_of_work,
)
from plugins.web_form import kept, wording
from plugins.web_form.answers import Answers
from plugins.web_form.places import SLUG
from plugins.web_form.shapes import EMAIL, Form
from plugins.web_form.tables import SENT

# What a message says of itself to this plugin's own verdict.
DOUBT = "web_form-doubt"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What was sent from a page already; ``is_same`` when it said the same."""

    number: int
    is_same: bool


def sent_before(page_key: str, answers: Answers) -> Sent | None:
    """Return what was sent from a page; None for one from which nothing was."""
    found = taken(SLUG, page_key)
    if found is None:
        return None
    with reading() as session:
        digest = session.scalar(select(SENT.c.digest).where(SENT.c.page_key == page_key))
    return Sent(number=found.number, is_same=digest in {None, answers.digest()})


def send(form: Form, answers: Answers, *, page_key: str, language: str, doubt: str = "") -> Taken:
    """Make a ticket of tidied answers; the same page twice is one. *doubt* puts it among the spam.

    Raises Invalid and Conflict, as ``take_in`` does; nothing is sent then.
    """
    written = PageTicket(
        key=page_key,
        mailbox_id=form.mailbox_id,
        sender=Address(
            value=canonical_email(answers.first(EMAIL)), name=wording.sender_name(answers)
        ),
        subject=wording.subject(form, answers, language),
        text=wording.message(form, answers, language),
        files=[
            InboundFile(filename=file.filename, content_type="", content=file.content)
            for file in answers.files
        ],
        tags=form.tags,
        team_id=form.team_id or None,
        fields=wording.ticket_fields(form, answers),
        facts={DOUBT: doubt} if doubt else {},
    )
    became = take_in(SLUG, written)
    _note(form, answers, page_key, became)
    kept.drop(page_key)
    return became


def receipt(page_key: str) -> Taken | None:
    """Return what became of what was sent from a page; None when nothing was."""
    return taken(SLUG, page_key)


def _note(form: Form, answers: Answers, page_key: str, became: Taken) -> None:
    """Note what was sent; a death before it costs a line of the counts, and no message."""
    values = {
        "page_key": page_key,
        "form_id": form.id,
        "number": became.number,
        "email": canonical_email(answers.first(EMAIL))[:320],
        "digest": answers.digest(),
        "answered": sorted({*answers.values, *(file.field for file in answers.files)}),
    }
    with unit_of_work() as unit:
        row = insert_into(unit.session, SENT).values(**values, at=unit.now)
        unit.session.execute(row.on_conflict_do_nothing(index_elements=["page_key"]))
