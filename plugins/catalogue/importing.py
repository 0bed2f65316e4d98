"""The work of an import: batch after batch, each in one transaction with how far it came.

So a worker that dies in the middle loses nothing and doubles nothing: the next one goes on behind
the last batch. A turn ends after a while, and asks for the next, so that others' work is not kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from time import monotonic

from sqlalchemy import delete, update

from deskcore.api import N_
from deskcore.api.data import Unit, kept_file, reading, unit_of_work
from deskcore.plugin import JobType
from plugins.catalogue import batches, csv_files, imports, shops
from plugins.catalogue.csv_files import Row
from plugins.catalogue.imports import JOB, Import, ask_for_work
from plugins.catalogue.lines import read_line
from plugins.catalogue.rights import SLUG
from plugins.catalogue.tables import IMPORTS, NAMED

A_TURN_S = 10.0


def work(import_id: int = 0) -> None:
    """Go on with an import for a turn."""
    with reading() as session:
        this = imports.read(session, import_id)
    if not this.is_at_work:
        return
    until = monotonic() + A_TURN_S
    path = kept_file(SLUG, this.digest)
    with csv_files.opened_rows(path, this.encoding, this.delimiter) as rows:
        # The headers, and what is done with.
        next(islice(rows, this.position, this.position + 1), None)
        for batch in _batches(rows):
            ends_turn = monotonic() > until
            moved = _take(this, batch, ends_turn=ends_turn)
            if moved is None or ends_turn:
                return
            this = moved
    _finish(this)


JOBS = [JobType(name=JOB, run=work)]


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, batches.SIZE)):
        yield batch


def _take(this: Import, rows: list[Row], *, ends_turn: bool) -> Import | None:
    """Do one batch; None when somebody stopped it, or another turn is at it."""
    layout, places = this.layout(), shops.names()
    read = [batches.without_gone_places(read_line(row, layout), places) for row in rows]
    with unit_of_work() as unit:
        if not _move(unit, this, position=this.position + len(rows)):
            return None
        found = batches.sort(unit.session, read, batches.named_before(unit.session, this.id, read))
        batches.note(unit.session, this.id, found)
        if this.state == "running":
            batches.write(unit.session, found, by=this.created_by, at=unit.now)
        tally = found.tally()
        counts = {name: getattr(this, name) + getattr(tally, name) for name in vars(tally)}
        here = update(IMPORTS).where(IMPORTS.c.id == this.id)
        unit.session.execute(here.values(**counts))
        if ends_turn:
            ask_for_work(unit, this.id)
        return imports.read(unit.session, this.id)


def _finish(this: Import) -> None:
    """Say that the whole file was looked through, or taken."""
    with unit_of_work() as unit:
        state = "checked" if this.state == "checking" else "done"
        if not _move(unit, this, state=state, total=this.position):
            return
        unit.session.execute(delete(NAMED).where(NAMED.c.import_id == this.id))
        if state == "done":
            after: dict[str, object] = {
                name: getattr(this, name) for name in ("added", "changed", "same", "bad")
            }
            unit.audit(N_("finished an import of products"), this.filename, after=after)


def _move(unit: Unit, this: Import, **values: object) -> bool:
    """Change an import that is as we knew it: neither stopped, nor moved by somebody else."""
    known = update(IMPORTS).where(
        IMPORTS.c.id == this.id,
        IMPORTS.c.state == this.state,
        IMPORTS.c.position == this.position,
    )
    moved = unit.session.execute(known.values(**values, moved_at=unit.now).returning(IMPORTS.c.id))
    return moved.one_or_none() is not None
