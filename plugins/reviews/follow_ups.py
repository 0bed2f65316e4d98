"""A ticket of its own for whoever is unhappy: what is said in public is followed up in private."""

from __future__ import annotations

from sqlalchemy import select, update

from deskcore.api import SYSTEM, Address, MailboxId, _
from deskcore.api.data import NewTicket, Unit, mailboxes, open_ticket, settings_of
from plugins.reviews.kinds import FOLLOW_UP
from plugins.reviews.review import stars_text
from plugins.reviews.rights import SLUG
from plugins.reviews.settings import ReviewsSettings
from plugins.reviews.tables import REVIEWS


def open_one(unit: Unit, ticket_id: int) -> int:
    """Open the follow-up of a review that deserves one; once, however often it changes.

    Returns its number, 0 when there is none to open.
    """
    rules = settings_of(SLUG, ReviewsSettings)
    row = unit.session.execute(select(REVIEWS).where(REVIEWS.c.ticket_id == ticket_id)).first()
    if row is None or row.follow_up or row.tenths is None or row.tenths > rules.low_stars * 10:
        return 0
    known = {mailbox.id for mailbox in mailboxes(SYSTEM)}
    wanted = rules.follow_up_mailbox
    opened = open_ticket(
        unit,
        NewTicket(
            kind=FOLLOW_UP.name,
            mailbox_id=MailboxId(wanted if wanted in known else row.mailbox_id),
            subject=_(
                "Unhappy: %(stars)s of 5, %(what)s",
                stars=stars_text(row.tenths),
                what=row.product or row.author,
            ),
            text="\n\n".join(part for part in (row.title, row.text, row.link) if part) or "–",
            sender=Address(value=row.email or f"review {row.id}", name=row.author),
        ),
    )
    unit.session.execute(
        update(REVIEWS).where(REVIEWS.c.id == row.id).values(follow_up=opened.number)
    )
    return opened.number
