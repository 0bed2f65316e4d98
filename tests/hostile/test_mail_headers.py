"""No header of a mail that comes in is more than words: it is filed, held or left, and quickly."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from deskcore import clock
from deskcore.domain.kinds import InboundState
from deskcore.models import ChannelAccount, Delivery, InboundItem
from deskcore.plugin.channel import RawItem
from deskcore.services import inbound
from deskcore.services.unit import reading
from tests.hostile.strings import every
from tests.hostile.visiting import Visitor

IS_WHOLE = "DESK_TEST_EVERYTHING" in os.environ
HEADERS = {
    "From": "Jana <jana@example.cz>", "Reply-To": "jana@example.cz", "To": "help@shop.example",
    "Cc": "petr@example.cz", "Subject": "Teapot", "Message-ID": "<{number}@example.cz>", "In-Reply-To": "<a@b.test>",
    "References": "<a@b.test>", "Date": "Thu, 26 Nov 2026 10:00:00 +0100", "Content-Type": "text/plain",
    "Content-Transfer-Encoding": "8bit", "MIME-Version": "1.0", "Auto-Submitted": "no", "List-Id": "<l.b.test>",
    "Return-Path": "<jana@example.cz>", "Authentication-Results": "mx.test; dkim=pass", "X-Spam-Flag": "NO",
}  # fmt: skip
STRINGS = [text.encode("utf-8", "surrogatepass") for _name, text in every()]
AT_ONCE = 20
SLOWEST_S = 0.5


def mail(name: str, value: bytes, number: int) -> bytes:
    """Write a mail that is as usual but for one header, which has exactly these bytes."""
    usual = {key: text.format(number=number).encode() for key, text in HEADERS.items()}
    lines = [key.encode() + b": " + text for key, text in {**usual, name: value}.items()]
    return b"\r\n".join([*lines, b"", b"Where is my order %d?" % number])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_header_takes_every_string(
    noting: Flask, owner: Visitor, count: Callable[[str], None]
) -> None:
    chosen = [
        (name, text)
        for place, name in enumerate(HEADERS)
        for text in (STRINGS if IS_WHOLE else STRINGS[place :: 4 * len(HEADERS)])
    ]
    with reading() as session:
        account_id = session.scalars(select(ChannelAccount.id)).first() or 0
        before = session.scalars(select(InboundItem.id)).all()
        queued = session.scalars(select(Delivery.id)).all()
    slow = []
    for at in range(0, len(chosen), AT_ONCE):
        part = chosen[at : at + AT_ONCE]
        items = [
            RawItem(
                external_id=f"h{at + place}", cursor=None, received_at=clock.now(),
                content=mail(name, text, at + place),
            )
            for place, (name, text) in enumerate(part)
        ]  # fmt: skip
        began = time.process_time()
        inbound.file_items(inbound.store(account_id, items).new_ids)
        if time.process_time() - began > SLOWEST_S * len(part):
            slow.append(part)
    with reading() as session:
        new = select(InboundItem).where(InboundItem.id.not_in(before)).order_by(InboundItem.id)
        found = list(session.scalars(new))
        assert session.scalars(select(Delivery.id)).all() == queued
    became = Counter(item.state for item in found)
    count(f"{len(HEADERS)} headers, {len(STRINGS)} strings, {len(chosen)} mails: {dict(became)}")
    failed = [item for item in found if item.state in {InboundState.FAILED, InboundState.STORED}]
    assert [f"{chosen[int(one.external_id[1:])]}: {one.reason}" for one in failed] == []
    assert slow == []
    assert became[InboundState.FILED] > len(chosen) // 2
