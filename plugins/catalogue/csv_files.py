"""Reading a file of somebody's spreadsheet: its letters, its cells, row by row in flat memory.

Nothing here knows products. A file that is wrong somewhere is read on behind it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from charset_normalizer import from_bytes

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16 (big-endian)",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "cp1252": "Windows-1252",
}
DELIMITERS = (";", ",", "\t")
MOST_COLUMNS = 200
_LEGACY = ["cp1250", "cp1251", "cp1252"]
_MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
_A_PART = 1 << 16
_SAMPLE = 200_000  # bytes that tell one old encoding from another
_LOOKED_AT = 30  # rows that tell the delimiter
_LOST = "\N{REPLACEMENT CHARACTER}"
_SEPARATOR = "sep="  # the line by which Excel says it itself


@dataclass(frozen=True, kw_only=True)
class Row:
    """A row as spreadsheets count them, the headers being row 1; ``problem`` when it is none."""

    number: int
    cells: list[str]
    problem: str = ""


def guess_encoding(path: Path) -> str:
    """Say in which letters a file is written: by its mark, else what it can be read as."""
    with path.open("rb") as file:
        start = file.read(_SAMPLE)
    for mark, encoding in _MARKS.items():
        if start.startswith(mark):
            return encoding
    if b"\0" in start[:2000]:
        return (
            "utf-16-le" if start[1::2][:1000].count(0) > start[::2][:1000].count(0) else "utf-16-be"
        )
    if _is_utf8(path):
        return "utf-8"
    best = from_bytes(start, cp_isolation=_LEGACY).best()
    return best.encoding if best is not None and best.encoding in ENCODINGS else "cp1250"


def guess_delimiter(path: Path, encoding: str) -> str:
    """Say which sign stands between the cells: the one that gives the most even columns."""
    with _opened(path, encoding) as file:
        text = file.read(_SAMPLE)
    if text.startswith(_SEPARATOR) and text[len(_SEPARATOR)] in DELIMITERS:
        return text[len(_SEPARATOR)]
    return max(DELIMITERS, key=lambda sign: _evenness(text.splitlines(keepends=True), sign))


@contextmanager
def opened_rows(path: Path, encoding: str, delimiter: str) -> Iterator[Iterator[Row]]:
    """Open a file and give its rows; empty ones are left out, but counted."""
    with _opened(path, encoding) as file:
        yield _rows(file, delimiter)


def first_rows(path: Path, encoding: str, delimiter: str, limit: int) -> list[Row]:
    """Return the headers and the first rows behind them."""
    with opened_rows(path, encoding, delimiter) as rows:
        return list(islice(rows, limit + 1))


@contextmanager
def _opened(path: Path, encoding: str) -> Iterator[TextIO]:
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with path.open(encoding=codec, errors="replace", newline="") as file:
        yield file


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    reader = csv.reader(_marked_off(lines), delimiter=delimiter)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            # A quotation mark swallowed more than a cell may hold; what follows is read on.
            yield Row(number=number, cells=[], problem="quote")
            continue
        if number == 1 and cells and cells[0].startswith(_SEPARATOR):
            number = 0
            continue
        if any(map(str.strip, cells)):
            is_lost = any(_LOST in cell for cell in cells)
            yield Row(number=number, cells=cells, problem="letters" if is_lost else "")


def _marked_off(lines: Iterable[str]) -> Iterator[str]:
    """Take off the mark that some encodings leave before the first letter."""
    for at, line in enumerate(lines):
        yield line.removeprefix("\ufeff") if at == 0 else line


def _is_utf8(path: Path) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while part := file.read(_A_PART):
                decoder.decode(part)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return False
    return True


def _evenness(lines: list[str], delimiter: str) -> tuple[float, int]:
    """Return which share of rows has as many cells as the first, and how many those are."""
    found = [len(row.cells) for row in islice(_rows(lines, delimiter), _LOOKED_AT) if row.cells]
    if not found or found[0] < 2:  # noqa: PLR2004  one column tells nothing
        return 0, 0
    return sum(1 for each in found if each == found[0]) / len(found), found[0]
