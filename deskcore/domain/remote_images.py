"""Pictures that a message does not bring along but names on the web: which, and what they are."""

from __future__ import annotations

import html as entities
import re

from deskcore.domain import html

# Counted in what the sender wrote, in linear time, for every message that comes: a hint for the
# reader. Which pictures there really are is asked of the cleaner's own view of the markup.
_COMMENT = re.compile(r"<!--(?:[^-]|-(?!->))*(?:-->|\Z)")
_NAMED = re.compile(
    r"""(?i)<img\s(?:[^<>"']|"[^"<]*"|'[^'<]*')*?(?<=[\s"'])src\s*=\s*["']?\s*(?:https?:|//)"""
)
_IMAGE = re.compile(r'<img((?: [a-z]+="[^"]*")*)')
_ATTRIBUTE = re.compile(r' ([a-z]+)="([^"]*)"')
_INVISIBLE = frozenset({"0", "1", "0px", "1px"})
_KINDS = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)


def count(markup: str) -> int:
    """Return about how many pictures of *markup* lie elsewhere."""
    return len(_NAMED.findall(_COMMENT.sub("", markup))) if "<" in markup else 0


def addresses(markup: str) -> list[str]:
    """Return where the pictures of *markup* lie, each once, in its order.

    Those of one dot are left out: they show nothing and only tell that somebody looked.
    """
    found: dict[str, None] = {}
    for image in _IMAGE.findall(html.normal_form(markup)):
        told = {name: entities.unescape(value) for name, value in _ATTRIBUTE.findall(image)}
        address = told.get("src", "").strip()
        if html.is_remote(address) and not {told.get("width"), told.get("height")} <= _INVISIBLE:
            found[address] = None
    return list(found)


def kind_of(content: bytes) -> str:
    """Return what kind of picture *content* begins like; empty for all but those shown."""
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    return next((kind for start, kind in _KINDS if content.startswith(start)), "")
