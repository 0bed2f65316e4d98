"""Pictures of cups from above, drawn by counting: what the products of a made-up shop look like."""

from __future__ import annotations

import struct
import zlib

Colour = tuple[int, int, int]
SIZE = 128
_GROUND: Colour = (240, 236, 228)
_PORCELAIN: Colour = (255, 253, 248)
_SHADE: Colour = (214, 206, 192)
_FINE = 3  # points looked at in each direction of one


def cup(tea: Colour) -> bytes:
    """Draw a cup with tea of this colour, as a PNG."""
    rows = bytearray()
    for y in range(SIZE):
        rows.append(0)
        for x in range(SIZE):
            rows += bytes(_point(x, y, tea))
    header = struct.pack(">IIBBBBB", SIZE, SIZE, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in chunks
    )


def _point(x: int, y: int, tea: Colour) -> Colour:
    steps = [(at + 0.5) / _FINE for at in range(_FINE)]
    seen = [_colour(x + dx, y + dy, tea) for dx in steps for dy in steps]
    red, green, blue = (sum(each[part] for each in seen) // len(seen) for part in range(3))
    return red, green, blue


def _colour(x: float, y: float, tea: Colour) -> Colour:
    """Return what lies there: tea, cup, handle, saucer or the table."""
    middle = SIZE / 2
    away = ((x - middle) ** 2 + (y - middle) ** 2) ** 0.5 / middle
    if away < 0.44:
        return tea
    if away < 0.54:
        return _PORCELAIN
    if abs(y - middle) < SIZE * 0.05 and 0 < x - middle < SIZE * 0.36:
        return _PORCELAIN
    if away < 0.82:
        return _SHADE if away < 0.6 else _PORCELAIN
    return _GROUND
