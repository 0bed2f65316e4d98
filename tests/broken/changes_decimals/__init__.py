"""Changes what everybody in the process shares."""

from __future__ import annotations

import decimal
import os
import socket
import sys
import time

from deskcore.api import InboundMessage, UserRef
from deskcore.plugin import Judgement, Panel, TicketRef, hookimpl


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    decimal.getcontext().prec = 2
    decimal.DefaultContext.rounding = decimal.ROUND_UP
    sys.setrecursionlimit(sys.getrecursionlimit() + 100)
    return []


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    os.environ["TZ"] = "Pacific/Auckland"
    time.tzset()
    socket.setdefaulttimeout(0.001)
    return None
