"""Imports: a file is brought, its columns told, looked through as a whole, then taken.

Looking through and taking are one work, done batch by batch by ``importing``; here people ask for it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from deskcore.api import N_, Actor, Invalid, NotFound, Problem, _, now, page_language, safe_filename
from deskcore.api.data import (
    Unit,
    keep_file,
    kept_file,
    let_go_of_file,
    reading,
    require,
    unit_of_work,
)
from deskcore.plugin import HealthCheck
from plugins.catalogue import amounts, columns, csv_files, products, shops
from plugins.catalogue.csv_files import MOST_COLUMNS, Row
from plugins.catalogue.lines import Layout
from plugins.catalogue.rights import IMPORT, SLUG
from plugins.catalogue.tables import BAD_ROWS, IMPORTS, NAMED

LARGEST = 50_000_000
KEPT = 20  # finished imports that are remembered
LOOKED_AT = 200  # rows that tell how prices are written
AT_WORK = ("checking", "running")
_STOPPED = {"running": "stopped", "checking": "columns"}
STUCK = timedelta(minutes=10)
JOB = "catalogue.import"


@dataclass(frozen=True, kw_only=True)
class Import:
    """An import: ``state`` is columns, checking, checked, running, stopped or done."""

    id: int
    filename: str
    digest: str
    encoding: str
    delimiter: str
    decimal_sign: str
    currency: str
    headers: Sequence[str]
    columns: Sequence[str]
    state: str
    position: int
    total: int
    added: int
    changed: int
    same: int
    bad: int
    created_at: datetime
    created_by: str
    moved_at: datetime

    @property
    def is_at_work(self) -> bool:
        """Whether the worker has something to do for it."""
        return self.state in AT_WORK

    @property
    def is_stuck(self) -> bool:
        """Whether nothing of it moved for long."""
        return self.is_at_work and now() - self.moved_at > STUCK

    def layout(self) -> Layout:
        """Return how its rows are read."""
        return Layout(
            columns=tuple(self.columns), currency=self.currency, decimal_sign=self.decimal_sign
        )


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """How somebody says that a file is read."""

    encoding: str
    delimiter: str
    decimal_sign: str
    currency: str
    columns: Sequence[str]


def listed(actor: Actor) -> list[Import]:
    """Return the imports, the newest first."""
    require(actor, IMPORT.name)
    with reading() as session:
        rows = session.execute(select(IMPORTS).order_by(IMPORTS.c.id.desc()).limit(2 * KEPT))
        return [Import(**row) for row in rows.mappings()]


def one(actor: Actor, import_id: int) -> Import:
    """Return an import; raises NotFound."""
    require(actor, IMPORT.name)
    with reading() as session:
        return read(session, import_id)


def read(session: Session, import_id: int) -> Import:
    """Return an import as it stands in this transaction; raises NotFound."""
    asked = select(IMPORTS).where(IMPORTS.c.id == import_id)
    row = session.execute(asked).mappings().one_or_none()
    if row is None:
        raise NotFound(_("There is no such import; it may have been removed meanwhile."))
    return Import(**row)


def begin(actor: Actor, filename: str, content: bytes) -> int:
    """Bring a file; returns the id of its import. Raises Invalid for what is none."""
    require(actor, IMPORT.name)
    if not content.strip():
        raise _refused(_("The file is empty. Choose a CSV file, as table programs save it."))
    if len(content) > LARGEST:
        raise _refused(_("The file is larger than 50 MB. Divide it, or leave columns out."))
    with unit_of_work(actor) as unit:
        _forget_old(unit)
        digest = keep_file(unit, SLUG, content)
        path = kept_file(SLUG, digest)
        encoding = csv_files.guess_encoding(path)
        delimiter = csv_files.guess_delimiter(path, encoding)
        told = _told(unit.session, digest, encoding, delimiter)
        values = {
            **told,
            "filename": safe_filename(filename)[:200],
            "digest": digest,
            "currency": _usual_currency(),
            "state": "columns",
            **_nothing_done(unit),
            "total": 0,
            "created_at": unit.now,
            "created_by": actor.name,
        }
        made = insert(IMPORTS).values(**values).returning(IMPORTS.c.id)
        return int(unit.session.execute(made).scalar_one())


def choose(actor: Actor, import_id: int, chosen: Chosen) -> bool:
    """Say how the file is read, and have it looked through; False when it was only read anew.

    It is read anew when its letters or the sign between its cells are others: the columns change
    then, and people look at them first. Raises Invalid.
    """
    before = one(actor, import_id)
    _require_idle(before)
    _check(chosen, before)
    with unit_of_work(actor) as unit:
        here = update(IMPORTS).where(IMPORTS.c.id == import_id)
        if (chosen.encoding, chosen.delimiter) != (before.encoding, before.delimiter):
            told = _told(unit.session, before.digest, chosen.encoding, chosen.delimiter)
            unit.session.execute(here.values(**told, currency=chosen.currency, state="columns"))
            return False
        values = {
            "decimal_sign": chosen.decimal_sign,
            "currency": chosen.currency,
            "columns": list(chosen.columns),
            "total": 0,
        }
        unit.session.execute(here.values(**values))
        _set_to_work(unit, import_id, "checking")
    return True


def start(actor: Actor, import_id: int) -> None:
    """Take the file into the catalogue; raises Invalid before it was looked through."""
    before = one(actor, import_id)
    if before.state not in {"checked", "done", "stopped"}:
        raise _refused(_("Have it looked through first."))
    with unit_of_work(actor) as unit:
        _set_to_work(unit, import_id, "running")
        unit.audit(N_("began an import of products"), before.filename)


def stop(actor: Actor, import_id: int) -> None:
    """Stop after the batch that is under way; what was taken stays."""
    before = one(actor, import_id)
    state = _STOPPED.get(before.state, before.state)
    with unit_of_work(actor) as unit:
        here = update(IMPORTS).where(IMPORTS.c.id == import_id, IMPORTS.c.state == before.state)
        unit.session.execute(here.values(state=state, moved_at=unit.now))
        if before.state == "running":
            unit.audit(N_("stopped an import of products"), before.filename)


def stop_all(session: Session) -> None:
    """Stop whatever is under way, as somebody would who is about to leave."""
    for state, then in _STOPPED.items():
        here = update(IMPORTS).where(IMPORTS.c.state == state)
        session.execute(here.values(state=then, moved_at=now()))


def go_on(actor: Actor, import_id: int) -> None:
    """Go on where it was stopped, or got stuck."""
    before = one(actor, import_id)
    if before.state != "stopped" and not before.is_stuck:
        raise _refused(_("It is not stopped."))
    state = "running" if before.state == "stopped" else before.state
    with unit_of_work(actor) as unit:
        here = update(IMPORTS).where(IMPORTS.c.id == import_id)
        unit.session.execute(here.values(state=state, moved_at=unit.now))
        ask_for_work(unit, import_id)


def forget(actor: Actor, import_id: int) -> str:
    """Remove an import and its file; returns its name. What was taken stays."""
    before = one(actor, import_id)
    _require_idle(before)
    with unit_of_work(actor) as unit:
        _remove(unit, before)
    return before.filename


def preview(this: Import, limit: int) -> list[Row]:
    """Return the headers and the first rows of its file."""
    path = kept_file(SLUG, this.digest)
    return csv_files.first_rows(path, this.encoding, this.delimiter, limit)


def ask_for_work(unit: Unit, import_id: int) -> None:
    """Have the worker go on with it, after whatever it does for it already."""
    key = f"catalogue.import:{import_id}"
    unit.enqueue(JOB, {"import_id": import_id}, order_key=key)


def health() -> list[HealthCheck]:
    """Say whether an import got stuck."""
    with reading() as session:
        asked = select(IMPORTS.c.filename).where(
            IMPORTS.c.state.in_(AT_WORK), IMPORTS.c.moved_at < now() - STUCK
        )
        stuck = session.scalars(asked.limit(1)).first()
    if stuck is None:
        return [HealthCheck(name=_("imports"), ok=True, message=_("No import is stuck."))]
    message = _("The import of %(name)s has not moved for ten minutes.", name=stuck)
    cure = _("Open it under Products, Import, and press “Go on”.")
    return [HealthCheck(name=_("imports"), ok=False, message=message, cure=cure)]


def _told(session: Session, digest: str, encoding: str, delimiter: str) -> dict[str, object]:
    """Read the headers and guess what they mean; raises Invalid for a file without any."""
    path = kept_file(SLUG, digest)
    rows = csv_files.first_rows(path, encoding, delimiter, LOOKED_AT)
    if not rows or rows[0].problem == "quote":
        raise _refused(_("The file has no row of headers that can be read."))
    headers = [cell.strip()[:120] for cell in rows[0].cells]
    if len(headers) > MOST_COLUMNS:
        raise _refused(_("The file has more than 200 columns. Leave some out."))
    meanings = columns.guess(headers, shops.names(), _known(session))
    prices = [
        row.cells[meanings.index("price")]
        for row in rows[1:]
        if "price" in meanings and len(row.cells) > meanings.index("price")
    ]
    return {
        "encoding": encoding,
        "delimiter": delimiter,
        "decimal_sign": amounts.guess_decimal_sign(prices),
        "headers": headers,
        "columns": meanings,
    }


def _known(session: Session) -> Mapping[str, str]:
    """Return what people said that headers mean, in the last import they took."""
    taken = select(IMPORTS.c.headers, IMPORTS.c.columns).where(IMPORTS.c.state == "done")
    row = session.execute(taken.order_by(IMPORTS.c.id.desc()).limit(1)).one_or_none()
    if row is None:
        return {}
    pairs = zip(row.headers, row[1], strict=False)
    return {columns.bare(header): meaning for header, meaning in pairs if meaning}


def _check(chosen: Chosen, before: Import) -> None:
    problems = []
    meanings = [meaning for meaning in chosen.columns if meaning]
    places = shops.names()
    if chosen.encoding not in csv_files.ENCODINGS or chosen.delimiter not in csv_files.DELIMITERS:
        problems.append(Problem(field="encoding", message=_("Choose among what is listed.")))
    if chosen.currency not in amounts.currencies():
        message = _("Write the three letters of a currency, as EUR.")
        problems.append(Problem(field="currency", message=message))
    if chosen.decimal_sign not in {"", ".", ","}:
        problems.append(Problem(field="decimal_sign", message=_("Choose among what is listed.")))
    if len(chosen.columns) != len(before.headers) or not all(
        columns.is_meaning(meaning, places) for meaning in meanings
    ):
        problems.append(Problem(field="", message=_("Choose among what is listed.")))
    if "sku" not in meanings:
        message = _("Say which column is the SKU: by it products are found again.")
        problems.append(Problem(field="", message=message))
    if len(set(meanings)) < len(meanings):
        message = _("Two columns mean the same. Leave one of them out.")
        problems.append(Problem(field="", message=message))
    if problems:
        raise Invalid(problems)


def _set_to_work(unit: Unit, import_id: int, state: str) -> None:
    for table in (BAD_ROWS, NAMED):
        unit.session.execute(delete(table).where(table.c.import_id == import_id))
    here = update(IMPORTS).where(IMPORTS.c.id == import_id)
    unit.session.execute(here.values(state=state, **_nothing_done(unit)))
    ask_for_work(unit, import_id)


def _nothing_done(unit: Unit) -> dict[str, object]:
    return {
        **dict.fromkeys(("position", "added", "changed", "same", "bad"), 0),
        "moved_at": unit.now,
    }


def _require_idle(this: Import) -> None:
    if this.is_at_work:
        raise _refused(_("It is being worked on. Stop it first."))


def _forget_old(unit: Unit) -> None:
    asked = select(IMPORTS).where(IMPORTS.c.state.not_in(AT_WORK)).order_by(IMPORTS.c.id.desc())
    rows = unit.session.execute(asked.offset(KEPT - 1)).mappings().all()
    for row in rows:
        _remove(unit, Import(**row))


def _remove(unit: Unit, this: Import) -> None:
    unit.session.execute(delete(IMPORTS).where(IMPORTS.c.id == this.id))
    others = select(func.count()).where(IMPORTS.c.digest == this.digest)
    if not unit.session.scalar(others):
        let_go_of_file(unit, SLUG, this.digest)


def _usual_currency() -> str:
    return products.usual_currency() or {"cs": "CZK", "ru": "RUB"}.get(page_language(), "EUR")


def _refused(message: str) -> Invalid:
    return Invalid([Problem(field="file", message=message)])
