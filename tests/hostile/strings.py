"""More than a thousand strings that hurt somewhere, by what they try; of our own making.

Written out where the exact characters matter, combined where the places do. Every class is small
enough to be sent to every field of the desk, see ``test_fields``.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from itertools import product
from typing import Literal

from tests.hostile import strings_for_machines as machines

BIDI = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
ZERO_WIDTH = "\u00ad\u034f\u115f\u180e\u200b\u200c\u200d\u2060\u2061\u2063\u3164\ufeff\uffa0"
BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2003\u2009\u2028\u2029\u202f\u205f\u3000"

_FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")

CONTROLS = [
    *(chr(code) for code in (*range(32), *range(127, 160))),
    *(f"te{chr(code)}xt" for code in (*range(32), *range(127, 160))),
    "\x1b[31mred\x1b[0m", "\x1b]0;title\x07", "\x1b[2J", "\x9b31m", "a\x08\x08b", "\x00\x00\x00",
    "a\x00b.txt", "\x1a", "\x7f\x7f", "\r\r\n\n", "\x00' OR '1'='1", "%00", "\\0", "\\x00", "\\u0000",
]  # fmt: skip
DIRECTIONS = [
    *(f"a{mark}b" for mark in BIDI),
    *(mark * 50 for mark in BIDI),
    "\u202egnp.exe", "invoice\u202efdp.exe", "\u2067\u2066\u202e" * 30, "שלום " + "\u202eabc\u202c",
    "\u202etest\u202c", "مرحبا \u2067(1)\u2069", "\u200f\u200f\u200f", "\u202d" * 1000 + "end",
]  # fmt: skip
INVISIBLE = [
    *(mark for mark in ZERO_WIDTH),
    *(f"pay{mark}pal" for mark in ZERO_WIDTH),
    *(blank * 3 for blank in BLANKS),
    *(f"{blank}admin{blank}" for blank in BLANKS),
    "\ufeffname", "\U000e0001\U000e0061\U000e0062", "\u200b" * 2000, "\ufe0f", "a\ufe0f\ufe0e",
]  # fmt: skip
NOT_TEXT = [
    "\ufffe", "\uffff", "\ufdd0", "\U0001ffff", "\U0010ffff", "\U0010fffd", "\ue000", "\uf8ff",
    "\ufff9a\ufffab\ufffb", "\ufffd", "\ufffd" * 200, "\x00\ufffe", "\u0378", "\U000e0fff",
]  # fmt: skip
SURROGATES = [
    "\ud800", "\udfff", "a\ud83d", "\ude00b", "\udc00\ud800", "\ud83d\ud83d", "x\udcffy", "\udc80" * 20,
]  # fmt: skip
LONG = [
    "a" * 256, "a" * 65_536, "é" * 4_000, "😀" * 3_000, "a " * 30_000, "\n" * 30_000, " " * 30_000,
    "," * 20_000, ";" * 20_000, "(" * 20_000, "[" * 20_000, "{" * 20_000, "<" * 20_000, '"' * 20_000,
    "'" * 20_000, "%" * 20_000, "-" * 20_000, "=" * 20_000, "@" * 20_000, "a@" * 10_000, "a," * 10_000,
    ":" * 20_000, "&" * 20_000, "http://" * 5_000, "www." * 8_000, "a.b" * 10_000, "Re: " * 8_000,
    "[a] Re: " * 4_000, "x" * 1_000 + " " + "y" * 60_000, "\u0301" * 5_000, "a\u0301" * 5_000,
    "ﷺ" * 3_000, "../" * 8_000, "<a>" * 8_000, "&lt;" * 8_000, "1" * 5_000, "9" * 4_301,
]  # fmt: skip
EMOJI = [
    "😀", "👩‍👩‍👧‍👦", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏿", "🇨🇿🇷🇺", "1️⃣", "☃️", "🧑🏽‍🚀 on 🌑", "❤️‍🔥", "\U0001f3fb", "🇨", "🫠🫥🫡",
    "ⓐⓓⓜⓘⓝ", "𝒶𝒹𝓂𝒾𝓃", "🅰🅳🅼🅸🅽", "(╯°□°)╯︵ ┻━┻", "¯\\_(ツ)_/¯", "Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳",
]  # fmt: skip
_CASES = [
    "i",
    "I",
    "İ",
    "ı",
    "ß",
    "ẞ",
    "ς",
    "σ",
    "Σ",
    "ﬁ",
    "ŉ",
    "ǰ",
    "ΐ",
    "և",
    "K",
    "Å",
    "ſ",
    "Ⅷ",
    "ⅷ",
]
LETTERS = [
    *_CASES,
    *(f"adm{letter}n" for letter in _CASES),
    *(unicodedata.normalize(form, text)
      for form, text in product(_FORMS,
                                ("Čajovna", "Ångström", "ﬁle", "①②", "각", "ệ", "ᾳ", "ﷺ", "½"))),
    "аdmin", "раypal", "ехаmple.com", "ｅｘａｍｐｌｅ．ｃｏｍ", "ｓｃｒｉｐｔ", "＜script＞", "ʼ OR ʼ1ʼ=ʼ1", "＇ OR 1=1",
    "‟quoted‟", "ΑΒΓ", "ДОБРЫЙ ДЕНЬ", "žluťoučký kůň", "田中さん", "هَلْ", "ไทย", "ภาษาไทย" * 200,
]  # fmt: skip
MARKUP = [
    "<b>bold</b>", "<script>alert(1)</script>", '"><script>alert(1)</script>', "'><img src=x onerror=alert(1)>",
    "</title><script>alert(1)</script>", "</textarea><script>alert(1)</script>", "</style><svg onload=alert(1)>",
    "--><script>alert(1)</script>", "]]><script>alert(1)</script>", "<![CDATA[x]]>", "<!--", "<!DOCTYPE x>",
    "javascript:alert(1)", '" onfocus=alert(1) autofocus="', "' onmouseover='alert(1)", "` onload=alert(1)",
    "&lt;script&gt;", "&#60;script&#62;", "&amp;amp;", "&copy;", "&#x0;", "&#xD800;", "&notanentity;", "&", "<", ">",
    '<hx-partial hx-target="#main">x</hx-partial>', "<div hx-get=/me hx-trigger=load>", "<?xml version='1.0'?>",
    "<!ENTITY x SYSTEM 'file:///etc/passwd'>", "<x:include href='file:///etc/passwd'/>", "+ADw-script+AD4-",
    "\x1b$B<script>", "%3Cscript%3E", "%253Cscript%253E", "\\x3cscript\\x3e", "\\u003cscript\\u003e",
    '<a href="/me" target=_top>x</a>', "<base href=//evil.test>", "<plaintext>", "<noscript>", "<template>",
]  # fmt: skip

CLASSES: dict[str, list[str]] = {
    "controls": CONTROLS,
    "directions": DIRECTIONS,
    "invisible": INVISIBLE,
    "not text": NOT_TEXT,
    "surrogates": SURROGATES,
    "long": LONG,
    "emoji": EMOJI,
    "letters": LETTERS,
    "markup": MARKUP,
    **machines.CLASSES,
}


def every() -> Iterator[tuple[str, str]]:
    """Give every string once, with its class."""
    seen: set[str] = set()
    for name, members in CLASSES.items():
        for member in members:
            if member not in seen:
                seen.add(member)
                yield name, member
