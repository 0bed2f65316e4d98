"""Header values in the one form that any mail program reads back the same.

Made here, not by the standard library: on some Python releases it writes an encoded word of a
customer out as a header of its own (CVE-2024-6923), and it encodes long Message-IDs.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable

from deskcore.api import Address, _
from deskcore.plugin import Refused

MAX_TEXT, MAX_NAME = 500, 200
# RFC 2047: an encoded word has at most 75 characters and does not split a letter. 39 bytes make
# 64, which leaves room for the header's name on the first line.
_BYTES_A_WORD = 39
_LONGEST_PLAIN_LINE = 60
_ID = re.compile(r"[!-;=?-~]{1,900}")
_LOCAL = re.compile(r"[^\x00-\x20\x7f<>,;:()\[\]\\\"@]+")
_DOMAIN = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|\[[0-9A-Fa-f.:]+\]")
_REMOVED = {"Cc", "Zl", "Zp", "Cs"}


def clean_text(value: str, limit: int = MAX_TEXT) -> str:
    """Make text fit for a header: one line, no controls, and no encoded word of somebody else.

    Runs of blanks become one, as folding would do; ``=?`` is broken by a blank.
    """
    blanks = "".join(" " if ch in "\t\r\n\v\f\u2028\u2029\x85" else ch for ch in value)
    kept = "".join(ch for ch in blanks if unicodedata.category(ch) not in _REMOVED)
    broken = kept.replace("=?", "= ?")
    return " ".join(broken.split())[:limit].strip()


def text_value(text: str) -> str:
    """Write clean text, as it is or as encoded words."""
    if text.isascii() and all(len(word) <= _LONGEST_PLAIN_LINE for word in text.split()):
        return _folded(text.split())
    return "\r\n ".join(_encoded_words(text))


def address_list(addresses: Iterable[Address]) -> str:
    """Write addresses, one a line. Raises ``Refused`` for what is not an address."""
    return ",\r\n ".join(_mailbox(address) for address in addresses)


def id_list(ids: Iterable[str]) -> str:
    """Write Message-IDs, one a line, each in its brackets."""
    return "\r\n ".join(f"<{one}>" for one in ids)


def is_id(value: str) -> bool:
    """Whether this can stand between the brackets of a Message-ID."""
    return _ID.fullmatch(value) is not None


def check_address(value: str) -> str:
    """Give the address back if mail can be written to it. Raises ``Refused`` otherwise."""
    local, _at, domain = value.rpartition("@")
    if not (value.isprintable() and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain)):
        raise Refused(
            _(
                "“%(address)s” is not an address mail can be sent to.",
                address=clean_text(value, 100),
            )
        )
    return value


def shown_name(address: Address) -> str:
    """Give the name beside an address as it is written."""
    return clean_text(address.name, MAX_NAME)


def _mailbox(address: Address) -> str:
    path = f"<{check_address(address.value)}>"
    name = shown_name(address)
    if not name:
        return path
    if name.isascii() and len(name) <= _LONGEST_PLAIN_LINE:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{quoted}" {path}'
    return "\r\n ".join([*_encoded_words(name), path])


def _encoded_words(text: str) -> list[str]:
    words, piece = [], b""
    for ch in text:
        letter = ch.encode("utf-8")
        if len(piece) + len(letter) > _BYTES_A_WORD:
            words.append(piece)
            piece = b""
        piece += letter
    words.append(piece)
    return [f"=?utf-8?b?{b64encode(word).decode('ascii')}?=" for word in words]


def _folded(words: Iterable[str]) -> str:
    lines = [""]
    for word in words:
        if lines[-1] and len(lines[-1]) + len(word) >= _LONGEST_PLAIN_LINE:
            lines.append("")
        lines[-1] += f" {word}" if lines[-1] else word
    return "\r\n ".join(lines)
