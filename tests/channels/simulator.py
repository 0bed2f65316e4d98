"""The Echo network: the far side of the three echo channels, on a loopback port.

``say`` has somebody write; polled and listening channels fetch it, ``pushes`` signs it as the
network would. What channels send is in ``sent``, once for each key.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator
from typing import Self

from deskcore.clock import now
from deskcore.plugin import WebhookRequest
from deskcore.testing.simulator import Reply, Request, Simulator, reply_json

TOKEN = "echo-token"
SECRET = "echo-signing-secret"


class EchoNetwork(Simulator):
    """Knows one desk, by its token."""

    def __init__(self, *, token: str = TOKEN) -> None:
        super().__init__()
        self.sending_path = "/messages"
        self.token = token
        self.events: list[bytes] = []
        self.sent: dict[str, dict[str, object]] = {}
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    @property
    def settings(self) -> dict[str, object]:
        """What points a channel here."""
        return {"host": "127.0.0.1", "port": self.port, "encrypted": False}

    @property
    def messages(self) -> int:
        """How many messages of ours it has; a key counts once."""
        return len(self.sent)

    def offer(self, *contents: bytes) -> None:
        """Have these events for whoever asks, or listens."""
        with self.lock:
            self.events.extend(b" ".join(content.splitlines()) for content in contents)

    def say(self, name: str, text: str, **more: object) -> None:
        """Have Ann write."""
        self.offer(json.dumps(message(name, text, **more)).encode())

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return reply_json({"error": "who are you?"}, 401)
        if request.method == "POST":
            return self._post(request)
        match request.path:
            case "/me":
                return reply_json({"name": "The shop"})
            case "/events":
                return self._page(_whole(request.query.get("after", "0")))
            case "/stream":
                return Reply(lines=self._stream(_whole(request.query.get("after", "0"))))
        return reply_json({"error": "no such thing"}, 404)

    def _post(self, request: Request) -> Reply:
        if request.path == "/messages":
            return self._take(request.json())
        self.seen.append(str(request.json().get("upto", "")))
        return reply_json({})

    def _page(self, after: int) -> Reply:
        with self.lock:
            page = [
                {"seq": number, "raw": content.decode("utf-8", "replace")}
                for number, content in enumerate(self.events, start=1)
                if number > after
            ]
        return reply_json({"events": page})

    def _stream(self, after: int) -> Iterator[bytes]:
        sent = after
        while not self._ended.is_set():
            with self.lock:
                fresh = list(enumerate(self.events[sent:], start=sent + 1))
            for sent, content in fresh:
                yield b"%d %s\n" % (sent, content)
            self._ended.wait(0.02)

    def _take(self, said: dict[str, object]) -> Reply:
        key = str(said.get("key", ""))
        if said.get("to") == "blocked":
            return reply_json({"error": "this person has blocked you"}, 403)
        with self.lock:
            self.sent.setdefault(key or f"unkeyed-{len(self.sent)}", said)
        return reply_json({"id": f"net-{key}"})


def message(name: str, text: str, **more: object) -> dict[str, object]:
    """Make the event of a message of Ann's."""
    return {
        "type": "message",
        "id": name,
        "from": {"id": "u1", "name": "Ann"},
        "chat": "c1",
        "text": text,
        "at": 1_795_000_000,
        **more,
    }


def batch(contents: list[bytes]) -> bytes:
    """Put several events into one push; what is no JSON goes in as a string."""
    return b'{"events": [' + b", ".join(map(_element, contents)) + b"]}"


def signed(body: bytes, *, secret: str = SECRET, seconds_ago: float = 0) -> WebhookRequest:
    """Sign a push as the network does: HMAC-SHA256 over the time and the raw body."""
    at = str(int(now().timestamp() - seconds_ago))
    right = hmac.new(secret.encode(), at.encode() + b":" + body, hashlib.sha256).hexdigest()
    return WebhookRequest(
        method="POST",
        path="/hooks/echo",
        headers={"x-echo-time": at, "x-echo-signature": right, "content-type": "application/json"},
        query={},
        body=body,
    )


def _element(content: bytes) -> bytes:
    try:
        json.loads(content)
    except ValueError:
        return json.dumps(content.decode("utf-8", "replace")).encode()
    return content


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() else 0
