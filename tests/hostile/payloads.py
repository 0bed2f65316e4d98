"""Hostile markup of our own making, by technique; each is seen to act before it counts.

In a payload ``«J»`` is the attacker's script, ``«U»`` an address of another machine, ``«O»`` one of
the desk itself; ``⟦…⟧`` is written as base64. Whatever reaches one of them names the payload.
"""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from tests.hostile import (
    payloads_asleep,
    payloads_of_htmx,
    payloads_of_parsers,
    payloads_that_load,
    payloads_that_run,
)

TECHNIQUES: dict[str, list[str]] = {
    **payloads_that_run.TECHNIQUES,
    **payloads_that_load.TECHNIQUES,
    **payloads_of_parsers.TECHNIQUES,
    **payloads_of_htmx.TECHNIQUES,
}
# Written for other browsers, other releases or other libraries: nothing here stirs in today's
# Chromium. They go the same way and do not count.
ASLEEP: dict[str, list[str]] = {
    "asleep": [*payloads_of_parsers.ASLEEP, *payloads_of_htmx.ASLEEP, *payloads_that_run.ASLEEP]
}
CHARSETS = {"utf-16": "utf-16", "iso-2022-jp": "iso-2022-jp"}
_BASE64 = re.compile("⟦(.*?)⟧", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Payload:
    """One piece of hostile markup and the name under which it is known when it acts."""

    id: str
    technique: str
    pattern: str
    is_live: bool = True

    @property
    def charset(self) -> str:
        """In what it is written."""
        return next((name for name in CHARSETS if self.technique.startswith(name)), "utf-8")

    def aimed_at(self, outside: str) -> str:
        """Return the markup with *outside*, another machine's address, filled in."""
        text = self.pattern.replace("«J»", f"__hit('{self.id}')").replace("«I»", self.id)
        text = text.replace("«K»", f"__hit(`{self.id}`)").replace("«U»", f"{outside}/hit/{self.id}")
        text = text.replace("«O»", f"/hit/{self.id}")
        return _BASE64.sub(lambda found: base64.b64encode(found[1].encode()).decode(), text)

    def encoded(self, outside: str, *, before: str = "") -> bytes:
        """Return it as the bytes of a file or of a part of a mail, with some markup before it."""
        text = before + self.aimed_at(outside)
        if self.charset == "iso-2022-jp":
            return text.encode("latin-1")  # the escapes stand in the pattern itself
        return text.encode(self.charset)


def every() -> Iterator[Payload]:
    """Give every payload, those that sleep last."""
    number = 0
    for is_live, techniques in ((True, TECHNIQUES), (False, ASLEEP)):
        for technique, patterns in techniques.items():
            for pattern in dict.fromkeys(patterns):
                number += 1
                yield Payload(
                    id=f"p{number:03}x",
                    technique=technique,
                    pattern=pattern,
                    is_live=is_live and pattern not in payloads_asleep.ASLEEP,
                )


def some_of_each(count: int) -> list[Payload]:
    """Give the first *count* of each technique that act."""
    taken = Counter[str]()
    chosen = []
    for payload in every():
        taken[payload.technique] += payload.is_live
        if payload.is_live and taken[payload.technique] <= count:
            chosen.append(payload)
    return chosen
