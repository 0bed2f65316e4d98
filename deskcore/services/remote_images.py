"""Remote pictures of a message, shown on a click: the worker fetches them, the desk keeps them.

The browser never asks anybody but the desk. The sender's server sees one request a picture, from
the desk and without anything of the person who clicked; before the click it sees nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from time import monotonic
from typing import Any
from urllib.parse import urljoin

from sqlalchemy import select

from deskcore import clock
from deskcore.domain import remote_images
from deskcore.domain.events import MessageImages
from deskcore.domain.html import image_key
from deskcore.domain.messages import InboundFile
from deskcore.domain.people import Actor
from deskcore.domain.views import ImagesView
from deskcore.errors import NotFound
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.models import Attachment, Message, Ticket
from deskcore.plugin.channel import ChannelFailure, TryLater
from deskcore.plugin.net import ANY_PORT, MEGABYTE, WEB_PORTS, Net, TooLarge
from deskcore.services import access, files
from deskcore.services.jobs import job
from deskcore.services.unit import reading, unit_of_work

MOST = 40
MOST_BYTES = 20 * MEGABYTE
MOST_BYTES_EACH = 5 * MEGABYTE
MOST_SECONDS = 60
HOPS = 3
LONGEST = timedelta(minutes=5)  # after that a person may ask again, whatever became of the worker
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_PROBLEMS = ((TooLarge, "size"), (TryLater, "silent"))


def ask(actor: Actor, message_id: int) -> int:
    """Have the worker load what is not shown yet; returns the number of the ticket.

    Asking again while that is under way, or when all are shown, changes nothing. Needs the right
    to change tickets: the sender's server learns that somebody looks. Raises NotFound.
    """
    with unit_of_work(actor) as unit:
        access.require(actor, "ticket.change", unit.session)
        found = unit.session.execute(
            select(Message, Ticket)
            .join(Ticket, Ticket.id == Message.ticket_id)
            .where(Message.id == message_id, access.visible_tickets(actor))
            .with_for_update(of=Message)
        ).one_or_none()
        if found is None:
            raise NotFound(_("There is no such message, or it is in a mailbox you cannot see."))
        message, ticket = found
        now = view(message.remote_images, message.image_load, message.images_asked_at)
        if now.total and not now.is_loading and (now.failed or not now.is_loaded):
            message.images_asked_at = unit.now
            # One after the other: servers that dawdle may hold one thread of the worker, not all.
            unit.enqueue(
                "images.load",
                {"message_id": message_id},
                unique_key=f"images.load:{message_id}",
                order_key="images.load",
                max_tries=3,
            )
            unit.record(MessageImages(ticket_id=ticket.id, message_id=message_id))
        return ticket.number


def view(total: int, load: Mapping[str, Any], asked_at: datetime | None) -> ImagesView:
    """Return what the reader is told of the remote pictures of a message."""
    return ImagesView(
        total=total,
        shown=load.get("shown", 0),
        failed=tuple(load.get("failed", {}).items()),
        is_loading=asked_at is not None and clock.now() - asked_at < LONGEST,
        is_loaded="failed" in load,
    )


@job("images.load")
def load(message_id: int) -> None:
    """Fetch the pictures somebody asked for; each is kept at once, so a crash costs none."""
    with reading() as session:
        message = session.get(Message, message_id)
        there = select(Attachment.content_id, Attachment.size).where(
            Attachment.message_id == message_id, Attachment.is_remote
        )
        sizes = {row.content_id: row.size for row in session.execute(there)}
    if message is None or message.images_asked_at is None:
        return  # nobody asked, or it is done
    until, failed = monotonic() + MOST_SECONDS, Counter[str]()
    for address in remote_images.addresses(message.html or ""):
        key, room = image_key(address), MOST_BYTES - sum(sizes.values())
        if key in sizes:
            continue
        is_much = room <= 0 or len(sizes) + failed.total() >= MOST or monotonic() > until
        kind, content = ("many", b"") if is_much else _fetch(address, min(room, MOST_BYTES_EACH))
        if not content:
            failed[kind] += 1
            continue
        sizes[key] = len(content)
        file = InboundFile(
            filename="image", content_type=kind, content=content, content_id=key, inline=True
        )
        with unit_of_work() as unit:
            files.attach(unit, file, message_id=message_id, is_remote=True)
    with unit_of_work() as unit:
        message = unit.session.get_one(Message, message_id)
        message.images_asked_at = None
        message.image_load = {"shown": len(sizes), "failed": dict(failed)}
        unit.record(MessageImages(ticket_id=message.ticket_id, message_id=message_id))


def _fetch(address: str, most_bytes: int) -> tuple[str, bytes]:
    """Return the kind of a picture and its bytes, or why there are none."""
    is_open = config().private_image_hosts
    net = Net(
        plugin="deskcore", allow_private=is_open, web_ports=ANY_PORT if is_open else WEB_PORTS
    )
    try:
        for _hop in range(1 + HOPS):
            address = urljoin("https:", address)
            answer = net.http(address, headers={"Accept": "image/*"}, most_bytes=most_bytes)
            if answer.status not in _REDIRECTS:
                break
            address = urljoin(address, answer.headers.get("location", ""))
    except (ChannelFailure, ValueError) as failure:  # urljoin minds what is no address
        return next((why for kind, why in _PROBLEMS if isinstance(failure, kind)), "closed"), b""
    if answer.status != HTTPStatus.OK:
        return "missing", b""
    kind = remote_images.kind_of(answer.content)
    return (kind, answer.content) if kind else ("kind", b"")
