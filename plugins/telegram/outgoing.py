"""An answer as the forms to send: parts of the text, then each file; pure and deterministic."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from deskcore.api import OutboundFile, OutboundMessage, _
from deskcore.plugin import FileLimit, Payload, Refused, TextLimit
from plugins.telegram.multipart import as_document, to_chat, with_file
from plugins.telegram.splitting import split, units
from plugins.telegram.wire import JSON

_MB = 1024 * 1024
# Limits of the Bot API: sendMessage, sendDocument, sendPhoto.
TEXT = TextLimit(max=4096, unit="utf16", parts=10)
FILES = FileLimit(count=10, bytes_each=50 * _MB, bytes_together=500 * _MB)
_MOST_CAPTION = 1024
_MOST_PHOTO = 10 * _MB
_PHOTOS = frozenset({"image/jpeg", "image/png"})
METHOD = "method"


@dataclass(frozen=True, kw_only=True)
class _Where:
    """The chat, its topic, and what is answered there."""

    chat: int
    thread: int | None
    answered: int | None

    @classmethod
    def of(cls, message: OutboundMessage) -> _Where:
        named = message.conversation or (message.to[0].value if message.to else "")
        found = re.fullmatch(r"(-?\d{1,16})(?:/(\d{1,16}))?", named, flags=re.ASCII)
        if found is None:
            raise Refused(_("This does not say to which chat of Telegram it goes."))
        last = message.references[-1] if message.references else ""
        answered = re.fullmatch(rf"{re.escape(found[1])}:(\d{{1,16}})", last, flags=re.ASCII)
        is_answer = answered is not None and not message.automatic
        return cls(
            chat=int(found[1]),
            thread=int(found[2]) if found[2] else None,
            answered=int(answered[1]) if is_answer and answered else None,
        )

    def fields(self, *, is_first: bool) -> dict[str, object]:
        """Return the fields that say where a form goes; the first one names what it answers."""
        found: dict[str, object] = {"chat_id": self.chat}
        if self.thread is not None:
            found["message_thread_id"] = self.thread
        if is_first and self.answered is not None:
            found["reply_parameters"] = {
                "message_id": self.answered,
                "allow_sending_without_reply": True,
            }
        return found


def forms_of(message: OutboundMessage) -> list[Payload]:
    """Return the forms to send, in their order; raises ``Refused`` for what Telegram never takes."""
    where = _Where.of(message)
    _refuse_files(message.files)
    to = tuple(address.value for address in message.to)
    caption = message.text if message.files and units(message.text) <= _MOST_CAPTION else ""
    texts = [] if caption else split(message.text, TEXT)
    found = [*_texts(where, texts), *_files(where, message.files, caption, is_first=not texts)]
    return [
        Payload(
            part=str(number),
            content=content,
            content_type=content_type,
            recipients=to,
            meta={METHOD: method},
        )
        for number, (method, content, content_type) in enumerate(found, start=1)
    ]


def moved(payload: Payload, chat: int) -> bytes:
    """Return the form of a payload, to another chat: a group that became a supergroup."""
    if payload.content_type != JSON:
        return to_chat(payload.content, chat)
    form = json.loads(payload.content) | {"chat_id": chat}
    form.pop("reply_parameters", None)  # numbers of messages are others there
    return _json(form)


def without_photo(payload: Payload) -> tuple[str, bytes]:
    """Return method and form that send a photo as a file."""
    return "sendDocument", as_document(payload.content)


def _texts(where: _Where, texts: list[str]) -> Iterator[tuple[str, bytes, str]]:
    for number, text in enumerate(texts):
        yield "sendMessage", _json({**where.fields(is_first=number == 0), "text": text}), JSON


def _files(
    where: _Where, files: tuple[OutboundFile, ...], caption: str, *, is_first: bool
) -> Iterator[tuple[str, bytes, str]]:
    for number, file in enumerate(files):
        fields = where.fields(is_first=is_first and number == 0)
        if caption and number == 0:
            fields["caption"] = caption
        plain = {
            key: value if isinstance(value, str) else json.dumps(value)
            for key, value in fields.items()
        }
        is_photo = file.content_type in _PHOTOS and len(file.content) <= _MOST_PHOTO
        kind = "photo" if is_photo else "document"
        yield f"send{kind.capitalize()}", *with_file(kind, file, plain)


def _refuse_files(files: tuple[OutboundFile, ...]) -> None:
    if len(files) > FILES.count:
        raise Refused(_("Send at most %(count)s files at once in Telegram.", count=FILES.count))
    for file in files:
        if len(file.content) > FILES.bytes_each:
            raise Refused(_("“%(name)s” is over the 50 MB that bots may send.", name=file.filename))
        if not file.content:
            raise Refused(
                _("“%(name)s” is empty; Telegram takes no such file.", name=file.filename)
            )


def _json(form: dict[str, object]) -> bytes:
    return json.dumps(form, sort_keys=True, ensure_ascii=False).encode("utf-8", "replace")
