"""How updates come in: the desk asks for them, or Telegram pushes them; and the files of messages."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterator, Sequence
from time import monotonic

from deskcore.api import _, now
from deskcore.plugin import (
    AccountView,
    Answer,
    AttachmentRef,
    Blocked,
    Fetching,
    Net,
    Polled,
    Push,
    Pushed,
    RawItem,
    Refused,
    Rejected,
    WebhookRequest,
)
from plugins.telegram.events import NEWS
from plugins.telegram.fields import part, read, text, when, whole
from plugins.telegram.files import MOST_BYTES
from plugins.telegram.settings import TelegramSettings
from plugins.telegram.wire import WebhookIsSet, ask, fetch

_PAGE = 100  # the most that getUpdates gives
_LONGEST_S = 50.0  # longer waits are cut by routers and by Telegram itself
_ROUND_TRIP_S = 10.0
_SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105  the name of the header
_CHUNK = 256 * 1024


class Incoming(Polled, Pushed, Fetching):
    """The way in of one bot."""

    registers = True
    account: AccountView
    net: Net
    own: TelegramSettings

    def __init__(self) -> None:
        self._stored: str | None = None
        self._ahead: tuple[str | None, list[RawItem]] | None = None
        self._is_told = False

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield one page of updates; asking for the next one would confirm this one unstored."""
        if self.own.way == "webhook":
            self._tell_address()
            return
        self._stored = cursor
        ahead, self._ahead = self._ahead, None
        is_next = ahead is not None and ahead[0] == cursor
        yield from ahead[1] if is_next and ahead else self._first_page(cursor)

    def acknowledge(self, items: Sequence[RawItem]) -> None:
        """Remember what is stored: Telegram is told with the next question, never before."""
        self._stored = items[-1].cursor

    def wait(self, timeout_s: float) -> bool:
        """Hold a question open until something comes; what came is kept for ``receive``."""
        if self.own.way == "webhook":
            return False
        until = monotonic() + timeout_s
        while (left_s := until - monotonic()) > 0:
            page = self._updates(self._stored, wait_s=min(left_s, _LONGEST_S))
            if page:
                self._ahead = self._stored, page
                return True
        return False

    def verify(self, request: WebhookRequest) -> None:
        """Believe who knows the secret that the desk gave Telegram with its address."""
        given, right = request.headers.get(_SECRET, ""), self.own.hook_secret
        if not self.own.token or not hmac.compare_digest(given.encode(), right.encode()):
            raise Rejected("The secret is wrong.")

    def unpack(self, request: WebhookRequest) -> Push:
        """Take the update out; Telegram wants any answer that says success."""
        body = read(request.body)
        updates = body if isinstance(body, list) else [body]
        return Push(items=tuple(_item(each, None) for each in updates), answer=Answer())

    def fetch(self, ref: AttachmentRef) -> Iterator[bytes]:
        """Yield a file: by its id Telegram says where it lies for an hour."""
        found = ask(self.net, self.own, "getFile", {"file_id": ref.ref})
        path = text(found, "file_path")
        if not path or (whole(found, "file_size") or 0) > MOST_BYTES:
            raise Refused(_("It is larger than Telegram hands to bots."))
        content = fetch(self.net, self.own, path, most_bytes=MOST_BYTES + _CHUNK)
        yield from (content[at : at + _CHUNK] for at in range(0, len(content), _CHUNK))

    def _first_page(self, cursor: str | None) -> list[RawItem]:
        """Ask at once; a webhook that is set, here or elsewhere, makes room: polling was chosen.

        Not while waiting: one who still waits when a webhook is chosen must not remove that.
        """
        try:
            return self._updates(cursor, wait_s=0)
        except WebhookIsSet:
            ask(self.net, self.own, "deleteWebhook")  # what waits there stays
            return self._updates(cursor, wait_s=0)

    def _updates(self, cursor: str | None, *, wait_s: float) -> list[RawItem]:
        """Ask for what comes after *cursor*; Telegram forgets what was before it."""
        form: dict[str, object] = {
            "timeout": int(wait_s),
            "limit": _PAGE,
            "allowed_updates": list(NEWS),
        }
        if cursor is not None and cursor.isascii() and cursor.isdecimal():
            form["offset"] = int(cursor[:18]) + 1
        found = ask(self.net, self.own, "getUpdates", form, timeout_s=wait_s + _ROUND_TRIP_S)
        return [_item(each, cursor) for each in found] if isinstance(found, list) else []

    def _tell_address(self) -> None:
        """See to it that Telegram knows where to push, and say so when it does not get through."""
        address = self.account.webhook
        if not address.startswith("https://"):
            words = _("Telegram pushes to https addresses only, and this desk has none configured.")
            raise Blocked(words)
        known = ask(self.net, self.own, "getWebhookInfo")
        if not self._is_told or text(known, "url") != address:
            form = {"url": address, "secret_token": self.own.hook_secret}
            ask(self.net, self.own, "setWebhook", {**form, "allowed_updates": list(NEWS)})
            self._is_told = True
            return
        problem = text(known, "last_error_message")
        if problem and whole(known, "pending_update_count"):
            raise Blocked(_("Telegram does not reach this desk: %(why)s", why=problem[:300]))


def _item(update: object, cursor: str | None) -> RawItem:
    """Keep an update as it came.

    Numbers may begin anew after a quiet week: by the time of what it tells, another update of the
    same number is known for another.
    """
    content = json.dumps(update, sort_keys=True).encode()
    number = whole(update, "update_id")
    at = next((found for name in NEWS if (found := when(part(update, name), "date"))), None)
    return RawItem(
        external_id=str(number) if number is not None else hashlib.sha256(content).hexdigest(),
        cursor=str(number) if number is not None else cursor,
        received_at=now(),
        content=content,
        meta={"internal_date": at.isoformat()} if at else {},
    )
