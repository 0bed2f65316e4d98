"""The far side: a server on this machine that plays Acme, and fails when it is told."""

from __future__ import annotations

import hashlib
import hmac
import json

from deskcore.plugin import WebhookRequest
from deskcore.testing import Reply, Request, Simulator, reply_json

TOKEN = "a token"
SECRET = "a signing secret"


class AcmeNetwork(Simulator):
    """Knows one desk by its token, and each key once."""

    def __init__(self) -> None:
        super().__init__()
        self.sending_path = "/v1/messages"
        self.sent: dict[str, object] = {}

    @property
    def settings(self) -> dict[str, object]:
        """What points the channel here."""
        return {"host": "127.0.0.1", "port": self.port, "encrypted": False}

    @property
    def messages(self) -> int:
        """How many messages of ours it has."""
        return len(self.sent)

    def offer(self, *contents: bytes) -> None:
        """Have nothing: Acme pushes."""

    def answer(self, request: Request) -> Reply:
        """Obey a request."""
        if request.headers.get("authorization") != f"Bearer {TOKEN}":
            return reply_json({"error": "who are you?"}, 401)
        if request.path == self.sending_path:
            said = request.json()
            key = str(said.get("key"))
            self.sent.setdefault(key, said)
            return reply_json({"id": f"net-{key}"})
        return reply_json({"name": "The shop"})


def batch(contents: list[bytes]) -> bytes:
    """Put several events into one push; what is no JSON goes in as a string."""
    return b'{"events": [' + b", ".join(map(_element, contents)) + b"]}"


def signed(body: bytes, *, seconds_ago: float = 0) -> WebhookRequest:
    """Sign a push as Acme does: HMAC-SHA256 over the raw body, without a time."""
    right = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    headers = {"x-acme-signature": f"sha256={right}"}
    return WebhookRequest(method="POST", path="/", headers=headers, query={}, body=body)


def _element(content: bytes) -> bytes:
    try:
        json.loads(content)
    except ValueError:
        return json.dumps(content.decode("utf-8", "replace")).encode()
    return content
