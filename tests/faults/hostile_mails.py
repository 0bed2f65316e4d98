"""Mails that want to break whoever reads them, one kind a function; sizes follow from the seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

MEGABYTE = 1024 * 1024
_HEAD = b"From: bad@customer.test\r\nSubject: NUMBER\r\nMIME-Version: 1.0\r\n"
_MIXED = _HEAD + b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n'


def huge(rng: random.Random) -> bytes:
    lines = rng.randint(44, 48) * MEGABYTE // 78
    encoded = b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n" + (b"QUJD" * 19 + b"\r\n") * lines
    return _MIXED + encoded + b"--b--\r\n"


def many_parts(rng: random.Random) -> bytes:
    part = b"--b\r\nContent-Type: text/plain\r\n\r\nhello\r\n"
    return _MIXED + part * rng.randint(500, 900) + b"--b--\r\n"


def deep(rng: random.Random) -> bytes:
    nested = _HEAD
    for depth in range(rng.randint(50, 90)):
        nested += b'Content-Type: multipart/mixed; boundary="%d"\r\n\r\n--%d\r\n' % (depth, depth)
    return nested + b"Content-Type: text/plain\r\n\r\ndeep\r\n"


def bad_base64(rng: random.Random) -> bytes:
    return (
        _HEAD
        + b"Content-Transfer-Encoding: base64\r\n\r\n=?=!!QUJ\r\n====\r\n"
        + b"Q!" * rng.randint(1, 99)
    )


def endless_header(rng: random.Random) -> bytes:
    return _HEAD + b"X-Long: " + b"a" * rng.randint(1, 4 * MEGABYTE) + b"\r\n\r\nhello\r\n"


def wrong_boundary(rng: random.Random) -> bytes:
    return _MIXED + b"--other%d\r\n\r\nno such boundary\r\n" % rng.randint(0, 9)


def nul_bytes(rng: random.Random) -> bytes:
    return _HEAD + b"\r\nnul \0 and " + b"\0" * rng.randint(1, 5000) + b"\r\n"


def eight_bit_headers(rng: random.Random) -> bytes:
    noise = bytes(rng.randint(128, 255) for _ in range(20))
    named = _HEAD.replace(b"bad@", b"b\xe4d \xff <bad@")
    return named + b"X: \xfe" + noise + b"\r\n\r\n8 bit \xc4\r\n"


def winmail(rng: random.Random) -> bytes:
    part = b'--b\r\nContent-Type: application/ms-tnef; name="winmail.dat"\r\n\r\n'
    content = b"\x78\x9f\x3e\x22" + rng.randbytes(rng.randint(0, 4000))
    return _MIXED + part + content + b"\r\n--b--\r\n"


def zip_bomb(rng: random.Random) -> bytes:
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_DEFLATED) as bomb:
        bomb.writestr("zeros", bytes(rng.randint(100, 200) * MEGABYTE))
    part = b'--b\r\nContent-Type: application/zip; name="b.zip"\r\n\r\n'
    return _MIXED + part + packed.getvalue() + b"\r\n--b--\r\n"


def many_recipients(rng: random.Random) -> bytes:
    return _HEAD + b"To: " + b"a, " * rng.randint(10_000, 60_000) + b"\r\n\r\nmany\r\n"


def deep_comments(rng: random.Random) -> bytes:
    return _HEAD + b"To: a" + b"(" * rng.randint(500, 5000) + b"\r\n\r\ndeep\r\n"


def bad_id(rng: random.Random) -> bytes:
    broken = b"Message-ID: " + b"<" * rng.randint(1, 200) + b"\r\nMIME"
    return _HEAD.replace(b"MIME", broken) + b"\r\nbad id\r\n"


Kind = Callable[[random.Random], bytes]
KINDS: tuple[Kind, ...] = (
    huge,
    many_parts,
    deep,
    bad_base64,
    endless_header,
    wrong_boundary,
    nul_bytes,
    eight_bit_headers,
    winmail,
    zip_bomb,
    many_recipients,
    deep_comments,
    bad_id,
)
