"""Everything of the core that a plugin may use, beside ``deskcore.plugin``: values, time, errors.

``deskcore.api.data`` has what plugins with tables of their own need, ``deskcore.api.web`` what pages
do. These modules only re-export and are not used inside the core. What is not named here
may change without notice.
"""

from deskcore import __version__
from deskcore.clock import now
from deskcore.domain.events import (
    AnswerWithheld,
    ChannelPaused,
    ChannelResumed,
    CustomerCreated,
    DomainEvent,
    MessageChanged,
    MessageImages,
    MessageNoted,
    MessageReceived,
    ReplyFailed,
    ReplyQueued,
    ReplyReported,
    ReplySent,
    ReplyUndone,
    TicketAssigned,
    TicketFieldChanged,
    TicketFlagged,
    TicketMoved,
    TicketOpened,
    TicketRenamed,
    TicketReopened,
    TicketStatusChanged,
    TicketTagged,
)
from deskcore.domain.filenames import safe_filename
from deskcore.domain.fingerprint import mail_fingerprint
from deskcore.domain.html import from_text as text_to_html
from deskcore.domain.html import to_text as html_to_text
from deskcore.domain.kinds import (
    Audience,
    Category,
    CustomerId,
    Direction,
    MailboxId,
    MessageId,
    TicketId,
    UserId,
    Verdict,
)
from deskcore.domain.messages import (
    Address,
    DeliveryReport,
    Ignored,
    Inbound,
    InboundChange,
    InboundFile,
    InboundMessage,
    OutboundFile,
    OutboundMessage,
    ThreadKeys,
)
from deskcore.domain.money import minor_digits, money_text
from deskcore.domain.people import SYSTEM, Actor, Permission, UserRef, canonical_email
from deskcore.domain.placeholders import Filled, Piece
from deskcore.domain.placeholders import names_in as placeholders_in
from deskcore.errors import (
    ConfigError,
    DeskError,
    Invalid,
    NotAllowed,
    NotFound,
    Problem,
    Unavailable,
)
from deskcore.i18n import LANGUAGES, N_, _, ngettext, page_language

__all__ = [
    "LANGUAGES",
    "N_",
    "SYSTEM",
    "Actor",
    "Address",
    "AnswerWithheld",
    "Audience",
    "Category",
    "ChannelPaused",
    "ChannelResumed",
    "ConfigError",
    "CustomerCreated",
    "CustomerId",
    "DeliveryReport",
    "DeskError",
    "Direction",
    "DomainEvent",
    "Filled",
    "Ignored",
    "Inbound",
    "InboundChange",
    "InboundFile",
    "InboundMessage",
    "Invalid",
    "MailboxId",
    "MessageChanged",
    "MessageId",
    "MessageImages",
    "MessageNoted",
    "MessageReceived",
    "NotAllowed",
    "NotFound",
    "OutboundFile",
    "OutboundMessage",
    "Permission",
    "Piece",
    "Problem",
    "ReplyFailed",
    "ReplyQueued",
    "ReplyReported",
    "ReplySent",
    "ReplyUndone",
    "ThreadKeys",
    "TicketAssigned",
    "TicketFieldChanged",
    "TicketFlagged",
    "TicketId",
    "TicketMoved",
    "TicketOpened",
    "TicketRenamed",
    "TicketReopened",
    "TicketStatusChanged",
    "TicketTagged",
    "Unavailable",
    "UserId",
    "UserRef",
    "Verdict",
    "_",
    "__version__",
    "canonical_email",
    "html_to_text",
    "mail_fingerprint",
    "minor_digits",
    "money_text",
    "ngettext",
    "now",
    "page_language",
    "placeholders_in",
    "safe_filename",
    "text_to_html",
]
