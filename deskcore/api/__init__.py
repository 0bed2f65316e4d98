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
from deskcore.domain.people import Actor, Permission, UserRef, canonical_email
from deskcore.errors import ConfigError, DeskError, Invalid, NotAllowed, NotFound, Problem
from deskcore.i18n import N_, _, ngettext

__all__ = [
    "N_",
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
    "Problem",
    "ReplyFailed",
    "ReplyQueued",
    "ReplyReported",
    "ReplySent",
    "ReplyUndone",
    "ThreadKeys",
    "TicketAssigned",
    "TicketFlagged",
    "TicketId",
    "TicketMoved",
    "TicketOpened",
    "TicketRenamed",
    "TicketReopened",
    "TicketStatusChanged",
    "TicketTagged",
    "UserId",
    "UserRef",
    "Verdict",
    "_",
    "__version__",
    "canonical_email",
    "html_to_text",
    "mail_fingerprint",
    "ngettext",
    "now",
    "safe_filename",
    "text_to_html",
]
