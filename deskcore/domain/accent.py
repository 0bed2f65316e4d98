"""An owner chooses a hue and how strong it is; the lightness is worked out, so it is always legible.

Every pair of colours that the desk's pages put together reaches what WCAG 2.2 AA asks for
(4.5 for words, 3 for what tells a control), and for readers who want more contrast AAA (7) and 4.5.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType
from typing import Literal

from deskcore.domain.colours import Oklch, contrast, to_hex

Scheme = Literal["light", "dark"]
Level = Literal["normal", "more"]
SCHEMES: tuple[Scheme, ...] = ("light", "dark")
LEVELS: tuple[Level, ...] = ("normal", "more")
STRONGEST = 0.25  # chroma: no screen shows more of it at these lightnesses

_WORDS: Mapping[Level, float] = {"normal": 4.5, "more": 7.0}
_MARKS: Mapping[Level, float] = {"normal": 3.0, "more": 4.5}

GROUNDS = ("canvas", "surface", "raised", "sunken", "hover", "accent-tint", "selected")
SOLVED = (
    "accent",
    "accent-hover",
    "accent-text",
    "accent-tint",
    "selected",
    "on-accent",
    "on-inverse-accent",
)
# What pages write, and on what: (colour, those behind it).
_WRITTEN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("text", (*GROUNDS, "note-bg")),
    ("text-2", (*GROUNDS, "note-bg")),
    ("text-3", (*GROUNDS, "note-bg")),
    ("accent-text", (*GROUNDS, "note-bg")),
    ("on-accent", ("accent", "accent-hover")),
    ("on-inverse", ("inverse",)),
    ("on-inverse-accent", ("inverse",)),
    ("note-text", ("note-bg",)),
    ("on-note", ("note-solid", "note-text")),
    ("ok-text", ("ok-bg", "surface", "canvas")),
    ("warn-text", ("warn-bg", "surface", "canvas")),
    ("bad-text", ("bad-bg", "surface", "canvas", "hover")),
    ("info-text", ("info-bg", "surface", "canvas")),
    ("on-ok", ("ok-solid",)),
    ("on-warn", ("warn-solid",)),
    ("on-bad", ("bad-solid", "bad-text")),
    ("on-info", ("info-solid",)),
)
# What tells a control or a state from what is around it.
_DRAWN: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("accent", GROUNDS),
    ("focus", (*GROUNDS, "note-bg")),
    ("line-control", ("canvas", "surface", "raised", "sunken", "hover", "selected")),
    ("note-solid", ("note-bg",)),
)


@dataclass(frozen=True, kw_only=True)
class Pair:
    """Two colours that stand on one another, by name, and the contrast they need."""

    front: str
    back: str
    needed: float


@dataclass(frozen=True, kw_only=True)
class _Wish:
    """Where the search for each colour begins in one scheme; ``step`` leads away from the ground.

    A share is that part of the owner's chroma: tints have little of it.
    """

    step: float
    accent: float
    text: float
    hover: float
    tint: float
    selected: float
    tint_share: float
    strong_share: float
    on_inverse: float


_WISHES: Mapping[Scheme, _Wish] = {
    "light": _Wish(
        step=-0.005, accent=0.47, text=0.431, hover=-0.06, tint=0.956, selected=0.945,
        tint_share=0.23, strong_share=0.8, on_inverse=0.84,
    ),
    "dark": _Wish(
        step=0.005, accent=0.78, text=0.82, hover=0.06, tint=0.29, selected=0.302,
        tint_share=0.32, strong_share=1.0, on_inverse=0.431,
    ),
}  # fmt: skip


@lru_cache(maxsize=8)
def pairs(level: Level) -> tuple[Pair, ...]:
    """Return every pair that pages put together, with what it needs at this level."""
    written = (
        Pair(front=front, back=back, needed=_WORDS[level])
        for front, backs in _WRITTEN
        for back in backs
    )
    drawn = (
        Pair(front=front, back=back, needed=_MARKS[level])
        for front, backs in _DRAWN
        for back in backs
    )
    return (*written, *drawn)


def failing(colours: Mapping[str, str], level: Level) -> list[Pair]:
    """Return the pairs of these colours (by name, in hex) that are too close to one another."""
    return [
        pair
        for pair in pairs(level)
        if pair.front in colours
        and pair.back in colours
        and contrast(colours[pair.front], colours[pair.back]) < pair.needed
    ]


def solve(
    hue: float, chroma: float, *, scheme: Scheme, level: Level, around: Mapping[str, str]
) -> Mapping[str, str]:
    """Work out the colours of ``SOLVED``, by name and in hex.

    *around* are the colours they will stand among, by name: at least the first five ``GROUNDS``,
    the three of text, ``inverse``, ``focus`` and ``note-bg``. Where those leave no room, because
    a theme's own are too close to one another, the result is the best there is.
    """
    key = tuple(sorted(around.items()))
    return _solved(hue % 360, min(max(chroma, 0.0), STRONGEST), scheme, level, key)


@lru_cache(maxsize=256)
def _solved(
    hue: float, chroma: float, scheme: Scheme, level: Level, key: tuple[tuple[str, str], ...]
) -> Mapping[str, str]:
    wish, found = _WISHES[scheme], dict(key)
    strong, pale = chroma * wish.strong_share, chroma * wish.tint_share

    def search(name: str, begin: float, step: float, chroma: float) -> float:
        """Take the first lightness at which *name* is far enough from all that it meets."""
        lightness = begin
        for lightness in _lightnesses(begin, step):
            found[name] = to_hex(Oklch(lightness=lightness, chroma=chroma, hue=hue))
            if not _fails(found, name, level):
                break
        return lightness

    # Tints first, away from what is written on them; then what stands on them.
    search("accent-tint", wish.tint, -wish.step, pale)
    search("selected", wish.selected, -wish.step, pale)
    dark_label = to_hex(Oklch(lightness=0.2, chroma=pale, hue=hue))
    found["on-accent"] = "#ffffff" if scheme == "light" else dark_label
    hovered = search("accent", wish.accent, wish.step, strong) + wish.hover
    found["accent-hover"] = to_hex(Oklch(lightness=hovered, chroma=strong, hue=hue))
    search("accent-text", wish.text, wish.step, strong)
    search("on-inverse-accent", wish.on_inverse, -wish.step, strong)
    return MappingProxyType({name: found[name] for name in SOLVED})


def _lightnesses(begin: float, step: float) -> Iterator[float]:
    """Walk from *begin* to black or to white, the end included."""
    end = 0.0 if step < 0 else 1.0
    for times in range(round(abs(end - begin) / abs(step)) + 1):
        yield begin + times * step
    yield end


def _fails(colours: Mapping[str, str], name: str, level: Level) -> bool:
    """Whether *name* is too close to something; what is not known yet is passed over."""
    return any(
        contrast(colours[pair.front], colours[pair.back]) < pair.needed
        for pair in _meeting(name, level)
        if pair.front in colours and pair.back in colours
    )


@lru_cache(maxsize=64)
def _meeting(name: str, level: Level) -> tuple[Pair, ...]:
    return tuple(pair for pair in pairs(level) if name in {pair.front, pair.back})
