"""Reviews as their pages show them: only those of mailboxes that the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, func, or_, select

from deskcore.api import Actor, NotFound, _
from deskcore.api.data import mailboxes, reading, seen_by
from plugins.reviews.kinds import APPROVED, ASKED, DRAFTED, NEW, OVERDUE, RETURNED, WAITING
from plugins.reviews.review import stars_text
from plugins.reviews.tables import ANSWERS, REVIEWS, VERSIONS

A_PAGE = 50
OPEN = (NEW, DRAFTED, ASKED, OVERDUE, APPROVED, RETURNED)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """A review and the answer it has by now."""

    id: int
    number: int
    account_id: int
    kind: str
    state: str
    tenths: int | None
    author: str
    email: str
    customer_id: int | None
    title: str
    text: str
    product: str
    product_url: str
    link: str
    language: str
    digest: str
    written_at: datetime | None
    arrived_at: datetime
    changed_at: datetime | None
    waits_since: datetime | None
    answered_at: datetime | None
    refusal: str
    follow_up: int | None
    words: str = ""
    version: int = 0
    writers: tuple[int, ...] = ()
    by_name: str = ""
    answer_digest: str = ""
    comment: str = ""
    comment_by: str = ""
    approved: str = ""
    approved_by: str = ""
    published: str = ""

    @property
    def stars(self) -> str:
        """Its stars as a number, "" without any."""
        return stars_text(self.tenths)

    @property
    def full(self) -> int:
        """How many stars are drawn whole."""
        return round((self.tenths or 0) / 10)

    @property
    def is_outdated(self) -> bool:
        """Whether the words were written for what it said before."""
        return bool(self.words) and self.answer_digest != self.digest


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody looks for; an empty value narrows nothing."""

    state: str = ""
    site: int = 0
    stars: int = 0
    words: str = ""


_PLAIN = tuple(
    column
    for column in REVIEWS.c
    if column.name not in {"mailbox_id", "ticket_id", "external_id", "took_s"}
)
_ANSWER = (
    func.coalesce(ANSWERS.c.words, "").label("words"),
    func.coalesce(ANSWERS.c.version, 0).label("version"),
    ANSWERS.c.writers,
    func.coalesce(ANSWERS.c.by_name, "").label("by_name"),
    func.coalesce(ANSWERS.c.digest, "").label("answer_digest"),
    func.coalesce(ANSWERS.c.comment, "").label("comment"),
    func.coalesce(ANSWERS.c.comment_by, "").label("comment_by"),
    func.coalesce(ANSWERS.c.approved, "").label("approved"),
    func.coalesce(ANSWERS.c.approved_by, "").label("approved_by"),
    func.coalesce(ANSWERS.c.published, "").label("published"),
)
_SELECT = select(*_PLAIN, *_ANSWER).outerjoin(ANSWERS, ANSWERS.c.review_id == REVIEWS.c.id)


def visible(actor: Actor) -> ColumnElement[bool]:
    """Return the condition on reviews that somebody may see."""
    return REVIEWS.c.mailbox_id.in_([mailbox.id for mailbox in mailboxes(actor)])


def _is_seen(actor: Actor) -> ColumnElement[bool]:
    """Return the same condition within the question itself: for few reviews, not for all."""
    return REVIEWS.c.ticket_id.in_(seen_by(actor))


def listed(actor: Actor, wanted: Wanted, *, page: int = 1) -> tuple[list[Shown], int]:
    """Return a page of what fits, newest first, and how many fit in all."""
    fits = [visible(actor), *_conditions(wanted)]
    with reading() as session:
        count = session.scalars(select(func.count()).select_from(REVIEWS).where(*fits)).one()
        rows = (
            session.execute(
                _SELECT.where(*fits)
                .order_by(REVIEWS.c.arrived_at.desc(), REVIEWS.c.id.desc())
                .offset((page - 1) * A_PAGE)
                .limit(A_PAGE)
            )
            .mappings()
            .all()
        )
    return [_shown(row) for row in rows], count


def waiting(actor: Actor) -> list[Shown]:
    """Return what waits for approval, the longest first."""
    with reading() as session:
        rows = (
            session.execute(
                _SELECT.where(visible(actor), REVIEWS.c.state.in_(WAITING))
                .order_by(REVIEWS.c.waits_since, REVIEWS.c.id)
                .limit(A_PAGE)
            )
            .mappings()
            .all()
        )
    return [_shown(row) for row in rows]


def one(actor: Actor, number: int) -> Shown:
    """Return the review of a ticket; raises NotFound when there is none, or not for the reader."""
    with reading() as session:
        row = (
            session.execute(_SELECT.where(_is_seen(actor), REVIEWS.c.number == number))
            .mappings()
            .first()
        )
    if row is None:
        raise NotFound(_("There is no such review, or it is in a mailbox you cannot see."))
    return _shown(row)


def of_customer(actor: Actor, customer_id: int, addresses: list[str]) -> list[Shown]:
    """Return what somebody has written, newest first, wherever it is known by."""
    theirs = or_(REVIEWS.c.customer_id == customer_id, REVIEWS.c.email.in_(addresses))
    with reading() as session:
        rows = (
            session.execute(
                _SELECT.where(_is_seen(actor), theirs)
                .order_by(REVIEWS.c.arrived_at.desc(), REVIEWS.c.id.desc())
                .limit(5)
            )
            .mappings()
            .all()
        )
    return [_shown(row) for row in rows]


def rating_of(actor: Actor, product: str) -> tuple[str, int]:
    """Return the mean stars of a product as a number, and of how many reviews; "" without any."""
    fits = (_is_seen(actor), REVIEWS.c.product == product, REVIEWS.c.tenths.is_not(None))
    with reading() as session:
        mean, count = session.execute(
            select(func.avg(REVIEWS.c.tenths), func.count()).where(*fits)
        ).one()
    return (stars_text(round(float(mean))) if product and mean is not None else ""), count


def before(review_id: int) -> RowMapping | None:
    """Return what a review said until it was changed last, None when it never was."""
    with reading() as session:
        return (
            session.execute(
                select(VERSIONS)
                .where(VERSIONS.c.review_id == review_id)
                .order_by(VERSIONS.c.id.desc())
                .limit(1)
            )
            .mappings()
            .first()
        )


def products(actor: Actor) -> list[str]:
    """Return the products that were reviewed, by their names."""
    with reading() as session:
        names = select(REVIEWS.c.product).where(visible(actor), REVIEWS.c.product != "")
        return list(session.scalars(names.distinct().order_by(REVIEWS.c.product).limit(200)))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state == "open":
        found.append(REVIEWS.c.state.in_(OPEN))
    elif wanted.state == "waiting":
        found.append(REVIEWS.c.state.in_(WAITING))
    elif wanted.state == "answered":
        found.append(REVIEWS.c.answered_at.is_not(None))
    elif wanted.state:
        found.append(REVIEWS.c.state == wanted.state)
    if wanted.site:
        found.append(REVIEWS.c.account_id == wanted.site)
    if wanted.stars:
        most = wanted.stars * 10
        found.append(REVIEWS.c.tenths.between(most - 9, most))
    if wanted.words:
        like = "%" + wanted.words.replace("%", "").replace("_", "")[:100].lower() + "%"
        columns = (REVIEWS.c.product, REVIEWS.c.author, REVIEWS.c.text, REVIEWS.c.title)
        found.append(or_(*(func.lower(column).like(like) for column in columns)))
    return found


def _shown(row: RowMapping) -> Shown:
    values = dict(row)
    return Shown(**values | {"writers": tuple(values["writers"] or ())})
