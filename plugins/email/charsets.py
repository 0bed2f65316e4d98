"""Decode bytes to text by evidence: what the mail declares is a hint, what the bytes say decides.

The order is: a superset of the declared charset, UTF-8 when it is valid, a detector, and at last
Windows-1252, which gives every byte a character. Nothing here raises, for any bytes or any name.
"""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from plugins.email.jis import decode_jis

# Senders name the small set and use the big one (gb2312 is GBK, Latin-1 is Windows-1252).
_SUPERSETS = {
    "usascii": "ascii",
    "iso88591": "cp1252",
    "latin1": "cp1252",
    "windows1252": "cp1252",
    "iso88599": "cp1254",
    "iso885911": "cp874",
    "tis620": "cp874",
    "windows874": "cp874",
    "iso88598": "cp1255",
    "iso88598i": "cp1255",
    "iso88598e": "cp1255",
    "iso88596i": "iso8859_6",
    "gb2312": "gb18030",
    "xgbk": "gb18030",
    "gbk": "gb18030",
    "euccn": "gb18030",
    "cp936": "gb18030",
    "big5": "cp950",
    "xbig5": "cp950",
    "euckr": "cp949",
    "ksc56011987": "cp949",
    "ksc5601": "cp949",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "xsjis": "cp932",
    "windows31j": "cp932",
    "mskanji": "cp932",
    "unicode11utf7": "utf-7",
    "utf8mb4": "utf-8",
    "xmaccyrillic": "mac_cyrillic",
    "xmacroman": "mac_roman",
    "macintosh": "mac_roman",
}
_JAPANESE_7BIT = frozenset(
    {"iso2022jp", "iso2022jp1", "iso2022jp2", "iso2022jpms", "cp50220", "cp50221", "csiso2022jp"}
)
# Text codecs of Python that are no charsets of mail; punycode is quadratic on hostile input.
_NOT_CHARSETS = frozenset(
    {"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "mbcs", "oem"}
)
_CJK = frozenset({"gb18030", "cp950", "big5hkscs", "cp949", "cp932", "euc_jp", "johab", "hz"})
_MULTIBYTE_UTF8 = re.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_HIGH = re.compile(rb"[\x80-\xff]")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_CONTROLS = re.compile("[\x01-\x08\x0b\x0e-\x1f\x7f]")
_DETECTOR_SAMPLE = 4096
_ENOUGH_TO_GUESS = 8  # below that the detector takes an ï for Arabic
_SURELY_UTF8 = 3
_BYTEWISE = "desk-cp1252"
_BYTE_ORDER_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)


def codec_name(declared: str) -> str:
    """Name Python's codec for a declared charset, widened; empty when there is none."""
    key = re.sub(r"[^a-z0-9]", "", declared.lower())
    if not key:
        return ""
    if key in _JAPANESE_7BIT:
        return "iso2022_jp"
    name = _SUPERSETS.get(key) or declared.strip().lower()
    for candidate in (name, key):
        try:
            found = codecs.lookup(candidate).name
            b"".decode(found)
        except (LookupError, ValueError):
            continue
        return "" if found in _NOT_CHARSETS else found
    return ""


def decode_text(content: bytes, declared: str = "", *, detect: bool = True) -> str:
    """Turn bytes into clean text; *declared* is the sender's word for the charset.

    With ``detect=False`` (headers, names) the statistical detector is left out: it needs more
    than a few words to be right.
    """
    return clean_text(_decode(content, declared, detect=detect))


def clean_text(text: str) -> str:
    """Remove what cannot be stored or shown: NUL, lone surrogates, control characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _CONTROLS.sub("", _UNSTORABLE.sub("", text))


def one_line(text: str) -> str:
    """Fold any white space, line breaks included, to single blanks."""
    return " ".join(text.split())


def _decode(content: bytes, declared: str, *, detect: bool) -> str:
    codec = codec_name(declared)
    text = _marked(content) or _seven_bit(content, codec)
    if text is not None:
        return text
    if codec == "ascii":  # and yet there are 8-bit characters: the sender does not know
        codec = ""
    if _speaks_utf8(content, codec):
        return content.decode("utf-8", _BYTEWISE)
    if codec and not codec.startswith("utf"):
        text = _strictly(content, codec)
    return text if text is not None else _guess(content, codec, detect=detect)


def _marked(content: bytes) -> str | None:
    """Decode what begins with a byte order mark."""
    for mark, name in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return _strictly(content, name)
    return None


def _seven_bit(content: bytes, codec: str) -> str | None:
    """Decode what is not told by its 8-bit characters: ASCII, escape sequences, UTF-16, UTF-7."""
    if b"\x1b" in content and (codec == "iso2022_jp" or b"\x1b$" in content):
        return decode_jis(content)
    if codec.startswith(("utf-16", "utf-32")) or codec in ("utf-7", "hz"):
        special = _strictly(content, codec)
        if special is not None:
            return special
    return None if _HIGH.search(content) else content.decode("ascii")


def _speaks_utf8(content: bytes, codec: str) -> bool:
    """Whether the bytes are UTF-8, whatever is declared; a few odd bytes do not change it."""
    sequences = len(_MULTIBYTE_UTF8.findall(content))
    if not sequences:
        return False
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        odd = len(_HIGH.findall(_MULTIBYTE_UTF8.sub(b"", content)))
        if codec == "utf-8" or not codec:
            return sequences > 2 * odd
        return sequences > 20 * odd
    # Two Chinese characters in GBK can look like UTF-8 by chance; three never were seen to.
    return codec not in _CJK or sequences >= _SURELY_UTF8


def _guess(content: bytes, codec: str, *, detect: bool) -> str:
    if codec == "cp950":
        text = _strictly(content, "big5hkscs")
        if text is not None:
            return text
    if codec in _CJK:
        lenient = content.decode(codec, "replace")
        if lenient.count("\ufffd") * 20 < len(lenient):
            return lenient
    if detect and len(_HIGH.findall(content[:_DETECTOR_SAMPLE])) >= _ENOUGH_TO_GUESS:
        best = from_bytes(_sample(content)).best()
        if best is not None:
            text = _strictly(content, best.encoding)
            if text is not None:
                return text
    return content.decode("cp1252", _BYTEWISE)


def _sample(content: bytes) -> bytes:
    """Take the lines that hold something to judge: those with 8-bit characters."""
    lines = (line for line in content[: 16 * _DETECTOR_SAMPLE].split(b"\n") if _HIGH.search(line))
    return b"\n".join(lines)[:_DETECTOR_SAMPLE]


def _strictly(content: bytes, codec: str) -> str | None:
    try:
        return content.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None


def _as_cp1252(error: UnicodeError) -> tuple[str, int]:
    """Give undecodable bytes the characters Windows-1252 gives them, so that nothing is lost."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    odd = error.object[error.start : error.end]
    text = "".join(
        bytes((byte,)).decode("cp1252", "ignore") or bytes((byte,)).decode("latin-1")
        for byte in odd
    )
    return text, error.end


codecs.register_error(_BYTEWISE, _as_cp1252)
