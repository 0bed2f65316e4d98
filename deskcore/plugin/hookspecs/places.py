"""Hooks for places in pages.

When: at every request of the page.
Where: in the web process; read only.
Fault: leaves the plugin's part out of the page, where a panel's place says so; five in ten
    minutes, or three calls that took over two seconds, pause the plugin.
Since: 1
"""

from __future__ import annotations

from collections.abc import Sequence

from deskcore.domain.kinds import CustomerId
from deskcore.domain.people import UserRef
from deskcore.plugin.markers import hookspec
from deskcore.plugin.page_parts import (
    Action,
    Column,
    ComposerTool,
    HelpPart,
    Link,
    MessageNote,
    MessageRef,
    Panel,
    RowRef,
    Widget,
)
from deskcore.plugin.parts import CustomerRef, TicketRef


@hookspec
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    """Show boxes beside a ticket, ordered by ``Panel.order``, then by the plugin's slug.

    A panel holds a ``body``, or a ``template`` of the plugin drawn with its ``values``, or a ``url``
    of the plugin from which it is filled when it comes into view, so that the ticket never waits. The
    view there answers with ``fragment(template, values, title=…)`` of ``deskcore.api.web``: the part
    alone, or for a browser without JavaScript a page of its own. Whoever lacks the right
    ``permission`` is not shown the box.

    Fault: is said in the place of the boxes. One that was fetched in vain can be tried again.
    """
    raise NotImplementedError


@hookspec
def desk_customer_panels(customer: CustomerRef, user: UserRef) -> list[Panel]:
    """Show boxes on a customer's page: panels as beside a ticket.

    Fault: is said in the place of the boxes.
    """
    raise NotImplementedError


@hookspec
def desk_ticket_actions(ticket: TicketRef, user: UserRef) -> list[Action]:
    """Offer what can be done with a ticket at one press, in its menu "More".

    A press posts to ``url``, a page of the plugin, after the question ``confirm``; its view does it
    and answers with ``redirect(…)``, to the ticket for example.
    """
    raise NotImplementedError


@hookspec
def desk_composer_tools(ticket: TicketRef, user: UserRef) -> list[ComposerTool]:
    """Offer buttons below the text of an answer, each with texts to put into it.

    A press opens what ``url`` answers by ``fragment(…)`` in a dialog; without JavaScript the desk keeps
    what is written and opens it as a page. In its template ``{{ ui.insertion(text, "offer-1") }}`` is a
    text that one press puts where the cursor is. With ``post=`` that press is told to a page of the
    plugin as well (``inserted`` is in its form; what it answers as plain text is shown); without
    JavaScript it is sent there alone, and the view puts the text in by ``add_to_draft(actor, number,
    text)`` of ``deskcore.api.data`` and redirects to the ticket. ``status=`` is the key of the status
    after sending; ``filled=`` shows what ``fill(…)`` gave, with what is not filled in marked.
    """
    raise NotImplementedError


@hookspec
def desk_dashboard_widgets(user: UserRef) -> list[Widget]:
    """Show cards on the administration's first page.

    Each is filled from ``url``, as a panel is, when it comes into view.
    """
    raise NotImplementedError


@hookspec
def desk_message_notes(
    ticket: TicketRef, messages: Sequence[MessageRef], user: UserRef
) -> list[MessageNote]:
    """Remark on messages of a ticket, for colleagues only.

    Asked once for all messages that the page shows.
    """
    raise NotImplementedError


@hookspec
def desk_list_columns(tickets: Sequence[RowRef], user: UserRef) -> list[Column]:
    """Say a word in each row of a list of tickets.

    Asked once for all rows, of which each is a ``RowRef``. ``Column.values`` are short texts by the
    ticket's id. Rows of a narrow or dense list leave them out.
    """
    raise NotImplementedError


@hookspec
def desk_nav_items(user: UserRef) -> list[Link]:
    """Offer pages of the plugin in the nav, below those of the desk."""
    raise NotImplementedError


@hookspec
def desk_customer_links(customer_id: CustomerId, user: UserRef) -> list[Link]:
    """Offer pages about a customer, on the customer's page and on their card beside a ticket."""
    raise NotImplementedError


@hookspec
def desk_help_parts(language: str) -> list[HelpPart]:
    """Put something on the help page that customers open, in the *language* they read.

    Whoever opens it is nobody the desk knows: show what everybody may see.
    """
    raise NotImplementedError
