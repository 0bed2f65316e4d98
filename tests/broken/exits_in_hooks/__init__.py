"""Calls sys.exit in a page hook and in a message hook."""

from __future__ import annotations

import sys

from deskcore.api import InboundMessage
from deskcore.plugin import Judgement, Panel, hookimpl


@hookimpl
def desk_ticket_panels() -> list[Panel]:
    sys.exit(1)


@hookimpl
def desk_inbound_verdict(message: InboundMessage) -> Judgement | None:
    sys.exit(1)
