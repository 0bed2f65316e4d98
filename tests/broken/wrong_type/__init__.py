"""Gives text where panels, verdicts and messages are wanted."""

from __future__ import annotations

from deskcore.plugin import hookimpl


@hookimpl
def desk_ticket_panels() -> str:
    return "<b>a panel</b>"


@hookimpl
def desk_inbound_verdict() -> str:
    return "spam"


@hookimpl
def desk_inbound_prepare() -> None:
    return None


@hookimpl
def desk_reply_check() -> list[str]:
    return ["no"]


@hookimpl
def desk_outbound_prepare() -> bytes:
    return b"no message"
