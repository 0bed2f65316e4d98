"""Where saved replies take part in the desk."""

from __future__ import annotations

from deskcore.api import Category, MailboxId, TicketId
from deskcore.plugin import TicketRef
from plugins.saved_replies import desk_composer_tools, desk_nav_items, desk_permissions

TICKET = TicketRef(
    id=TicketId(1),
    number=1001,
    subject="Hello",
    category=Category.OPEN,
    mailbox_id=MailboxId(1),
)


def test_whoever_answers_is_offered_the_picker_of_the_ticket() -> None:
    (tool,) = desk_composer_tools(TICKET)
    assert (tool.url, tool.permission) == ("/p/saved_replies/for/1001", "ticket.reply")
    (link,) = desk_nav_items()
    assert link.permission == "ticket.reply"


def test_writing_them_is_a_right_of_its_own() -> None:
    (right,) = desk_permissions()
    assert right.name == "saved_replies.reply.manage"
    assert right.roles == ("owner", "admin")
