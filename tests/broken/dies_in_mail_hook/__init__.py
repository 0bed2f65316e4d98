"""Ends the process when a mail comes in."""

from __future__ import annotations

import os

from deskcore.api import InboundMessage, Verdict
from deskcore.plugin import hookimpl


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Verdict | None:
    os._exit(8)
