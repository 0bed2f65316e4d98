"""Products and reports as rows of a table that others open; nothing in them runs there.

A cell that table programs would take for a formula gets a sign before it, which an import takes off
again. OWASP calls the danger CSV injection.
"""

from __future__ import annotations

import csv
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from sqlalchemy import select

from deskcore.api import Actor, _, page_language
from deskcore.api.data import reading, require
from plugins.catalogue import shops
from plugins.catalogue.amounts import plain
from plugins.catalogue.columns import FIELDS, stock_header
from plugins.catalogue.imports import Import
from plugins.catalogue.lines import RISKY
from plugins.catalogue.problems import sentence
from plugins.catalogue.rights import READ
from plugins.catalogue.tables import BAD_ROWS, FITS, PRODUCTS, STOCK
from plugins.catalogue.values import Kept, kept

A_BATCH = 500
_NUMBER = re.compile(r"[-+]?\d+([.,]\d+)?")
_MARK = "\ufeff"  # by which table programs know UTF-8


def product_rows(actor: Actor) -> Iterator[list[str]]:
    """Yield the headers, then every product; as an import takes them back."""
    require(actor, READ.name)
    places = shops.names()
    stock_heads = [stock_header(name) for name in places.values()]
    yield [*(_(label) for label, _words in FIELDS.values()), *stock_heads]
    last = 0
    while batch := _batch(last):
        found, fits, stock = batch
        for product in found:
            counted = (stock.get((product.id, place)) for place in places)
            pieces = ["" if each is None else str(each) for each in counted]
            yield [*map(guarded, _cells(product, fits[product.id])), *pieces]
        last = found[-1].id


def report_rows(this: Import) -> Iterator[list[str]]:
    """Yield the headers, then every row that was not taken, with its reason and its cells."""
    yield [_("Row"), _("Problem"), *map(guarded, this.headers)]
    last = 0
    while True:
        asked = select(BAD_ROWS).where(BAD_ROWS.c.import_id == this.id, BAD_ROWS.c.row > last)
        with reading() as session:
            rows = session.execute(asked.order_by(BAD_ROWS.c.row).limit(A_BATCH)).all()
        for row in rows:
            reason = sentence(row.problem, row.value)
            yield [str(row.row), guarded(reason), *map(guarded, row.cells)]
        if not rows:
            return
        last = rows[-1].row


def as_csv(rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield the text of a table, in the manner of the reader's table program."""
    delimiter = "," if page_language() == "en" else ";"
    text = io.StringIO(_MARK)
    text.seek(0, io.SEEK_END)
    writer = csv.writer(text, delimiter=delimiter)
    for row in rows:
        writer.writerow(row)
        if text.tell() > 1 << 16:
            yield text.getvalue()
            text.seek(0)
            text.truncate()
    yield text.getvalue()


def guarded(cell: str) -> str:
    """Return a cell that no table program runs; numbers stay numbers."""
    return f"'{cell}" if cell.startswith(RISKY) and not _NUMBER.fullmatch(cell) else cell


Batch = tuple[list[Kept], dict[int, list[str]], dict[tuple[int, int], int]]


def _batch(last: int) -> Batch | None:
    with reading() as session:
        asked = select(PRODUCTS).where(PRODUCTS.c.id > last).order_by(PRODUCTS.c.id)
        found = [kept(row) for row in session.execute(asked.limit(A_BATCH)).mappings()]
        ids = [product.id for product in found]
        fits: defaultdict[int, list[str]] = defaultdict(list)
        for row in session.execute(select(FITS).where(FITS.c.product_id.in_(ids))):
            fits[row.product_id].append(row.other_sku)
        stock = {
            (row.product_id, row.place_id): row.pieces
            for row in session.execute(select(STOCK).where(STOCK.c.product_id.in_(ids)))
        }
    return (found, fits, stock) if found else None


def _cells(product: Kept, fits: Sequence[str]) -> list[str]:
    """Return the cells of a product in the order of ``FIELDS``."""
    price = product.price
    return [
        product.sku,
        product.name,
        plain(price) if price else "",
        price.currency if price else "",
        product.barcode,
        product.category,
        ", ".join(product.tags),
        product.group,
        ", ".join(sorted(fits)),
        product.url,
        product.summary,
        "1" if product.is_sold else "0",
    ]
