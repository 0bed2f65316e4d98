"""What a plugin with tables of its own needs: transactions, types of columns; and what it may read.

Tables are SQLAlchemy ``Table`` objects on a ``MetaData(naming_convention=NAMING)`` of the plugin's
own, named ``plg_<slug>_...``, and made by revisions in its folder ``migrations``. The desk's own
tables are not for plugins: what they read of tickets and customers are values, as somebody sees them.
"""

from deskcore.db import NAMING, BigId, UTCDateTime, insert_into
from deskcore.services.access import can, require
from deskcore.services.customer_page import of_address as customer_of
from deskcore.services.customer_page import read as read_customer
from deskcore.services.desk_settings import today
from deskcore.services.drafts import add_text as add_to_draft
from deskcore.services.page_tickets import PageField, PageTicket, Taken, take_in, taken
from deskcore.services.placeholders import (
    KnownPlaceholder,
    fill,
    fill_with_samples,
    placeholders,
)
from deskcore.services.plugin_answers import ReadyAnswer, colleague, ready_answer, send_ready
from deskcore.services.plugin_channels import Told, accounts_of, hand_in, told_by
from deskcore.services.plugin_files import keep_file, kept_file, let_go_of_file
from deskcore.services.plugin_offers import catalogues, stocks
from deskcore.services.plugin_reads import (
    Heard,
    History,
    Opening,
    heard_of,
    history_of,
    mailboxes,
    opening_of,
    read_ticket,
    read_tickets,
    seen_by,
)
from deskcore.services.plugin_settings import change_settings, network_of, settings_of
from deskcore.services.plugin_tickets import NewTicket, change_status, open_ticket
from deskcore.services.said import Said, said
from deskcore.services.search_text import fold
from deskcore.services.teams import team_refs as teams
from deskcore.services.ticket_fields import set_fields, values_of
from deskcore.services.tickets import add_tags, check_tags, statuses
from deskcore.services.unit import Unit, reading, unit_of_work

__all__ = [
    "NAMING",
    "BigId",
    "Heard",
    "History",
    "KnownPlaceholder",
    "NewTicket",
    "Opening",
    "PageField",
    "PageTicket",
    "ReadyAnswer",
    "Said",
    "Taken",
    "Told",
    "UTCDateTime",
    "Unit",
    "accounts_of",
    "add_tags",
    "add_to_draft",
    "can",
    "catalogues",
    "change_settings",
    "change_status",
    "check_tags",
    "colleague",
    "customer_of",
    "fill",
    "fill_with_samples",
    "fold",
    "hand_in",
    "heard_of",
    "history_of",
    "insert_into",
    "keep_file",
    "kept_file",
    "let_go_of_file",
    "mailboxes",
    "network_of",
    "open_ticket",
    "opening_of",
    "placeholders",
    "read_customer",
    "read_ticket",
    "read_tickets",
    "reading",
    "ready_answer",
    "require",
    "said",
    "seen_by",
    "send_ready",
    "set_fields",
    "settings_of",
    "statuses",
    "stocks",
    "take_in",
    "taken",
    "teams",
    "today",
    "told_by",
    "unit_of_work",
    "values_of",
]
