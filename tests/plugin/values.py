"""Values that hooks are called with."""

from __future__ import annotations

from datetime import UTC, datetime

from deskcore.domain.kinds import Category, MailboxId, TicketId
from deskcore.domain.messages import Address, InboundMessage, OutboundMessage
from deskcore.domain.people import UserRef
from deskcore.plugin.parts import ReplyDraft, TicketRef

TICKET = TicketRef(
    id=TicketId(1), number=7, subject="Tea", category=Category.OPEN, mailbox_id=MailboxId(1)
)
USER = UserRef(id=1, name="Ann", role="agent")
DRAFT = ReplyDraft(text="It is on its way.", to=("eva@example.com",))
INBOUND = InboundMessage(
    external_id="1:1", sender=Address(value="eva@example.com"), subject="Tea", text="Where is it?"
)
OUTBOUND = OutboundMessage(
    external_id="a@desk",
    token="t",
    sender=Address(value="shop@example.com"),
    to=(Address(value="eva@example.com"),),
    text="It is on its way.",
    sent_at=datetime(2026, 11, 21, tzinfo=UTC),
)
