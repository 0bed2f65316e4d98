"""What a list and a ticket show, as plain statements and the plainest templates.

The same rows as the desk's pages: of a ticket also who may be chosen, tags, addresses, files, draft,
events and the customer's other tickets, and of every page the numbers beside the views. ``LEAN``
ones leave out all but the tickets and the messages; they are measured for information.
"""

from __future__ import annotations

from typing import Any

from jinja2 import Environment, Template
from sqlalchemy import Select, and_, bindparam, case, exists, func, or_, select

from deskcore.domain.kinds import Direction
from deskcore.models import (
    Attachment,
    ChannelAccount,
    Company,
    Customer,
    Delivery,
    Draft,
    Event,
    Identity,
    InboundItem,
    Mailbox,
    Message,
    Status,
    Tag,
    Ticket,
    TicketCount,
    TicketLeg,
    TicketParticipant,
    TicketSeen,
    TicketTag,
    User,
)
from deskcore.services.lists import LISTED

MAILBOXES = (1, 2, 3)
READER = 2
_jinja = Environment(autoescape=True)

_BARE_ROW = """<tr><td>{{ row.number }}<td>{{ row.customer_name }}<td><a href="/t/{{ row.number }}">
{{ row.subject }}</a><td>{{ row.preview }}<td>{{ row.key }}<td>{{ row.name }}<td>{{ row.channel }}
<td>{{ row.message_count }}<td>{{ row.list_at }}"""
_ROW = (
    _BARE_ROW
    + """<td>{{ row.label }}{% if row.is_unread %} new{% endif %}{% if row.has_draft %} draft{% endif %}
{% if row.has_files %} files{% endif %}{% if row.spam_at %} spam{% endif %}"""
)
_NAV = """<nav>{% for count in counts %}<a href="/v/{{ loop.index }}">{{ count }}</a>{% endfor %}
</nav>"""
_LIST = (
    "<title>List</title>" + _NAV + "<table>{% for row in rows %}" + _ROW + "{% endfor %}</table>"
)
_CHOICES = """<select name={{ name }}>{% for row in choices[name] %}<option value="{{ row.id }}">
{{ row.name }}</option>{% endfor %}</select>"""
_SAID = """{% for row in messages %}<article class="{{ row.direction }}"><h2>{{ row.author_name }}</h2>
<p>{{ row.author_address }} {{ row.to_addresses }} {{ row.cc_addresses }} {{ row.sender }}
{{ row.state }} {{ row.detail }} {{ row.sent_at }}</p><time>{{ row.created_at }}</time>
<pre>{{ row.visible }}</pre>{% if row.quoted %}<details><pre>{{ row.quoted }}</pre></details>{% endif %}
{% for file in files if file.message_id == row.id %}<a href="/files/{{ file.public_id }}">
{{ file.filename }}</a> {{ file.content_type }} {{ file.size }}{% endfor %}</article>{% endfor %}"""
_TICKET = (
    """<title>{{ ticket.subject }}</title>"""
    + _NAV
    + """<h1>#{{ ticket.number }} {{ ticket.subject }}</h1>
<p>{{ ticket.mailbox_name }} {{ ticket.customer_name }} {{ ticket.person_notes }}
{{ ticket.company_name }} {{ ticket.key }} {{ ticket.created_at }} {{ ticket.waiting_since }}</p>
{% for name in choices %}"""
    + _CHOICES
    + """{% endfor %}
<ul>{% for row in tags %}<li>{{ row.label }}{% endfor %}</ul>
<ul>{% for row in people %}<li>{{ row.name }} {{ row.value }} {{ row.role }}{% endfor %}</ul>
<ul>{% for row in others %}<li><a href="/t/{{ row.number }}">{{ row.subject }}</a>
{{ row.category }}{% endfor %}</ul>"""
    + _SAID
    + """<ul>{% for row in events %}<li>{{ row.at }} {{ row.actor_name }} {{ row.name }} {{ row.data }}
{% endfor %}</ul><form method=post><textarea name=body>{% for row in drafts %}{{ row.body }}{% endfor %}
</textarea></form><p>{% for row in around %}<a href="/t/{{ row.number }}">{{ row.number }}</a>
{% endfor %}</p>"""
)


def _page(body: str) -> Template:
    return _jinja.from_string("<!doctype html>" + body)


LIST_PAGE, TICKET_PAGE = _page(_LIST), _page(_TICKET)
LEAN_LIST_PAGE = _page("<table>{% for row in rows %}" + _BARE_ROW + "{% endfor %}</table>")
LEAN_TICKET_PAGE = _page("""<h1>#{{ ticket.number }} {{ ticket.subject }}</h1>
<p>{{ ticket.customer_name }} {{ ticket.key }} {{ ticket.name }}</p>
{% for row in messages %}<article><h2>{{ row.author_name }}</h2><time>{{ row.created_at }}</time>
<pre>{{ row.visible }}</pre></article>{% endfor %}""")

