"""The conversations that speed is measured on: those of ``desk demo``, as mail really looks.

30 % of the customers' mails are HTML that carries the mail before it as a quote, 10 % bring a
file. Everything follows from fixed seeds.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from html import escape

from deskcore.cli.demo_bulk import PLANTED, SEED, bulk_stories
from deskcore.domain.messages import InboundFile
from deskcore.samples.stories import Said, Story

HTML_SHARE = 0.3
FILES_SHARE = 0.1
RARE, ONE_PERCENT = sorted(PLANTED, key=lambda word: -PLANTED[word][0])
COMMON = "order"
_FILES = tuple(
    InboundFile(
        filename=f"receipt-{number}.pdf",
        content_type="application/pdf",
        content=b"%PDF-1.4\n" + bytes([number]) * 8_000,
    )
    for number in range(20)
)


def furnished_stories(count: int, now: datetime) -> Iterator[Story]:
    """Tell *count* stories whose customers use mail programs."""
    rng = random.Random(SEED)
    for story in bulk_stories(count, now):
        said = []
        for place, each in enumerate(story.said):
            before = story.said[place - 1] if place else None
            said.append(_mailed(rng, each, before) if each.kind == "customer" else each)
        yield replace(story, said=tuple(said))


def html_mail(said: Said, before: Said | None) -> str:
    """Write a mail as a common mail program does, the one before it quoted below."""
    quote = ""
    if before is not None:
        quote = (
            f'<div class="gmail_quote"><div dir="ltr" class="gmail_attr">On {before.at:%d %b %Y},'
            f' Support wrote:<br></div><blockquote class="gmail_quote" style="margin:0 0 0 .8ex;'
            f'border-left:1px #ccc solid;padding-left:1ex">{_paragraphs(before.text)}</blockquote>'
            "</div>"
        )
    return f'<div dir="ltr">{_paragraphs(said.text)}</div>{quote}'


def quoted(before: Said | None) -> str:
    """Write the mail before as the text of a quote."""
    if before is None:
        return ""
    lines = "\n".join(f"> {line}" for line in before.text.splitlines())
    return f"On {before.at:%d %b %Y}, Support wrote:\n{lines}"


def _mailed(rng: random.Random, said: Said, before: Said | None) -> Said:
    if rng.random() < HTML_SHARE:
        said = replace(said, html=html_mail(said, before), quoted=quoted(before))
    if rng.random() < FILES_SHARE:
        said = replace(said, files=(rng.choice(_FILES),))
    return said


def _paragraphs(text: str) -> str:
    return "".join(
        f'<p style="margin:0 0 1em;font-family:Calibri,sans-serif">{escape(part)}</p>'
        for part in text.split("\n\n")
    )
