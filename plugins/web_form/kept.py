"""Files of somebody who has to mend something else first: kept for an hour, by the key of their page."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import ColumnElement, delete, func, insert, select

from deskcore.api import now, safe_filename
from deskcore.api.data import (
    Unit,
    keep_file,
    kept_file,
    let_go_of_file,
    reading,
    unit_of_work,
)
from plugins.web_form.answers import GivenFile
from plugins.web_form.places import SLUG
from plugins.web_form.tables import KEPT

LIFE = timedelta(hours=1)
# Of one page: as much as one mail. Of all pages together: so that strangers cannot fill the disk.
MOST_FILES, MOST_BYTES = 10, 25 * 1024 * 1024
MOST_BYTES_OF_ALL = 200 * 1024 * 1024


def of_page(page_key: str) -> tuple[GivenFile, ...]:
    """Return the files that are kept for a page."""
    statement = (
        select(KEPT.c.id, KEPT.c.field, KEPT.c.filename, KEPT.c.digest)
        .where(KEPT.c.page_key == page_key, KEPT.c.at > now() - LIFE)
        .order_by(KEPT.c.id)
    )
    with reading() as session:
        rows = session.execute(statement).all()
    return tuple(
        GivenFile(
            field=row.field,
            filename=row.filename,
            content=kept_file(SLUG, row.digest).read_bytes(),
            kept_id=row.id,
        )
        for row in rows
    )


def keep(page_key: str, files: Sequence[GivenFile]) -> tuple[GivenFile, ...]:
    """Keep those of *files* that are not kept yet; returns those that are kept now, the rest is lost.

    What is missing is told to whoever sent it, by its absence from the list on the page.
    """
    new = [file for file in files if not file.kept_id]
    held = [file for file in files if file.kept_id]
    if not new:
        return tuple(held)
    size = sum(len(file.content) for file in new)
    with unit_of_work() as unit:
        of_all = unit.session.scalar(select(func.sum(KEPT.c.size))) or 0
        if of_all + size > MOST_BYTES_OF_ALL or not fits(files):
            return tuple(held)
        for file in new:
            values = {
                "page_key": page_key,
                "field": file.field,
                "filename": safe_filename(file.filename)[:255],
                "size": len(file.content),
                "digest": keep_file(unit, SLUG, file.content),
                "at": unit.now,
            }
            made = insert(KEPT).values(**values).returning(KEPT.c.id)
            held.append(replace(file, kept_id=unit.session.execute(made).scalar_one()))
    return tuple(held)


def fits(files: Sequence[GivenFile]) -> bool:
    """Whether files are few and small enough for one message."""
    size = sum(len(file.content) for file in files)
    return len(files) <= MOST_FILES and size <= MOST_BYTES


def drop(page_key: str, kept_ids: Collection[int] | None = None) -> None:
    """Forget files of a page: all, or those that somebody took away."""
    gone = KEPT.c.page_key == page_key
    if kept_ids is not None:
        gone &= KEPT.c.id.in_(kept_ids)
    with unit_of_work() as unit:
        _forget(unit, gone)


def forget_old() -> None:
    """Forget what nobody came back for; the job ``web_form.forget``."""
    with unit_of_work() as unit:
        _forget(unit, KEPT.c.at < unit.now - LIFE)


def _forget(unit: Unit, gone: ColumnElement[bool]) -> None:
    """Delete rows, and let go of files that no other row names: the same bytes are one file."""
    session = unit.session
    named = set(session.scalars(delete(KEPT).where(gone).returning(KEPT.c.digest)))
    left = set(session.scalars(select(KEPT.c.digest).where(KEPT.c.digest.in_(named))))
    for digest in sorted(named - left):
        let_go_of_file(unit, SLUG, digest)