_TICKETS: Select[*tuple[Any, ...]] = (
    select(
        Ticket.id,
        Ticket.number,
        Ticket.subject,
        Ticket.customer_name,
        Ticket.preview,
        Ticket.channel,
        Ticket.message_count,
        Ticket.list_at,
        Status.key,
        User.name,
    )
    .join(Status, Status.id == Ticket.status_id)
    .outerjoin(User, User.id == Ticket.assignee_id)
)
_HERE = Ticket.mailbox_id.in_(MAILBOXES)
_unread = exists().where(
    Message.ticket_id == Ticket.id,
    Message.id > func.coalesce(TicketSeen.message_id, 0),
    Message.direction == Direction.IN,
)
_drafted = exists().where(Draft.ticket_id == Ticket.id, Draft.user_id == READER)
_mine = and_(TicketSeen.ticket_id == Ticket.id, TicketSeen.user_id == READER)
LEAN_ROWS = _TICKETS.where(_HERE)
ROWS = (
    _TICKETS.add_columns(
        Ticket.has_files,
        Ticket.spam_at,
        Status.label,
        _unread.label("is_unread"),
        _drafted.label("has_draft"),
    )
    .outerjoin(TicketSeen, _mine)
    .where(_HERE)
)


def first(rows: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    """Select the first fifty open tickets."""
    return (
        rows.where(Ticket.category == "open", LISTED).order_by(Ticket.list_at, Ticket.id).limit(50)
    )


OPEN, LEAN_OPEN = first(ROWS), first(LEAN_ROWS)
AROUND = first(select(Ticket.number).where(_HERE))
LEAN_ONE = LEAN_ROWS.where(Ticket.number == bindparam("number"))
LEAN_SAID = (
    select(Message.id, Message.author_name, Message.created_at, Message.visible)
    .where(Message.ticket_id == bindparam("ticket_id"))
    .order_by(Message.id)
)

_views = (
    and_(TicketCount.bucket == "open", TicketCount.assignee_id == 0),
    and_(TicketCount.bucket == "open", TicketCount.assignee_id == READER),
    TicketCount.bucket == "open",
    TicketCount.bucket.in_(("waiting_customer", "waiting_others")),
    TicketCount.bucket == "spam",
)
_held = select(func.count()).where(InboundItem.state.in_(("held", "failed"))).scalar_subquery()
_failed = select(func.count()).where(Delivery.state == "failed").scalar_subquery()
COUNTS = select(
    *(func.sum(case((view, TicketCount.amount), else_=0)) for view in _views), _held + _failed
).where(TicketCount.mailbox_id.in_(MAILBOXES), TicketCount.bucket != "solved")

ONE = (
    _TICKETS.add_columns(
        Ticket.customer_id,
        Ticket.version,
        Ticket.created_at,
        Ticket.waiting_since,
        Ticket.spam_at,
        Ticket.deleted_at,
        Mailbox.name.label("mailbox_name"),
        Customer.name.label("person_name"),
        Customer.notes.label("person_notes"),
        Company.name.label("company_name"),
    )
    .join(Mailbox, Mailbox.id == Ticket.mailbox_id)
    .outerjoin(Customer, Customer.id == Ticket.customer_id)
    .outerjoin(Company, Company.id == Customer.company_id)
    .where(_HERE, Ticket.number == bindparam("number"))
)
_ticket_id: Any = bindparam("ticket_id")
_on_ticket = and_(
    TicketParticipant.identity_id == Identity.id, TicketParticipant.ticket_id == _ticket_id
)
OF_TICKET = {
    "messages": select(
        Message.id,
        Message.direction,
        Message.author_name,
        Message.author_address,
        Message.to_addresses,
        Message.cc_addresses,
        Message.visible,
        Message.quoted,
        Message.created_at,
        ChannelAccount.address.label("sender"),
        Delivery.state,
        Delivery.detail,
        Delivery.sent_at,
    )
    .select_from(Message)
    .outerjoin(Delivery, Delivery.message_id == Message.id)
    .outerjoin(TicketLeg, TicketLeg.id == Message.leg_id)
    .outerjoin(ChannelAccount, ChannelAccount.id == TicketLeg.account_id)
    .where(Message.ticket_id == _ticket_id, Message.undone_at.is_(None))
    .order_by(Message.id),
    "files": select(
        Attachment.message_id,
        Attachment.public_id,
        Attachment.filename,
        Attachment.content_type,
        Attachment.size,
    ).where(
        Attachment.message_id.in_(select(Message.id).where(Message.ticket_id == _ticket_id)),
        Attachment.is_remote.is_(False),
    ),
    "drafts": select(*Draft.__table__.c).where(
        Draft.ticket_id == _ticket_id, Draft.user_id == READER
    ),
    "people": select(Identity.id, Identity.name, Identity.value, TicketParticipant.role)
    .outerjoin(TicketParticipant, _on_ticket)
    .where(
        or_(
            Identity.customer_id == bindparam("customer_id"),
            Identity.id.in_(
                select(TicketParticipant.identity_id).where(
                    TicketParticipant.ticket_id == _ticket_id
                )
            ),
        )
    ),
    "tags": select(Tag.id, Tag.label)
    .join(TicketTag, TicketTag.tag_id == Tag.id)
    .where(TicketTag.ticket_id == _ticket_id),
    "others": select(Ticket.number, Ticket.subject, Ticket.category)
    .where(Ticket.customer_id == bindparam("customer_id"), Ticket.id != _ticket_id, _HERE)
    .order_by(Ticket.id.desc())
    .limit(5),
    "events": select(Event.at, Event.actor_name, Event.name, Event.data)
    .where(Event.ticket_id == _ticket_id)
    .order_by(Event.id.desc())
    .limit(200),
}
CHOICES = {
    "status": select(Status.id, func.coalesce(Status.label, Status.key).label("name")),
    "agent": select(User.id, User.name).where(User.deactivated_at.is_(None)),
    "mailbox": select(Mailbox.id, Mailbox.name).where(Mailbox.id.in_(MAILBOXES)),
}
