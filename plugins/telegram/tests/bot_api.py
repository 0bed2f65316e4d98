"""The far side of Telegram: a server on a loopback port that plays the Bot API, and fails as told.

Written after https://core.telegram.org/bots/api. ``say`` has a customer write, ``sent`` is what
customers have of the bot's, ``told`` what one of them was told. ``chaos`` makes a share of the
requests go wrong; the ledger still knows what was taken.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from email.parser import BytesParser
from email.policy import HTTP
from time import monotonic
from typing import Any, Self

from deskcore.plugin import WebhookRequest
from deskcore.testing import Fault, Reply, Request, Simulator, Trouble, says
from plugins.telegram.tests.answers import Chaos, busy, no, not_ok, ok
from plugins.telegram.tests.pushes import TOKEN, signed

USERNAME = "tea_shop_bot"
ANN = 1111111
_PATIENCE_S = 40
_FIRST_UPDATE = 700_000_000
_LONGEST_POLL_S = 50.0
_SENDING = ("sendMessage", "sendDocument", "sendPhoto")


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A message of the bot's that its customer has."""

    chat: int
    number: int
    method: str
    text: str = ""
    filename: str = ""
    content: bytes = field(default=b"", repr=False)
    answers: int = 0
    thread: int = 0


class BotApi(Simulator):
    """Knows one bot by its token."""

    def __init__(self, *, token: str = TOKEN, username: str = USERNAME) -> None:
        super().__init__()
        self.token = token
        self.username = username
        self.sending_path = f"/bot{token}/send"
        self.sent: list[Sent] = []
        self.files: dict[str, bytes] = {}
        self.blocked: set[int] = set()
        self.moved: dict[int, int] = {}
        self.pictures_refused = False
        self.webhook: dict[str, object] = {}
        self.webhook_problem = ""
        self.sees_groups = False
        self.chaos: Chaos | None = None
        self.least_gap_s = 0.0
        self.told_to_wait = 0
        self.repeats_updates = False
        self.confirmed = 0
        self._news = threading.Condition(self.lock)
        self._updates: list[tuple[int, dict[str, Any]]] = []
        self._next_update = _FIRST_UPDATE
        self._next_message = 1000
        self._poll = 0
        self._last_in: dict[int, float] = {}

    def __enter__(self) -> Self:
        super().__enter__()
        return self

    # What the kit asks of a far side.

    @property
    def settings(self) -> dict[str, object]:
        """What points the channel here."""
        return {"server": "127.0.0.1", "port": self.port, "encrypted": False}

    @property
    def messages(self) -> int:
        """How many messages of ours customers have."""
        return len(self.sent)

    @property
    def changes(self) -> int:
        """How often something was changed: every method is asked for by POST, most only look."""
        changing = ("send", "set", "delete")
        return sum(
            request.path.rpartition("/")[2].startswith(changing) for request in self.requests
        )

    @property
    def addresses(self) -> list[str]:
        """What was asked for, behind the token: Telegram wants it in the address."""
        return [
            address.replace(f"/bot{self.token}/", "/", 1).replace(_path_token(address), "", 1)
            for address in super().addresses
        ]

    def offer(self, *contents: bytes) -> None:
        """Have these updates for whoever asks; what is none comes in an update of no kind."""
        for content in contents:
            try:
                found = json.loads(content)
            except ValueError:
                found = {"unreadable": content.decode("utf-8", "replace")}
            self.update(found if isinstance(found, dict) else {"odd": found})

    def plan(self, trouble: Trouble) -> bool:
        """Have this go wrong at the next attempt to send, in Telegram's words."""
        replies = {
            "busy": busy(_PATIENCE_S),
            "error": says(500, not_ok(500, "Internal Server Error")),
            "refused": says(403, not_ok(403, "Forbidden: bot was blocked by the user")),
            "denied": says(401, not_ok(401, "Unauthorized")),
        }
        if trouble == "busy_date":
            return False  # Telegram names seconds, in the body
        if trouble not in replies:
            return super().plan(trouble)
        fault = replies[trouble]
        self.fail(replace(fault, path=self.sending_path))
        return True

    def plan_answer(self, method: str, said: Mapping[str, object]) -> None:
        """Have the next call of a method answered so."""
        code = said.get("error_code")
        fault = says(code if isinstance(code, int) else 200, json.dumps(said).encode())
        self.fail(replace(fault, path=f"/bot{self.token}/{method}"))

    # What customers do.

    def say(
        self,
        text: str,
        *,
        chat: int = ANN,
        name: str = "Ann",
        place: Mapping[str, object] | None = None,
        **more: object,
    ) -> int:
        """Have somebody write, in a chat of their own or in *place*; returns the message's number."""
        with self.lock:
            self._next_message += 1
            number = self._next_message
        self.update(
            {
                "message": {
                    "message_id": number,
                    "from": {"id": chat, "is_bot": False, "first_name": name},
                    "chat": place or {"id": chat, "type": "private", "first_name": name},
                    "date": 1_795_000_000 + number,
                    **({"text": text} if text else {}),
                    **more,
                }
            }
        )
        return number

    def update(self, content: Mapping[str, Any]) -> int:
        """Have an update; one without a number gets the next."""
        with self._news:
            number = content.get("update_id")
            if not isinstance(number, int) or isinstance(number, bool):
                number = self._next_update
            self._next_update = max(self._next_update, number) + 1
            self._updates.append((number, {**content, "update_id": number}))
            self._news.notify_all()
            return number

    def pushes(self) -> list[WebhookRequest]:
        """Push what waits, as Telegram does once a webhook is set, and forget it."""
        with self.lock:
            waiting, self._updates = self._updates, []
        return [
            signed(json.dumps(update).encode(), secret=str(self.webhook.get("secret_token", "")))
            for _number, update in waiting
        ]

    def told(self, chat: int) -> list[str]:
        """Return what somebody was told, in order."""
        with self.lock:
            return [each.text for each in self.sent if each.chat == chat]

    @property
    def waiting(self) -> int:
        """How many updates nobody has confirmed yet."""
        with self.lock:
            return len(self._updates)

    # What the server does.

    def _next_fault(self, request: Request) -> Fault | None:
        planned = super()._next_fault(request)
        if planned is not None or self.chaos is None:
            return planned
        return self.chaos.fault(request.path.rpartition("/")[2])

    def answer(self, request: Request) -> Reply:
        """Obey a request."""
        _, door, method, *rest = [*request.path.split("/"), "", ""]
        if door == "file" and method == f"bot{self.token}":
            content = self.files.get("/".join(part for part in rest if part))
            return Reply(status=404) if content is None else Reply(body=content)
        if door != f"bot{self.token}":
            return no(401, "Unauthorized")
        if method == "getUpdates":
            return self._get_updates(request.json())
        with self.lock:
            return self._do(method, request)

    def _do(self, method: str, request: Request) -> Reply:
        if method in _SENDING:
            return self._take(method, request)
        known: dict[str, Callable[[], object]] = {
            "getMe": self._me,
            "getWebhookInfo": self._hook_info,
            "setWebhook": lambda: self._set_hook(request.json()),
            "deleteWebhook": lambda: self._set_hook({}),
        }
        if method == "getFile":
            return self._get_file(str(request.json().get("file_id", "")))
        if method not in known:
            return no(404, "Not Found: method not found")
        return ok(known[method]())

    def _me(self) -> dict[str, object]:
        return {
            "id": int(self.token.partition(":")[0]),
            "is_bot": True,
            "first_name": "Tea Shop",
            "username": self.username,
            "can_read_all_group_messages": self.sees_groups,
        }

    def _set_hook(self, hook: dict[str, object]) -> bool:
        self.webhook = hook
        return True

    def _hook_info(self) -> dict[str, object]:
        found: dict[str, object] = {
            "url": self.webhook.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates),
        }
        if self.webhook_problem:
            found |= {"last_error_date": 1_795_000_000, "last_error_message": self.webhook_problem}
        return found

    def _get_updates(self, form: Mapping[str, object]) -> Reply:
        """Hand out what waits; an offset forgets what was before it, a new question ends an old one."""
        timeout = form.get("timeout")
        until = monotonic() + min(
            float(timeout) if isinstance(timeout, int) else 0, _LONGEST_POLL_S
        )
        with self._news:
            if self.webhook:
                return no(
                    409,
                    "Conflict: can't use getUpdates method while webhook is active; use "
                    "deleteWebhook to delete the webhook first",
                )
            self._poll += 1
            mine = self._poll
            self._news.notify_all()
            offset = form.get("offset")
            if isinstance(offset, int):
                before = len(self._updates)
                self._updates = [each for each in self._updates if each[0] >= offset]
                self.confirmed += before - len(self._updates)
            while not self._updates and (left := until - monotonic()) > 0:
                self._news.wait(min(left, 0.2))
                if mine != self._poll:
                    return no(409, "Conflict: terminated by other getUpdates request")
                if self._ended.is_set():
                    break
            limit = form.get("limit")
            page = [
                each for _number, each in self._updates[: limit if isinstance(limit, int) else 100]
            ]
        if self.repeats_updates and page:
            page = [*page[:99], page[0]]
        return ok(page)

    def _get_file(self, file_id: str) -> Reply:
        if file_id == "too-big":
            return no(400, "Bad Request: file is too big")
        path = f"documents/{file_id}"
        if path not in self.files:
            return no(400, "Bad Request: invalid file_id")
        size = len(self.files[path])
        return ok({"file_id": file_id, "file_unique_id": "u", "file_size": size, "file_path": path})

    def _take(self, method: str, request: Request) -> Reply:
        form, filename, content = form_of(request)
        chat = int(str(form.get("chat_id", 0)))
        text = str(form.get("text", form.get("caption", "")))
        refusal = self._refusal(method, chat, text, content)
        if refusal is not None:
            return refusal
        self._last_in[chat] = monotonic()
        self._next_message += 1
        answered = form.get("reply_parameters")
        answered = json.loads(answered) if isinstance(answered, str) else answered
        self.sent.append(
            Sent(
                chat=chat,
                number=self._next_message,
                method=method,
                text=text,
                filename=filename,
                content=content,
                answers=int(answered["message_id"]) if isinstance(answered, dict) else 0,
                thread=int(str(form.get("message_thread_id", 0))),
            )
        )
        return ok({"message_id": self._next_message, "date": 1, "chat": {"id": chat}, "text": text})

    def _refusal(self, method: str, chat: int, text: str, content: bytes) -> Reply | None:
        if chat in self.moved:
            parameters = {"migrate_to_chat_id": self.moved[chat]}
            words = "Bad Request: group chat was upgraded to a supergroup chat"
            return no(400, words, parameters=parameters)
        if chat in self.blocked:
            return no(403, "Forbidden: bot was blocked by the user")
        is_text = method == "sendMessage"
        length = len(text.encode("utf-16-le", "surrogatepass")) // 2
        wrongs = {
            "PHOTO_INVALID_DIMENSIONS": method == "sendPhoto" and self.pictures_refused,
            "message text is empty": is_text and not text.strip(),
            "message is too long": length > (4096 if is_text else 1024),
            "file must be non-empty": not is_text and not content,
        }
        for words, is_wrong in wrongs.items():
            if is_wrong:
                return no(400, f"Bad Request: {words}")
        if self.least_gap_s and monotonic() - self._last_in.get(chat, -9.0) < self.least_gap_s:
            self.told_to_wait += 1
            return busy(1).reply
        return None


def form_of(request: Request) -> tuple[dict[str, object], str, bytes]:
    """Read what is sent: JSON, or a form with a file."""
    kind = request.headers.get("content-type", "")
    if not kind.startswith("multipart/"):
        return request.json(), "", b""
    read = BytesParser(policy=HTTP).parsebytes(
        f"Content-Type: {kind}\r\n\r\n".encode() + request.body
    )
    form: dict[str, object] = {}
    filename, content = "", b""
    for part in read.iter_parts():
        name = part.get_param("name", header="content-disposition")
        if part.get_filename() is not None:
            filename, content = str(part.get_filename()), part.get_payload(decode=True)  # type: ignore[assignment]  # bytes, of one part
        else:
            form[str(name)] = str(part.get_payload(decode=True).decode())  # type: ignore[union-attr]  # as above
    return form, filename, content


def _path_token(address: str) -> str:
    """Return the token of somebody else in an address."""
    door = address.partition("?")[0].split("/")
    return next((part.removeprefix("bot") for part in door if part.startswith("bot")), "\0")
