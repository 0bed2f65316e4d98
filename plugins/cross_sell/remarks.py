"""What became of the offers in answers, in words under each answer, for colleagues only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from sqlalchemy import Row, Select, or_, select

from deskcore.api import _
from deskcore.api.data import reading
from deskcore.plugin import MessageNote, MessageRef, TicketRef
from plugins.cross_sell.links import tokens_in
from plugins.cross_sell.tables import CHANCES, OFFERS

_MOST = 100  # links of one page; nobody offers more in one ticket


def remarks_on(ticket: TicketRef, answers: Sequence[MessageRef]) -> list[MessageNote]:
    """Say of each offer in the answers how far it got; in one question for all of them."""
    held = [(answer.id, token) for answer in answers for token in tokens_in(answer.text)]
    known = _known(ticket, list(dict.fromkeys(token for _id, token in held))[:_MOST])
    return [
        MessageNote(message_id=message_id, text=text, tone=tone)
        for message_id, token in held
        if token in known
        for text, tone in [_told(known[token])]
    ]


def _known(ticket: TicketRef, tokens: list[str]) -> dict[str, Row[Any]]:
    """Return the offers behind links, by link.

    A link that was copied from somebody else's ticket says nothing here: who reads this one need not
    be allowed to know what others opened. A ticket that got another customer keeps its own.
    """
    if not tokens:
        return {}
    theirs = or_(CHANCES.c.ticket_id == ticket.id, CHANCES.c.customer_id == ticket.customer_id)
    found: Select[*tuple[Any, ...]] = (
        select(
            CHANCES.c.token,
            OFFERS.c.name,
            CHANCES.c.clicked_at,
            CHANCES.c.taken_at,
            CHANCES.c.taken_by,
        )
        .join(OFFERS, OFFERS.c.id == CHANCES.c.offer_id)
        .where(CHANCES.c.token.in_(tokens), theirs)
    )
    with reading() as session:
        return {row.token: row for row in session.execute(found)}


def _told(row: Row[Any]) -> tuple[str, Literal["info", "ok"]]:
    names = {"name": row.name, "who": row.taken_by}
    if row.taken_at and row.clicked_at:
        return _("Offer “%(name)s”: link opened, and taken, as %(who)s noted.", **names), "ok"
    if row.taken_at:
        return _("Offer “%(name)s”: taken, as %(who)s noted; link not opened.", **names), "ok"
    if row.clicked_at:
        return _("Offer “%(name)s”: link opened, not taken yet.", **names), "info"
    return _("Offer “%(name)s”: link not opened yet.", name=row.name), "info"
