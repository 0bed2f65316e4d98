"""What was learned: read for a judgement, added to by lessons, bounded by forgetting the oldest.

The filter remembers the newest KEPT lessons of each sort. One more makes it unlearn the oldest, so
counts follow what spam looks like now, and the tables stop growing.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from deskcore.api.data import Unit, insert_into, reading
from plugins.spam.bayes import Seen
from plugins.spam.tables import LESSONS, TOKENS, TOTALS

KEPT = 1_000
_NEVER = Seen(spam=0, ham=0)


def totals() -> Seen:
    """Return how many lessons of each sort are remembered."""
    with reading() as session:
        return recall(session)[TOTALS]


def recall(session: Session, digests: Iterable[int] = ()) -> Mapping[int, Seen]:
    """Return how often each token was seen, in one statement; TOTALS is always among them."""
    wanted = [TOTALS, *digests]
    rows = session.execute(select(TOKENS).where(TOKENS.c.digest.in_(wanted))).all()
    found = {row.digest: Seen(spam=row.spam, ham=row.ham) for row in rows}
    return {digest: found.get(digest, _NEVER) for digest in wanted}


def learn(
    unit: Unit, number: int, digests: Iterable[int], *, is_spam: bool, only_new: bool = False
) -> None:
    """Remember ticket *number* as an example of its sort; a lesson of the other sort is undone.

    With *only_new* a ticket that was learned before stays as it is. Learning twice does nothing.
    """
    known = unit.session.execute(
        select(LESSONS).where(LESSONS.c.number == number).with_for_update()
    ).one_or_none()
    if known is not None and (only_new or known.is_spam == is_spam):
        return
    if known is not None:
        _forget(unit, known)
    packed = array("q", sorted(set(digests)))
    values = {"number": number, "is_spam": is_spam, "digests": packed.tobytes(), "at": unit.now}
    unit.session.execute(insert(LESSONS).values(**values))
    _count(unit, packed, is_spam=is_spam, by=1)
    of_sort = select(LESSONS).where(LESSONS.c.is_spam.is_(is_spam))
    newest_first = of_sort.order_by(LESSONS.c.at.desc(), LESSONS.c.number.desc())
    for old in unit.session.execute(newest_first.offset(KEPT)).all():
        _forget(unit, old)


def _forget(unit: Unit, lesson: Any) -> None:  # noqa: ANN401  a row of LESSONS
    packed = array("q", lesson.digests)
    _count(unit, packed, is_spam=lesson.is_spam, by=-1)
    is_unseen = (TOKENS.c.spam <= 0) & (TOKENS.c.ham <= 0)
    unit.session.execute(delete(TOKENS).where(TOKENS.c.digest.in_(packed.tolist()), is_unseen))
    unit.session.execute(delete(LESSONS).where(LESSONS.c.number == lesson.number))


def _count(unit: Unit, digests: array[int], *, is_spam: bool, by: int) -> None:
    """Change the counts of tokens; TOTALS comes first, so two lessons at once wait in one line."""
    sort = "spam" if is_spam else "ham"
    rows = [{"digest": one, "spam": 0, "ham": 0, sort: by} for one in (TOTALS, *digests)]
    statement = insert_into(unit.session, TOKENS).values(rows)
    unit.session.execute(
        statement.on_conflict_do_update(
            index_elements=["digest"],
            set_={sort: TOKENS.c[sort] + statement.excluded[sort]},
        )
    )
