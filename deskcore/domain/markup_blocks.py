"""Well-formed markup as a row of blocks: what stands on one line, and inside which elements.

Reads only the cleaner's normal form, in which every tag is balanced and every bracket escaped.
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass, field

MAX_TAGS = 100_000
MAX_DEPTH = 200
_TAG = re.compile(r"<(/?)([a-z][a-z0-9]*)[^<>]*>")
_VOID = frozenset({"br", "hr", "img", "col", "wbr"})
_INLINE = frozenset(
    """
    a abbr b bdi bdo big cite code del dfn em font i img ins kbd mark q rp rt ruby s samp small
    span strike strong sub sup time tt u var wbr
    """.split()
)
# Plain text spells out addresses and pictures that markup hides; they tell nothing apart.
_SPELT_OUT = re.compile(
    r"(?i)\b(?:https?://|www\.|mailto:)[^\s\u3000-\u9fff\uff00-\uffef]+"
    r"|\[(?:cid:|image|inline image)[^\]\n]{0,300}\]"
)
_CJK = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af"
# Letters and digits; scripts without blanks one by one; of the signs, pictures like smileys.
_WORD = re.compile(
    rf"[{_CJK}]|[^\W_{_CJK}]+"
    r"|[^\w\s\x00-\xbf\u2000-\u206f\u3000-\u303f\ue000-\uf8ff\ufe00-\ufe0f\ufeff]"
)
_RULE = re.compile(r"[-_=*─━\s]*")


@dataclass(eq=False, kw_only=True)
class Element:
    """An element with its opening tag as it was written."""

    name: str
    tag: str
    inside: Element | None
    depth: int
    is_empty: bool = True

    def path(self) -> list[Element]:
        """Return the elements from the outermost to this one."""
        found: list[Element] = []
        at: Element | None = self
        while at is not None:
            found.append(at)
            at = at.inside
        return found[::-1]


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """Text, a void element, or nothing at all: what keeps an empty element where it is."""

    raw: str
    inside: Element | None


@dataclass(kw_only=True)
class Block:
    """What stands on one line, and its words."""

    leaves: list[Leaf] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    text: str = ""
    is_picture: bool = False

    @property
    def is_solid(self) -> bool:
        """Whether there is anything to see but blanks and rules."""
        return self.is_picture or not _RULE.fullmatch(self.text)

    @property
    def is_blank(self) -> bool:
        """Whether this is only an empty line."""
        nothing = not self.text.strip() and not self.is_picture
        return nothing and not self.leaves[0].raw.startswith("<hr")

    @property
    def is_signature_mark(self) -> bool:
        """Whether this is the line above a signature."""
        return self.text.strip() in {"--", "—"}


def words_of(text: str) -> list[str]:
    """Return the words of plain text, by which it is compared with markup."""
    return [word.casefold() for word in _WORD.findall(_SPELT_OUT.sub(" ", text))]


def blocks_of(markup: str) -> list[Block]:
    """Cut well-formed markup into blocks; none when it is too deep or has too many tags."""
    reader = _Reader()
    position = 0
    for count, match in enumerate(_TAG.finditer(markup)):
        if count > MAX_TAGS or reader.is_too_deep:
            return []
        reader.add(markup[position : match.start()])
        reader.take(match.group(), match.group(2), is_end=bool(match.group(1)))
        position = match.end()
    reader.add(markup[position:])
    reader.end_block()
    return reader.blocks


def outermost_quote(block: Block) -> Element | None:
    """Return the outermost ``blockquote`` a block stands in."""
    inside = block.leaves[0].inside
    path = inside.path() if inside else []
    return next((element for element in path if element.name == "blockquote"), None)


class _Reader:
    """Walks along the tags and gathers what stands between them."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self._inside: Element | None = None
        self._block = Block()
        self._said: list[str] = []

    @property
    def is_too_deep(self) -> bool:
        return self._inside is not None and self._inside.depth > MAX_DEPTH

    def add(self, raw: str) -> None:
        """Add a piece of text, or the void element that *raw* is, to the block."""
        if not raw:
            return
        self._keep(raw)
        if not raw.startswith("<"):
            self._said.append(raw)

    def take(self, tag: str, name: str, *, is_end: bool) -> None:
        """Go over one tag; those that begin a new line end the block."""
        if name in _VOID:
            self._take_void(tag, name)
            return
        if is_end and self._inside is not None:
            if self._inside.is_empty:
                self._keep("")
            self._inside = self._inside.inside
        if name not in _INLINE:
            self.end_block()
        if not is_end:
            depth = self._inside.depth + 1 if self._inside else 1
            self._inside = Element(name=name, tag=tag, inside=self._inside, depth=depth)

    def end_block(self) -> None:
        """Close the line; its words are read when it is whole."""
        if self._block.leaves:
            self._block.text = entities.unescape("".join(self._said))
            self._block.words = words_of(self._block.text)
            self.blocks.append(self._block)
        self._block = Block()
        self._said = []

    def _take_void(self, tag: str, name: str) -> None:
        if name == "hr":
            self.end_block()
        self.add(tag)
        self._block.is_picture = self._block.is_picture or name == "img"
        if name in {"hr", "br"}:
            self.end_block()

    def _keep(self, raw: str) -> None:
        self._block.leaves.append(Leaf(raw=raw, inside=self._inside))
        at = self._inside
        while at is not None and at.is_empty:
            at.is_empty = False
            at = at.inside
