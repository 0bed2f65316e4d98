"""Ends the process when a mail comes in."""

from __future__ import annotations

import os

from deskcore.api import InboundMessage
from deskcore.plugin import Judgement, hookimpl


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    os._exit(8)
