"""Asking the Bot API, and what its answers mean for the desk.

The token is in the address that is asked for, as Telegram wants it: no word of this file, and no
error, says that address.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import quote

from deskcore.api import N_, _
from deskcore.plugin import (
    AnswerLost,
    Blocked,
    HttpAnswer,
    Net,
    Refused,
    SignInFailed,
    TooLarge,
    TryLater,
)
from plugins.telegram.fields import part, read, text, whole
from plugins.telegram.settings import TelegramSettings

JSON = "application/json"
_LONGEST_PATIENCE_S = 86_400
_WRONG_TOKEN = N_("Telegram does not know this token.")
_ANOTHER = N_(
    "Another program asks for the messages of this bot as well, and takes them away. Stop it, or "
    "have BotFather make a new token (/revoke) and enter it here."
)
_TOO_LARGE = N_("Telegram takes no file as large as this.")
_OWN_TROUBLE = N_("Telegram has trouble of its own.")
_NOT_ITS_OWN = N_("What came back was no answer of Telegram's.")
# By what the description begins with or holds; the wording of Telegram's own server.
_REFUSALS = (
    ("bot was blocked", N_("This person has blocked the bot. Reach them by another way.")),
    ("user is deactivated", N_("This person's Telegram account does not exist any more.")),
    ("bot was kicked", N_("The bot was removed from this group.")),
    ("bot is not a member", N_("The bot is not in this group any more.")),
    ("bot can't initiate", N_("This person has not written to the bot yet, so it may not write.")),
    (
        "chat not found",
        N_("Telegram does not know this chat: it was deleted, or is another bot's."),
    ),
    ("not enough rights", N_("The bot may not write in this group.")),
    ("have no rights", N_("The bot may not write in this group.")),
    ("too large", _TOO_LARGE),
)


class WebhookIsSet(TryLater):
    """Telegram tells somebody by webhook, and hands out nothing meanwhile."""


class Moved(Refused):
    """The group has another number now; nothing was sent."""

    def __init__(self, chat: int) -> None:
        super().__init__(_("This group has another number now."))
        self.chat = chat


class NoPicture(Refused):
    """Telegram does not show this as a photo; nothing was sent."""


def ask(
    net: Net,
    settings: TelegramSettings,
    method: str,
    form: Mapping[str, object] | None = None,
    *,
    timeout_s: float = 15.0,
) -> object:
    """Call a method once and return its result; raises what another answer means for the desk."""
    return post(net, settings, method, json.dumps(form or {}).encode(), JSON, timeout_s=timeout_s)


def post(
    net: Net,
    settings: TelegramSettings,
    method: str,
    content: bytes,
    content_type: str,
    *,
    timeout_s: float,
) -> object:
    """Call a method with what is in form already; as ``ask``."""
    try:
        answer = net.http(
            f"{_root(settings)}/bot{_token(settings)}/{quote(method)}",
            method="POST",
            headers={"Content-Type": content_type},
            content=content,
            timeout_s=timeout_s,
        )
    except Refused as failure:
        raise Blocked(str(failure)) from failure  # the way there is wrong, not this message
    said = read(answer.content)
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        raise _not_its_own(answer)
    if not said["ok"]:
        raise _failure(answer, said)
    return said.get("result")


def fetch(net: Net, settings: TelegramSettings, path: str, *, most_bytes: int) -> bytes:
    """Return the bytes of a file at the path that ``getFile`` named."""
    try:
        answer = net.http(
            f"{_root(settings)}/file/bot{_token(settings)}/{quote(path)}",
            timeout_s=110.0,
            most_bytes=most_bytes,
        )
    except TooLarge as failure:
        raise Refused(_("It is larger than Telegram hands to bots.")) from failure
    except Refused as failure:
        raise Blocked(str(failure)) from failure
    if answer.status != 200:  # noqa: PLR2004  the only one that brings a file
        raise TryLater(_("Telegram did not hand the file out (%(code)s).", code=answer.status))
    return answer.content


def _not_its_own(answer: HttpAnswer) -> Exception:
    """Say what the answer of a gate before Telegram means: what it turns away was not taken."""
    if answer.status == 413:  # noqa: PLR2004  content too large
        return Refused(_(_TOO_LARGE))
    if 400 <= answer.status < 500:  # noqa: PLR2004  the request's own fault
        return TryLater(_(_NOT_ITS_OWN), after=_patience(answer, None))
    return AnswerLost(_(_NOT_ITS_OWN))


def _failure(answer: HttpAnswer, said: Mapping[str, object]) -> Exception:
    code = whole(said, "error_code") or answer.status
    description = text(said, "description")[:300]
    match code:
        case 401 | 404:
            return SignInFailed(_(_WRONG_TOKEN))
        case 409 if "webhook is active" in description:
            return WebhookIsSet(_("Telegram tells a webhook of the news, and hands out nothing."))
        case 409:
            return TryLater(_(_ANOTHER))
        case 429:
            return TryLater(_("Telegram asks for patience."), after=_patience(answer, said))
        case _ if code >= 500:  # noqa: PLR2004  trouble of the server's own; it says that it did nothing
            return TryLater(_(_OWN_TROUBLE))
    return _refused(description, said)


def _refused(description: str, said: Mapping[str, object]) -> Refused:
    moved_to = whole(part(said, "parameters"), "migrate_to_chat_id")
    if moved_to is not None:
        return Moved(moved_to)
    folded = description.casefold()
    if "photo_" in folded or "image_process" in folded or "photo as document" in folded:
        return NoPicture(_("Telegram does not take this picture: %(why)s", why=description))
    for sign, words in _REFUSALS:
        if sign in folded:
            return Refused(_(words))
    return Refused(_("Telegram does not take this: %(why)s", why=description or "?"))


def _patience(answer: HttpAnswer, said: object) -> timedelta | None:
    seconds = whole(part(said, "parameters"), "retry_after")
    header = answer.headers.get("retry-after", "")
    if seconds is None and header.isascii() and header.isdecimal():
        seconds = int(header[:9])
    return None if seconds is None else timedelta(seconds=min(max(seconds, 1), _LONGEST_PATIENCE_S))


def _root(settings: TelegramSettings) -> str:
    scheme = "https" if settings.encrypted else "http"
    return f"{scheme}://{settings.server.strip()}:{settings.port}"


def _token(settings: TelegramSettings) -> str:
    return quote(settings.token.reveal(), safe=":")
