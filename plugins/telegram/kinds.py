"""What a message holds besides text, in words: one line for people to read.

The signs say in any language what it is; the file itself follows where there is one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from plugins.telegram.fields import Fields, number, part, parts, text, whole

_MOST_LINES = 50
_MAP = "www.openstreetmap.org"  # where an agent may follow a place to; the desk asks nothing there


def words_of(message: Fields) -> str:
    """Say what is in a message that has no text of its own; empty when nothing is known to be."""
    for name, say in _WORDS.items():
        if name in message:
            return say(part(message, name)).strip()
    return "🖼 Photo" if parts(message, "photo") else ""


def _voice(it: Fields) -> str:
    return f"🎤 Voice message{_length(it)}"


def _video(it: Fields) -> str:
    return f"🎬 Video{_length(it)}"


def _animation(it: Fields) -> str:
    return f"🎞 Animation{_length(it)}"


def _audio(it: Fields) -> str:
    named = " – ".join(name for name in (text(it, "performer"), text(it, "title")) if name)
    return f"🎵 {named or text(it, 'file_name') or 'Audio'}{_length(it)}"


def _document(it: Fields) -> str:
    return f"📎 {text(it, 'file_name') or 'File'}"


def _sticker(it: Fields) -> str:
    return f"{text(it, 'emoji') or '🙂'} Sticker"


def _location(it: Fields) -> str:
    latitude, longitude = number(it, "latitude"), number(it, "longitude")
    if latitude is None or longitude is None:
        return "📍 Location"
    where = f"mlat={latitude:.6f}&mlon={longitude:.6f}"
    kind = "Live location" if whole(it, "live_period") else "Location"
    return f"📍 {kind}: {latitude:.6f}, {longitude:.6f}\nhttps://{_MAP}/?{where}#map=17"


def _venue(it: Fields) -> str:
    named = ", ".join(word for word in (text(it, "title"), text(it, "address")) if word)
    return f"🏠 {named}\n{_location(part(it, 'location'))}"


def _contact(it: Fields) -> str:
    return f"👤 {person(it)}, {text(it, 'phone_number')}".rstrip(", ")


def _poll(it: Fields) -> str:
    options = [f"– {text(each, 'text')}" for each in parts(it, "options")[:_MOST_LINES]]
    return "\n".join([f"📊 {text(it, 'question')}", *options])


def _checklist(it: Fields) -> str:
    tasks = [
        f"{'☑' if whole(each, 'completion_date') else '☐'} {text(each, 'text')}"
        for each in parts(it, "tasks")[:_MOST_LINES]
    ]
    return "\n".join([f"📋 {text(it, 'title')}", *tasks])


def _dice(it: Fields) -> str:
    return f"{text(it, 'emoji') or '🎲'} {whole(it, 'value') or '?'}"


def _payment(it: Fields) -> str:
    amount = whole(it, "total_amount")
    # In the smallest unit of the currency, as Telegram counts; how many make one depends on it.
    return f"💳 Payment: {amount if amount is not None else '?'} × smallest unit of {text(it, 'currency') or '?'}"


def _invoice(it: Fields) -> str:
    return f"🧾 {text(it, 'title') or 'Invoice'}"


def _web_app(it: Fields) -> str:
    return text(it, "data")


def _gift(_it: Fields) -> str:
    return "🎁 Gift"


def _plain(words: str) -> Callable[[Fields], str]:
    return lambda _it: words


def _length(it: Fields) -> str:
    seconds = whole(it, "duration")
    return f" ({seconds // 60}:{seconds % 60:02})" if seconds and seconds > 0 else ""


def person(it: Fields) -> str:
    """Return what somebody is called: their names, else the name of their account."""
    names = " ".join(name for name in (text(it, "first_name"), text(it, "last_name")) if name)
    account = text(it, "username")
    return names or text(it, "title") or (f"@{account}" if account else "")


def forwarded(message: Fields) -> str:
    """Say whose message it was before it was forwarded; empty for one that was not."""
    origin = part(message, "forward_origin")
    if not origin:
        return ""
    whom = (
        person(part(origin, "sender_user"))
        or text(origin, "sender_user_name")
        or person(part(origin, "sender_chat"))
        or person(part(origin, "chat"))
    )
    return f"↪ {whom}" if whom else "↪"


# In the order of looking: an animation is a document, too, and a venue has its location.
_WORDS: Mapping[str, Callable[[Fields], str]] = {
    "animation": _animation,
    "audio": _audio,
    "document": _document,
    "video": _video,
    "video_note": _video,
    "voice": _voice,
    "sticker": _sticker,
    "venue": _venue,
    "location": _location,
    "contact": _contact,
    "poll": _poll,
    "checklist": _checklist,
    "dice": _dice,
    "game": lambda it: f"🎮 {text(it, 'title')}",
    "invoice": _invoice,
    "successful_payment": _payment,
    "refunded_payment": _payment,
    "web_app_data": _web_app,
    "gift": _gift,
    "unique_gift": _gift,
    "story": _plain("📖 Story"),
    "paid_media": _plain("⭐ Paid media"),
    "giveaway": _plain("🎁 Giveaway"),
    "passport_data": _plain("🪪 Telegram Passport"),
    "users_shared": _plain("👥 People"),
    "chat_shared": _plain("👥 Chat"),
}
