"""A batch of rows put into the catalogue, or only compared with it; a few statements each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import RowMapping, delete, select
from sqlalchemy.orm import Session

from deskcore.api.data import fold, insert_into
from plugins.catalogue.lines import Bad, Line
from plugins.catalogue.many import among, put, put_by
from plugins.catalogue.products import store_words
from plugins.catalogue.tables import BAD_ROWS, FITS, NAMED, PRODUCTS, STOCK
from plugins.catalogue.values import index_words

SIZE = 500
NEW: Mapping[str, object] = {
    "name": "", "name_folded": "", "summary": "", "group_sku": "", "category": "", "tags": [],
    "barcode": "", "price": None, "currency": "", "url": "", "picture": "", "picture_kind": "",
    "is_sold": True,
}  # fmt: skip
_FOUND_BY = ("name", "category", "barcode", "tags")


@dataclass(frozen=True, kw_only=True)
class Tally:
    """What became of rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    bad: int = 0


@dataclass(frozen=True, kw_only=True)
class Fate:
    """What becomes of a line: *state* is added, changed or same; ``before`` is what is kept."""

    line: Line
    state: str
    before: RowMapping | None = None


@dataclass(kw_only=True)
class Sorted:
    """A batch compared with what is kept."""

    fates: list[Fate] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)

    def tally(self) -> Tally:
        """Count them."""
        counts = dict.fromkeys(("added", "changed", "same"), 0)
        for fate in self.fates:
            counts[fate.state] += 1
        return Tally(**counts, bad=len(self.bad))


def sort(session: Session, read: Iterable[Line | Bad], named: Mapping[str, int]) -> Sorted:
    """Compare a batch; *named* says which SKUs the file had before, and in which row."""
    found = Sorted()
    rows = dict(named)
    lines = []
    for each in read:
        if isinstance(each, Bad):
            found.bad.append(each)
        elif each.sku in rows:
            found.bad.append(_bad(each, "again", str(rows[each.sku])))
        else:
            rows[each.sku] = each.row
            lines.append(each)
    kept = _kept(session, lines)
    fits = _fits(session, lines, kept)
    stock = _stock(session, lines, kept)
    for line in lines:
        before = kept.get(line.sku)
        if before is None and not line.values.get("name"):
            found.bad.append(_bad(line, "no name"))
        elif before is None:
            found.fates.append(Fate(line=line, state="added"))
        else:
            is_same = (
                all(before[name] == value for name, value in line.values.items())
                and (line.fits is None or line.fits == fits.get(before["id"], ()))
                and all(stock.get((before["id"], at)) == count for at, count in line.stock.items())
            )
            state = "same" if is_same else "changed"
            found.fates.append(Fate(line=line, state=state, before=before))
    return found


def named_before(session: Session, import_id: int, read: Iterable[Line | Bad]) -> dict[str, int]:
    """Return in which rows the file has named these SKUs before."""
    skus = [each.sku for each in read if isinstance(each, Line)]
    here = NAMED.c.import_id == import_id
    asked = select(NAMED.c.sku, NAMED.c.row).where(here, among(session, NAMED.c.sku, skus))
    return {row.sku: row.row for row in session.execute(asked)}


def note(session: Session, import_id: int, found: Sorted) -> None:
    """Remember which SKUs were named, and which rows are bad."""
    if found.fates:
        named = [
            {"import_id": import_id, "sku": fate.line.sku, "row": fate.line.row}
            for fate in found.fates
        ]
        put(session, NAMED, named)
    if found.bad:
        bad = [
            {"import_id": import_id, "row": one.row, "problem": one.problem, "value": one.value,
             "cells": one.cells}
            for one in found.bad
        ]  # fmt: skip
        put(session, BAD_ROWS, bad)


def write(session: Session, found: Sorted, *, by: str, at: datetime) -> None:
    """Put a batch into the catalogue."""
    stamp = {"changed_at": at, "changed_by": by}
    ids = _add([fate.line for fate in found.fates if fate.state == "added"], session, stamp)
    changed = [fate for fate in found.fates if fate.state == "changed"]
    _change(session, changed, stamp)
    store_words(session, [*_words(found.fates, ids)], new=frozenset(ids.values()))
    id_of = ids | {
        fate.line.sku: fate.before["id"] for fate in found.fates if fate.before is not None
    }
    _store_fits(session, [fate for fate in found.fates if fate.state != "same"], id_of)
    _store_stock(session, found.fates, id_of, by=by, at=at)


def _bad(line: Line, problem: str, value: str = "") -> Bad:
    return Bad(row=line.row, problem=problem, value=value, cells=line.cells)


def _kept(session: Session, lines: Sequence[Line]) -> dict[str, RowMapping]:
    skus = [line.sku for line in lines]
    asked = select(PRODUCTS).where(among(session, PRODUCTS.c.sku, skus))
    return {row["sku"]: row for row in session.execute(asked).mappings()}


