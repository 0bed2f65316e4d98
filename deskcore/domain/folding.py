"""Fold the HTML of a message where its text was folded: one judgement for both.

The channel has split a message's words into ``visible`` and ``quoted``; this finds the same words
in its markup and takes it apart into two halves. Works on what the sender wrote, before cleaning;
each half is cleaned like any markup, so a fold is no second door. Whatever is unsure stays whole.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from deskcore.domain import html
from deskcore.domain.markup_blocks import Block, Element, blocks_of, outermost_quote, words_of
from deskcore.domain.word_trail import Trail

MAX_WORDS = 40_000
_MOSTLY = 0.6  # of a block's words, to say whose it is
_UNEXPLAINED = 0.2  # of the folded words may be words that the folded text does not have
_UNSEEN = 0.5  # of the visible words may be missing from the visible half


@dataclass(frozen=True, kw_only=True)
class Halves:
    """Untrusted markup in two halves; every word and picture is in one. ``quoted`` may be empty."""

    said: str
    quoted: str = ""


def fold(markup: str, *, visible: str, quoted: str) -> Halves:
    """Take *markup* apart as the text was: what was said, and what is folded below it.

    All of it is said where nothing is quoted, where the words of the markup do not tell the two
    apart, or where folding would leave nothing.
    """
    whole = Halves(said=markup)
    said, rest = words_of(visible), words_of(quoted)
    if not rest or len(said) + len(rest) > MAX_WORDS:
        return whole
    blocks = blocks_of(html.normal_form(markup))
    if sum(len(block.words) for block in blocks) > MAX_WORDS:
        return whole
    folded = _settled(blocks, _compared(blocks, Trail(said), Trail(rest)))
    if not _is_sure(blocks, folded, said, rest):
        return whole
    return Halves(said=_half(blocks, folded, of=False), quoted=_half(blocks, folded, of=True))


def _compared(blocks: Iterable[Block], said: Trail, rest: Trail) -> list[bool | None]:
    """Say of each block whether its words come next in the folded text; None when they do not tell.

    Both texts are read from the front: a word alone may stand in either, its place in order not.
    """
    folded: list[bool | None] = []
    now = False
    for block in blocks:
        here, there = said.match(block.words), rest.match(block.words)
        best = max(here, there, key=lambda match: (match.hits, -match.skipped))
        if not block.words or best.hits < _MOSTLY * len(block.words):
            # Cells side by side come in another order in the text; what all stands in the quote
            # and follows it is more of the quote.
            folded.append(True if now and block.words and rest.has_all(block.words) else None)
            continue
        if (here.hits, here.skipped) != (there.hits, there.skipped):
            now = best is there
        if now:
            rest.go_to(there)
        else:
            said.go_to(here)
        folded.append(now)
    return folded


def _settled(blocks: Sequence[Block], folded: Sequence[bool | None]) -> list[bool]:
    """Decide what stands between the decided blocks: blanks, rules, pictures, unknown words."""
    settled = [bool(one) for one in folded]
    known = [-1, *(at for at, one in enumerate(folded) if one is not None), len(blocks)]
    for left, right in pairwise(known):
        before = left >= 0 and settled[left]
        after = right < len(blocks) and settled[right]
        between = range(left + 1, right)
        if before and after:
            quoted: Iterable[int] = between
        elif after:
            quoted = range(_last_said(blocks, between) + 1, right)
        elif before:
            at_end = right == len(blocks)
            quoted = range(left + 1, _first_said(blocks, between, blocks[left] if at_end else None))
        else:
            quoted = ()
        for at in quoted:
            settled[at] = True
    return settled


def _last_said(blocks: Sequence[Block], between: range) -> int:
    """Find the last block before a quote that somebody may have written; rules go with the quote."""
    last = between.start - 1
    for at in between:
        if blocks[at].is_signature_mark:
            break
        if blocks[at].is_solid:
            last = at
    return last


def _first_said(blocks: Sequence[Block], between: range, quote: Block | None) -> int:
    """Find the first block behind a quote that is not its own.

    At the end of the message (*quote* is the last quoted block) a picture is still part of it,
    unless the quote has an element of its own that ended before.
    """
    for at in between:
        block = blocks[at]
        if not block.is_solid:
            continue
        if block.is_picture and quote and outermost_quote(block) is outermost_quote(quote):
            continue
        return at
    return between.stop


def _is_sure(
    blocks: Sequence[Block], folded: Sequence[bool], said: Sequence[str], rest: Sequence[str]
) -> bool:
    """Whether the halves hold what they should: nothing somebody said is in the folded one."""
    shown: Counter[str] = Counter()
    hidden: Counter[str] = Counter()
    for block, is_folded in zip(blocks, folded, strict=True):
        (hidden if is_folded else shown).update(block.words)
    unseen, unexplained = Counter(said) - shown, hidden - Counter(rest)
    return (
        hidden.total() > 0
        and not unseen & unexplained
        and unseen.total() <= _UNSEEN * len(said)
        and unexplained.total() <= _UNEXPLAINED * hidden.total()
        and any(block.is_solid for block, hides in zip(blocks, folded, strict=True) if not hides)
    )


def _half(blocks: Sequence[Block], folded: Sequence[bool], *, of: bool) -> str:
    """Write the blocks of one half, each inside copies of the elements that it stood in."""
    out: list[str] = []
    opened: list[Element] = []
    for block, is_folded in zip(blocks, folded, strict=True):
        # The empty lines between the two halves are in neither: the fold has room of its own.
        if is_folded is not of or (of and not out and block.is_blank):
            continue
        for leaf in block.leaves:
            path = leaf.inside.path() if leaf.inside else []
            same = _shared(opened, path)
            out.extend(f"</{element.name}>" for element in reversed(opened[same:]))
            out.extend(element.tag for element in path[same:])
            out.append(leaf.raw)
            opened = path
    out.extend(f"</{element.name}>" for element in reversed(opened))
    return "".join(out)


def _shared(one: Sequence[Element], other: Sequence[Element]) -> int:
    """Count the elements both paths begin with."""
    return next(_differences(one, other), min(len(one), len(other)))


def _differences(one: Sequence[Element], other: Sequence[Element]) -> Iterator[int]:
    pairs = zip(one, other, strict=False)
    return (at for at, (mine, yours) in enumerate(pairs) if mine is not yours)
