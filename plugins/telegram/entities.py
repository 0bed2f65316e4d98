"""Formatted text: offsets count UTF-16 units, as Telegram's do; what comes out is safe HTML.

Spans may lie in one another. One that fits nowhere is left out, and its words stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from plugins.telegram.fields import Fields, clean, raw_text, text, whole

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "expandable_blockquote": "blockquote",
    "text_link": "a",
}
_SCHEMES = ("https://", "http://", "mailto:", "tel:")
_SECOND_HALVES = (b"\xdc", b"\xdd", b"\xde", b"\xdf")  # of low surrogates, in the higher byte
_MOST = 200  # Telegram gives 100 at most


@dataclass(frozen=True, kw_only=True)
class Said:
    """Words, and their markup; without any there is no HTML."""

    text: str = ""
    html: str = ""


@dataclass(frozen=True, kw_only=True)
class _Span:
    start: int
    end: int
    tag: str
    link: str = ""

    @property
    def opening(self) -> str:
        return f'<a href="{escape(self.link)}">' if self.link else f"<{self.tag}>"


def said(words: str, entities: Iterable[Fields]) -> Said:
    """Return *words* as text, with the addresses that only a tap would show, and as HTML."""
    units = words.encode("utf-16-le", "surrogatepass")
    spans = sorted(_spans(units, entities), key=lambda each: (each.start, -each.end))
    plain = clean("".join(_plain(units, spans)))
    return Said(text=plain, html="".join(_marked(units, spans)) if spans else "")


def _tears(units: bytes, *places: int) -> bool:
    """Whether one of the places lies inside of a letter that takes two units."""
    return any(units[2 * place + 1 : 2 * place + 2] in _SECOND_HALVES for place in places)


def _spans(units: bytes, entities: Iterable[Fields]) -> Iterator[_Span]:
    length = len(units) // 2
    for _count, each in zip(range(_MOST), entities, strict=False):
        start, size = whole(each, "offset"), whole(each, "length")
        tag = _TAGS.get(raw_text(each, "type"), "")
        link = text(each, "url") if tag == "a" else ""
        if start is None or size is None or not tag or start < 0 or size <= 0:
            continue
        if start + size > length or _tears(units, start, start + size):
            continue
        if tag == "a" and not link.startswith(_SCHEMES):
            continue
        yield _Span(start=start, end=start + size, tag=tag, link=link)


def _plain(units: bytes, spans: list[_Span]) -> Iterator[str]:
    """Give the words, and behind those that hide an address that address."""
    place = 0
    for span in sorted(spans, key=lambda each: each.end):
        shown = _slice(units, span.start, span.end)
        if span.link and span.link not in shown:
            yield _slice(units, place, span.end)
            yield f" ({span.link})"
            place = span.end
    yield _slice(units, place, len(units) // 2)


def _marked(units: bytes, spans: list[_Span]) -> Iterator[str]:
    """Give the words with their marks; one that crosses another is closed and opened again."""
    stops = sorted({0, len(units) // 2, *(s.start for s in spans), *(s.end for s in spans)})
    is_open: list[_Span] = []
    for place, until in zip(stops, [*stops[1:], stops[-1]], strict=True):
        staying = [span for span in is_open if span.end > place]
        kept = next((i for i, span in enumerate(is_open) if span.end <= place), len(is_open))
        yield from (f"</{span.tag}>" for span in reversed(is_open[kept:]))
        starting = [span for span in spans if span.start == place]
        yield from (span.opening for span in [*staying[kept:], *starting])
        is_open = [*staying, *starting]
        yield escape(clean(_slice(units, place, until))).replace("\n", "<br>")
    yield from (f"</{span.tag}>" for span in reversed(is_open))


def _slice(units: bytes, start: int, end: int) -> str:
    return units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass")
