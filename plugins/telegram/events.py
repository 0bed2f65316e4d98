"""What Telegram's updates mean. Pure and total: any bytes give something."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.api import (
    Address,
    Ignored,
    Inbound,
    InboundChange,
    InboundMessage,
    ThreadKeys,
)
from plugins.telegram.entities import Said, said
from plugins.telegram.fields import Fields, part, parts, raw_text, read, text, when, whole
from plugins.telegram.files import awaited
from plugins.telegram.kinds import forwarded, person, words_of
from plugins.telegram.service import service_of

GROUPS = frozenset({"group", "supergroup"})
NEWS = ("message", "edited_message", "message_reaction", "my_chat_member")
_STATES = {
    "kicked": "This person has blocked the bot: what is sent to them will be refused.",
    "left": "The bot was removed from a group.",
    "member": "The bot was started, or added to a group.",
    "administrator": "The bot was made an administrator of a group.",
    "restricted": "What the bot may do in a group was changed.",
}
_CUSTOM = "🏷"  # an emoji of somebody's own, which is a picture


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where something was said: a chat, in groups with topics one of them, and by what number."""

    chat: int
    thread: int | None
    message: int

    @property
    def key(self) -> str:
        """What the message is called in the account."""
        return key_of(self.chat, self.message)

    @property
    def conversation(self) -> str:
        """What the conversation is called in the account."""
        return f"{self.chat}/{self.thread}" if self.thread else str(self.chat)


def key_of(chat: int, message: int) -> str:
    """Return what a message is called: its number alone is one of its chat."""
    return f"{chat}:{message}"


def meaning(content: bytes, *, takes_groups: bool) -> list[Inbound]:
    """Say what one update means."""
    update = read(content)
    if message := part(update, "message"):
        return _message(message, takes_groups=takes_groups)
    if edited := part(update, "edited_message"):
        return [_edit(edited, takes_groups=takes_groups)]
    if reaction := part(update, "message_reaction"):
        return _reactions(reaction)
    if member := part(update, "my_chat_member"):
        status = text(part(member, "new_chat_member"), "status")
        return [Ignored(reason=_STATES.get(status, "What the bot may do was changed."))]
    kinds = sorted(set(update) - {"update_id"}) if isinstance(update, dict) else []
    named = ", ".join(str(kind)[:40] for kind in kinds[:5])
    return [Ignored(reason=f"Updates of the kind {named!a} are not understood.")]


def _message(message: Fields, *, takes_groups: bool) -> list[Inbound]:
    place = _place(message)
    refusal = _refusal(message, place, takes_groups=takes_groups)
    if place is None or refusal:
        return [Ignored(reason=refusal)]
    if (moved_to := whole(message, "migrate_to_chat_id")) is not None:
        return _moved(message, place, moved_to)
    if service := service_of(message):
        return [Ignored(reason=f"A notice of Telegram: {service}.")]
    words = _words(message)
    if words.text.strip() == "/start":
        return [Ignored(reason="Somebody has started the bot, and said nothing yet.")]
    return [_said(message, place, words)]


def _said(message: Fields, place: Place, words: Said) -> InboundMessage:
    files, warnings = awaited(message)
    quoted = "\n".join(f"> {line}" for line in text(part(message, "quote"), "text").splitlines())
    answered = whole(part(message, "reply_to_message"), "message_id")
    album = text(message, "media_group_id")
    return InboundMessage(
        external_id=place.key,
        sender=_sender(message),
        text=f"{words.text}\n\n{quoted}" if quoted else words.text,
        visible=words.text,
        quoted=quoted,
        html="" if quoted else words.html,
        awaited=files,
        warnings=warnings,
        sent_at=when(message, "date"),
        keys=ThreadKeys(
            own=place.key,
            references=() if answered is None else (key_of(place.chat, answered),),
            conversation=place.conversation,
        ),
        group=f"{place.chat}:{album[:100]}" if album else "",
    )


