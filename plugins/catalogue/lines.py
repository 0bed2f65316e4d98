"""One row of a file read as a product, or what is wrong with it. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from deskcore.api.data import fold
from plugins.catalogue.amounts import Unreadable, currency_of, read_price
from plugins.catalogue.checking import bare_barcode, is_web_address, listed, tidied
from plugins.catalogue.columns import place_of
from plugins.catalogue.csv_files import Row
from plugins.catalogue.values import (
    LONGEST_BARCODE,
    LONGEST_CATEGORY,
    LONGEST_NAME,
    LONGEST_SKU,
    LONGEST_SUMMARY,
    LONGEST_URL,
    MOST_FITS,
    MOST_TAGS,
)

YES = frozenset("1 y yes true t ano a да д on sold x".split())
NO = frozenset("0 n no false f ne нет н off".split())
RISKY = tuple("=+-@\t\r")  # table programs would run a cell that begins so
_PIECES = re.compile(r"([-+]?\d{1,9})(?:[.,]0{1,6})?")
_LONGEST_TOLD = 200


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What the columns of a file mean, and how its numbers are written."""

    columns: Sequence[str]
    currency: str
    decimal_sign: str = ""


@dataclass(frozen=True, kw_only=True)
class Line:
    """A product as a row names it: only what the file tells of it."""

    row: int
    sku: str
    cells: list[str]
    values: Mapping[str, object]
    stock: Mapping[int, int]
    fits: tuple[str, ...] | None


@dataclass(frozen=True, kw_only=True)
class Bad:
    """A row that cannot be taken: which problem, and the text that it is about."""

    row: int
    problem: str
    value: str
    cells: list[str] = field(default_factory=list)


class _Wrong(ValueError):
    def __init__(self, problem: str, value: str = "") -> None:
        super().__init__(problem)
        self.problem, self.value = problem, value


def read_line(row: Row, layout: Layout) -> Line | Bad:
    """Read a row."""
    try:
        return _line(row, layout)
    except _Wrong as wrong:
        value = wrong.value[:_LONGEST_TOLD]
        return Bad(row=row.number, problem=wrong.problem, value=value, cells=row.cells)


def unguarded(cell: str) -> str:
    """Return a cell without the sign that keeps table programs from running it."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(RISKY) else cell


def _line(row: Row, layout: Layout) -> Line:
    if row.problem:
        raise _Wrong(row.problem)
    if any(map(str.strip, row.cells[len(layout.columns) :])):
        raise _Wrong("cells")
    texts = {
        meaning: unguarded(cell.replace("\0", "")).strip()
        for meaning, cell in zip(layout.columns, row.cells, strict=False)
        if meaning
    }
    sku = tidied(texts.get("sku", ""))
    if not sku:
        raise _Wrong("no sku")
    if len(sku) > LONGEST_SKU:
        raise _Wrong("long", sku)
    values: dict[str, object] = {}
    for meaning, text in texts.items():
        if meaning in _READERS:
            values |= _READERS[meaning](text)
    if "price" in texts:
        values |= _price(texts["price"], texts.get("currency", ""), layout)
    return Line(
        row=row.number,
        sku=sku,
        cells=row.cells,
        values=values,
        stock=_stock(texts),
        fits=_fits(texts["fits"], sku) if "fits" in texts else None,
    )


def _name(text: str) -> dict[str, object]:
    name = _short(tidied(text), LONGEST_NAME)
    # An empty cell takes no name away: without one a product is not found any more.
    return {"name": name, "name_folded": fold(name)} if name else {}


def _tags(text: str) -> dict[str, object]:
    tags = listed(text)
    if len(tags) > MOST_TAGS or any(len(tag) > 60 for tag in tags):  # noqa: PLR2004  as forms take them
        raise _Wrong("lists", text)
    return {"tags": list(tags)}


def _url(text: str) -> dict[str, object]:
    if text and not is_web_address(text):
        raise _Wrong("url", text)
    return {"url": _short(text, LONGEST_URL)}


def _is_sold(text: str) -> dict[str, object]:
    said = fold(text)
    if said and said not in YES | NO:
        raise _Wrong("yes", text)
    return {"is_sold": said not in NO} if said else {}


_READERS: dict[str, Callable[[str], dict[str, object]]] = {
    "name": _name,
    "summary": lambda text: {"summary": _short(text.replace("\r\n", "\n"), LONGEST_SUMMARY)},
    "category": lambda text: {"category": _short(tidied(text), LONGEST_CATEGORY)},
    "group": lambda text: {"group_sku": _short(tidied(text), LONGEST_SKU)},
    "barcode": lambda text: {"barcode": _short(bare_barcode(text), LONGEST_BARCODE)},
    "tags": _tags,
    "url": _url,
    "is_sold": _is_sold,
}


def _price(text: str, currency: str, layout: Layout) -> dict[str, object]:
    if not text:
        return {"price": None, "currency": ""}
    usual = currency_of(currency) if currency else layout.currency
    if not usual:
        raise _Wrong("currency", currency)
    try:
        price = read_price(text, usual, layout.decimal_sign)
    except Unreadable as error:
        raise _Wrong(error.why, text) from error
    return {"price": price.amount, "currency": price.currency}


def _stock(texts: Mapping[str, str]) -> dict[int, int]:
    """Return how many there are by place; an empty cell says nothing."""
    stock = {}
    for meaning, text in texts.items():
        place, bare = place_of(meaning), "".join(text.split()).replace("\N{MINUS SIGN}", "-")
        if not place or not bare:
            continue
        found = _PIECES.fullmatch(bare)
        if found is None:
            raise _Wrong("stock", text)
        stock[place] = int(found[1])
    return stock


def _fits(text: str, sku: str) -> tuple[str, ...]:
    found = tuple(sorted(each for each in listed(text) if each != sku))
    if len(found) > MOST_FITS or any(len(each) > LONGEST_SKU for each in found):
        raise _Wrong("lists", text)
    return found


def _short(text: str, longest: int) -> str:
    if len(text) > longest:
        raise _Wrong("long", text)
    return text
