"""The sample shop's tickets: told in ``stories.toml``, given names, goods and times here."""

from __future__ import annotations

import random
import struct
import tomllib
import zlib
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from html import escape
from pathlib import Path
from typing import Literal, TypedDict

from deskcore.domain.messages import InboundFile
from deskcore.samples.stories import Said, Story, Writer

SEED = 20_261_121
_FILE = Path(__file__).parent / "stories.toml"
_KINDS: Mapping[str, Literal["customer", "agent", "note"]] = {
    "c": "customer",
    "a": "agent",
    "n": "note",
}
_DAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "cs": ("pondělí", "úterý", "pátek"),  # those that go with "v"
    "ru": ("понедельник", "среду", "четверг", "пятницу"),  # those that go with "в"
}
_PRICES = {"en": "£{}.90", "cs": "{}0 Kč", "ru": "{} €"}
_FRESH = {"open": 3, "waiting_customer": 6, "waiting_others": 9, "solved": 45}  # days at most


class _Told(TypedDict, total=False):
    """One story as the file tells it."""

    subject: str
    status: str
    said: list[str]
    tags: list[str]
    html: bool
    file: str
    spam: bool
    sender: list[str]


class _Language(TypedDict):
    """What the file holds for one language."""

    products: list[str]
    people: list[list[str]]
    stories: list[_Told]


def shop_stories(count: int, now: datetime) -> Iterator[Story]:
    """Tell *count* stories, the three languages in turn; the same every time but for *now*."""
    shop: dict[str, _Language] = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    rng = random.Random(SEED)  # noqa: S311  sample data, not secrets
    languages = sorted(shop)
    for place in range(count):
        language = languages[place % len(languages)]
        turn = place // len(languages)
        stories = shop[language]["stories"]
        # Each language begins elsewhere, so that neighbours do not tell the same.
        told = stories[(turn + 3 * (place % len(languages))) % len(stories)]
        people = shop[language]["people"]
        person = told.get("sender") or people[(turn * 3 + turn // len(stories)) % len(people)]
        writer = Writer(name=person[0], address=person[1], company=person[2], language=language)
        yield _tell(told, writer, shop[language]["products"], rng, now, place)


def _tell(
    told: _Told,
    writer: Writer,
    products: list[str],
    rng: random.Random,
    now: datetime,
    place: int,
) -> Story:
    status = told["status"]
    words = {
        "order": str(rng.randint(10_200, 10_990)),
        "product": rng.choice(products),
        "price": _PRICES[writer.language].format(rng.randint(14, 89)),
        "day": rng.choice(_DAYS[writer.language]),
    }
    lasts = timedelta(hours=2) * len(told["said"])
    at = now - lasts - timedelta(minutes=rng.randint(7, _FRESH[status] * 1440))
    said: list[Said] = []
    for line in told["said"]:
        text = line[2:].format(**words)
        first = not said
        said.append(
            Said(
                kind=_KINDS[line[0]],
                text=text,
                at=at,
                html=_html(text) if first and told.get("html") else "",
                files=_files(told.get("file", ""), words["order"]) if first else (),
            )
        )
        at += timedelta(minutes=rng.randint(9, 110))
    is_taken = len(said) > 1 or rng.random() < 0.2  # noqa: PLR2004  a few are taken, not answered
    return Story(
        writer=writer,
        subject=told["subject"].format(**words),
        said=tuple(said),
        status=status,
        mailbox=1 if {"invoice", "faktura", "счёт"} & set(told.get("tags", [])) else 0,
        agent=place if is_taken and not told.get("spam") else None,
        tags=tuple(told.get("tags", ())),
        is_spam=told.get("spam", False),
    )


def _html(text: str) -> str:
    paragraphs = "".join(
        f"<p>{escape(part).replace(chr(10), '<br>')}</p>" for part in text.split("\n\n")
    )
    return f'<html><body style="font-family: Georgia, serif">{paragraphs}</body></html>'


def _files(kind: str, order: str) -> tuple[InboundFile, ...]:
    if kind == "picture":
        return (InboundFile(filename="IMG_2041.png", content_type="image/png", content=_picture()),)
    if kind == "paper":
        text = f"Order {order}\nOne teapot, two cups.\n"
        return (
            InboundFile(filename=f"{order}.txt", content_type="text/plain", content=text.encode()),
        )
    return ()


def _picture(width: int = 320, height: int = 200) -> bytes:
    """Paint a brown pot on a light table, as a small PNG."""
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        for x in range(width):
            is_pot = (x - 160) ** 2 / 70**2 + (y - 110) ** 2 / 55**2 < 1
            is_crack = is_pot and abs((x - 130) - (y - 70) // 2) < 2  # noqa: PLR2004  two dots wide
            rows += b"\x3a\x22\x12" if is_crack else b"\x8a\x5a\x32" if is_pot else b"\xee\xe6\xda"
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts
    )
