"""python-telegram-bot reads the same bytes, and must agree on who, where, what and which files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from deskcore.api import InboundChange, InboundMessage
from plugins.telegram.events import key_of, meaning

telegram = pytest.importorskip("telegram", reason="python-telegram-bot is in the extra “test”")

SAMPLES = {
    path.stem: path.read_bytes()
    for path in sorted((Path(__file__).parent / "samples").glob("*.json"))
}
# What has no words of its own is shown in ours, and so is what was forwarded or quoted.
_IN_OUR_WORDS = ("forwarded", "quote")


@pytest.mark.parametrize("name", SAMPLES)
def test_it_agrees(name: str) -> None:
    update = telegram.Update.de_json(json.loads(SAMPLES[name]), bot=None)
    assert update is not None
    their = update.message or update.edited_message
    for entry in meaning(SAMPLES[name], takes_groups=True):
        if isinstance(entry, InboundMessage) and not entry.is_auto:
            who = their.sender_chat or their.from_user
            assert int(entry.sender.value) == who.id
            assert entry.keys.own == key_of(their.chat.id, their.message_id)
            assert entry.sent_at == their.date
            assert [ref.ref for ref in entry.awaited] == files_of(their)
            if (their.text or their.caption) and not name.startswith(_IN_OUR_WORDS):
                plain = entry.text.replace(" (https://shop.example/o/17?a=1&b=2)", "")
                assert plain == (their.text or their.caption)
        elif isinstance(entry, InboundChange) and entry.kind == "edit":
            assert entry.target == key_of(their.chat.id, their.message_id)
            assert entry.at == their.edit_date
        elif isinstance(entry, InboundChange):
            reaction = update.message_reaction
            assert entry.target == key_of(reaction.chat.id, reaction.message_id)


@pytest.mark.parametrize("name", ["entities", "photo_caption"])
def test_it_finds_the_same_words_marked(name: str) -> None:
    their = telegram.Update.de_json(json.loads(SAMPLES[name]), bot=None).message
    marked = their.parse_entities() if their.text else their.parse_caption_entities()
    tags = {"bold": "b", "italic": "i", "strikethrough": "s", "text_link": "a"}
    [ours] = meaning(SAMPLES[name], takes_groups=False)
    assert isinstance(ours, InboundMessage)
    assert marked
    bare = ours.html.replace("<i>", "").replace("</i>", "")  # it stands inside of another
    for entity, words in marked.items():
        tag = tags[entity.type]
        in_tag = f">{words}</{tag}>" if tag != "i" else f"<i>{words}</i>"
        assert in_tag in (bare if tag != "i" else ours.html)


def files_of(message: object) -> list[str]:
    """List the file that Telegram keeps for a message, as far as bots may have it."""
    photo = getattr(message, "photo", ())
    named = ("animation", "audio", "document", "video", "video_note", "voice")
    single = [found for name in named if (found := getattr(message, name, None))][:1]
    found = single or list(photo[-1:])
    return [each.file_id for each in found if (each.file_size or 0) <= 20_000_000]