def _fits(
    session: Session, lines: Sequence[Line], kept: Mapping[str, RowMapping]
) -> dict[int, tuple[str, ...]]:
    if not kept or all(line.fits is None for line in lines):
        return {}
    ids = [row["id"] for row in kept.values()]
    asked = select(FITS).where(among(session, FITS.c.product_id, ids))
    found: dict[int, list[str]] = {}
    for row in session.execute(asked):
        found.setdefault(row.product_id, []).append(row.other_sku)
    return {product_id: tuple(sorted(skus)) for product_id, skus in found.items()}


def _stock(
    session: Session, lines: Sequence[Line], kept: Mapping[str, RowMapping]
) -> dict[tuple[int, int], int]:
    if not kept or not any(line.stock for line in lines):
        return {}
    ids = [row["id"] for row in kept.values()]
    asked = select(STOCK.c.product_id, STOCK.c.place_id, STOCK.c.pieces)
    rows = session.execute(asked.where(among(session, STOCK.c.product_id, ids)))
    return {(row.product_id, row.place_id): row.pieces for row in rows}


def _add(lines: Sequence[Line], session: Session, stamp: Mapping[str, object]) -> dict[str, int]:
    """Add products; returns their ids by SKU."""
    if not lines:
        return {}
    rows = [
        {**NEW, **line.values, **stamp, "sku": line.sku, "sku_folded": fold(line.sku), "version": 1}
        for line in lines
    ]
    put(session, PRODUCTS, rows)
    is_one = among(session, PRODUCTS.c.sku, [line.sku for line in lines])
    made = session.execute(select(PRODUCTS.c.sku, PRODUCTS.c.id).where(is_one))
    return {row.sku: row.id for row in made}


def _change(session: Session, changed: Sequence[Fate], stamp: Mapping[str, object]) -> None:
    """Change products, those that the same columns are told of by one statement."""
    by_names: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for fate in changed:
        if fate.before is not None:
            values = {**fate.line.values, **stamp, "version": fate.before["version"] + 1}
            row = {**fate.before, **values}
            del row["id"]
            by_names.setdefault(tuple(values), []).append(row)
    for names, rows in by_names.items():
        made = insert_into(session, PRODUCTS)
        told = {name: made.excluded[name] for name in names}
        made = made.on_conflict_do_update(index_elements=["sku"], set_=told)
        put_by(session, made, PRODUCTS, rows)


def _words(fates: Iterable[Fate], ids: Mapping[str, int]) -> Iterable[tuple[int, set[str]]]:
    """Yield the words of what is new, or is found by others now."""
    for fate in fates:
        before: Mapping[str, object] = dict(fate.before) if fate.before is not None else NEW
        after = {**before, **fate.line.values}
        is_other = any(before[name] != after[name] for name in _FOUND_BY)
        if fate.before is None or is_other:
            product_id = ids[fate.line.sku] if fate.before is None else fate.before["id"]
            name, category, barcode = (str(after[each]) for each in _FOUND_BY[:3])
            tags = after["tags"] if isinstance(after["tags"], list) else ()
            words = index_words(fate.line.sku, name, category, barcode, tuple(tags))
            yield product_id, words


def _store_fits(session: Session, fates: Sequence[Fate], id_of: Mapping[str, int]) -> None:
    told = [fate for fate in fates if fate.line.fits is not None]
    before = [fate.before["id"] for fate in told if fate.before is not None]
    if before:
        session.execute(delete(FITS).where(among(session, FITS.c.product_id, before)))
    rows = [
        {"product_id": id_of[fate.line.sku], "other_sku": sku}
        for fate in told
        for sku in fate.line.fits or ()
    ]
    put(session, FITS, rows)


def _store_stock(
    session: Session, fates: Sequence[Fate], id_of: Mapping[str, int], *, by: str, at: datetime
) -> None:
    """Write down what a file counts; what is as before was looked at again."""
    rows = [
        {
            "product_id": id_of[fate.line.sku],
            "place_id": place_id,
            "pieces": pieces,
            "back_on": None,
            "seen_at": at,
            "seen_by": by,
        }
        for fate in fates
        for place_id, pieces in fate.line.stock.items()
    ]
    made = insert_into(session, STOCK)
    told = {name: made.excluded[name] for name in ("pieces", "seen_at", "seen_by")}
    made = made.on_conflict_do_update(index_elements=["product_id", "place_id"], set_=told)
    put_by(session, made, STOCK, rows)


def without_gone_places(line: Line | Bad, places: Mapping[int, str]) -> Line | Bad:
    """Return a line without stock of places that were deleted meanwhile."""
    if isinstance(line, Bad) or line.stock.keys() <= places.keys():
        return line
    return replace(line, stock={at: n for at, n in line.stock.items() if at in places})