def _edit(message: Fields, *, takes_groups: bool) -> Inbound:
    place = _place(message)
    refusal = _refusal(message, place, takes_groups=takes_groups)
    if place is None or refusal:
        return Ignored(reason=refusal)
    if text(message, "media_group_id") and not text(message, "caption"):
        return Ignored(reason="A picture of an album was changed; its words were not.")
    return InboundChange(
        kind="edit",
        target=place.key,
        at=when(message, "edit_date") or when(message, "date"),
        content=_words(message).text,
        sender=_sender(message),
    )


def _reactions(reaction: Fields) -> list[Inbound]:
    """Say which signs came and which went: Telegram names all before and all after."""
    place, who = _place(reaction), part(reaction, "user") or part(reaction, "actor_chat")
    person_id = whole(who, "id")
    if place is None or person_id is None:
        return [Ignored(reason="A reaction of nobody, or to nothing.")]
    before, after = (_signs(reaction, name) for name in ("old_reaction", "new_reaction"))
    changes: list[Inbound] = [
        InboundChange(
            kind=kind,
            target=place.key,
            at=when(reaction, "date"),
            content=sign,
            sender=Address(value=str(person_id), name=person(who)),
        )
        for kind, signs in (
            ("unreaction", [sign for sign in before if sign not in after]),
            ("reaction", [sign for sign in after if sign not in before]),
        )
        for sign in signs
    ]
    return changes or [Ignored(reason="A reaction that changes nothing.")]


def _signs(reaction: Fields, name: str) -> list[str]:
    found = [
        text(each, "emoji") or ("⭐" if text(each, "type") == "paid" else _CUSTOM)
        for each in parts(reaction, name)[:20]
    ]
    return list(dict.fromkeys(found))


def _moved(message: Fields, place: Place, moved_to: int) -> list[Inbound]:
    """Let the conversation of a group go on under the number it got as a supergroup.

    The first notice is said in the old conversation, the second one answers it in the new one.
    """
    link = f"moved:{moved_to}"
    said_by, at = _sender(message), when(message, "date")
    notices = (
        ("↪ This group became a supergroup.", link, (), str(place.chat)),
        ("↪ It goes on here.", place.key, (link,), str(moved_to)),
    )
    return [
        InboundMessage(
            external_id=own,
            sender=said_by,
            text=words,
            visible=words,
            sent_at=at,
            is_auto=True,
            keys=ThreadKeys(own=own, references=references, conversation=conversation),
        )
        for words, own, references, conversation in notices
    ]


def _place(message: Fields) -> Place | None:
    chat, number = whole(part(message, "chat"), "id"), whole(message, "message_id")
    if chat is None or number is None:
        return None
    thread = (
        whole(message, "message_thread_id") if message.get("is_topic_message") is True else None
    )
    return Place(chat=chat, thread=thread, message=number)


def _refusal(message: Fields, place: Place | None, *, takes_groups: bool) -> str:
    """Say why a message is nobody's to answer; empty for one that is taken in."""
    kind, author = text(part(message, "chat"), "type"), part(message, "from")
    if place is None or not _sender(message).value:
        return "A message without a number, a chat or a sender."
    if kind == "channel":
        return "What is posted in channels is not for the desk."
    if kind in GROUPS and not takes_groups:
        return "Groups are not taken in; the settings of the connection can change that."
    if author.get("is_bot") is True and not part(message, "sender_chat"):
        return "A bot wrote this, perhaps this one."
    return ""


def _sender(message: Fields) -> Address:
    """Return who wrote: somebody who speaks for a group is that group."""
    who = part(message, "sender_chat") or part(message, "from")
    number = whole(who, "id")
    return Address(value="" if number is None else str(number), name=person(who))


def _words(message: Fields) -> Said:
    """Return what is said, with its markup, or what is shown, in words; never nothing."""
    name = "text" if isinstance(message.get("text"), str) else "caption"
    entities = parts(message, "entities" if name == "text" else "caption_entities")
    own = said(raw_text(message, name), entities)
    if not own.text.strip():
        shown = words_of(message) or "❔ Telegram message of an unknown kind"
        is_piece = bool(text(message, "media_group_id"))
        own = Said(text=shown.partition(" ")[0] if is_piece else shown)
    origin = forwarded(message)
    if not origin:
        return own
    return Said(text=f"{origin}\n{own.text}")
