"""What Acme pushes: believed when it is signed, over the raw bytes."""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import cast

from deskcore.api import now
from deskcore.plugin import Answer, Channel, Push, Pushed, RawItem, Rejected, WebhookRequest

from .events import text_at
from .settings import AcmeSettings


class Incoming(Channel, Pushed):
    """How news come in: by webhook."""

    @property
    def own(self) -> AcmeSettings:
        """The settings of this account."""
        return cast("AcmeSettings", self.account.settings)

    def verify(self, request: WebhookRequest) -> None:
        """Believe a body that was signed with our secret; ids make it harmless to repeat one."""
        right = hmac.new(self.own.secret.reveal().encode(), request.body, hashlib.sha256)
        given = request.headers.get("x-acme-signature", "")
        if not hmac.compare_digest(given.encode(), f"sha256={right.hexdigest()}".encode()):
            raise Rejected("The signature is wrong.")

    def unpack(self, request: WebhookRequest) -> Push:
        """Take the events out; Acme wants "ok" and repeats what it does not get it for."""
        try:
            body = json.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        events = body.get("events") if isinstance(body, dict) else None
        items = tuple(map(_item, events)) if isinstance(events, list) else ()
        return Push(items=items, answer=Answer(body=b"ok"))


def _item(event: object) -> RawItem:
    """Keep an event as it came; one without an id is known by its content."""
    content = json.dumps(event, sort_keys=True).encode()
    name = text_at(event, "id") if isinstance(event, dict) else ""
    name = name or hashlib.sha256(content).hexdigest()
    return RawItem(external_id=name, cursor=None, received_at=now(), content=content)
