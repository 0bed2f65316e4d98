"""What Telegram pushes: one update in a body, proved by the secret it was given."""

from __future__ import annotations

import json
from collections.abc import Iterable

from deskcore.plugin import Secret, WebhookRequest
from plugins.telegram.settings import TelegramSettings

TOKEN = "987654321:AAF-this_is_a_token_for_tests_only"


def signed(
    body: bytes, *, seconds_ago: float = 0, token: str = TOKEN, secret: str | None = None
) -> WebhookRequest:
    """Make the push of a body: proved by the secret alone, which says nothing of body or time."""
    known = TelegramSettings(token=Secret(token)).hook_secret if secret is None else secret
    headers = {"x-telegram-bot-api-secret-token": known, "content-type": "application/json"}
    return WebhookRequest(method="POST", path="/in/telegram", headers=headers, query={}, body=body)


def batch(contents: Iterable[bytes]) -> bytes:
    """Make the body of a push; Telegram puts one update into each, only the kit has more of them."""
    found = [_element(content) for content in contents]
    return found[0] if len(found) == 1 else b"[" + b", ".join(found) + b"]"


def _element(content: bytes) -> bytes:
    try:
        json.loads(content)
    except ValueError:
        return json.dumps(content.decode("utf-8", "replace")).encode()
    return content
