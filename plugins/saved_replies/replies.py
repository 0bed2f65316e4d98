"""Saved replies: read by whoever may use them, written by whoever has the right."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update

from deskcore.api import (
    LANGUAGES,
    N_,
    Actor,
    Invalid,
    NotFound,
    Problem,
    _,
    page_language,
    placeholders_in,
)
from deskcore.api.data import (
    Unit,
    can,
    check_tags,
    placeholders,
    reading,
    require,
    statuses,
    teams,
    unit_of_work,
)
from plugins.saved_replies.places import MANAGE
from plugins.saved_replies.tables import REPLIES, TEAMS, TEXTS

MOST = 2_000  # replies of one desk: the picker looks through all of them
LONGEST_NAME = 120
LONGEST_TEXT = 20_000


@dataclass(frozen=True, kw_only=True)
class Written:
    """A saved reply as somebody wants it; ``texts`` by language, empty ones are none."""

    name: str
    texts: Mapping[str, str]
    tags: Sequence[str] = ()
    status: str = ""
    team_ids: frozenset[int] = frozenset()


@dataclass(frozen=True, kw_only=True)
class SavedReply:
    """A saved reply as it is kept."""

    id: int
    name: str
    texts: Mapping[str, str]
    tags: tuple[str, ...]
    status: str
    team_ids: frozenset[int]
    uses: int
    used_at: datetime | None
    changed_at: datetime
    changed_by: str
    version: int

    def text_in(self, language: str) -> tuple[str, str]:
        """Return its language and text: the one wanted, else the reader's, else the first."""
        wanted = (language, page_language(), *LANGUAGES, *self.texts)
        found = next(each for each in wanted if each in self.texts)
        return found, self.texts[found]


def usable(actor: Actor) -> list[SavedReply]:
    """Return what *actor* may use, by name: all for those who write them, else their teams'."""
    sees_all = can(actor, MANAGE.name)
    return [
        reply
        for reply in _read()
        if sees_all or not reply.team_ids or reply.team_ids & actor.team_ids
    ]


def one(actor: Actor, reply_id: int) -> SavedReply:
    """Return one that *actor* may use; raises NotFound."""
    for reply in usable(actor):
        if reply.id == reply_id:
            return reply
    raise NotFound(_("There is no such saved reply; somebody may have deleted it meanwhile."))


def create(actor: Actor, written: Written) -> int:
    """Keep a new one; returns its id. Raises Invalid."""
    require(actor, MANAGE.name)
    written = _checked(written)
    with unit_of_work(actor) as unit:
        values = {**_columns(unit, written), "uses": 0, "version": 1}
        statement = insert(REPLIES).values(**values).returning(REPLIES.c.id)
        reply_id: int = unit.session.execute(statement).scalar_one()
        _store_parts(unit, reply_id, written)
        unit.audit(N_("wrote a saved reply"), written.name)
    return reply_id


def change(actor: Actor, reply_id: int, written: Written, *, version: int) -> None:
    """Change one; raises Invalid, also when it was changed since *version* was read."""
    require(actor, MANAGE.name)
    before = one(actor, reply_id)
    known = frozenset(name for text in before.texts.values() for name in placeholders_in(text))
    written = _checked(written, known=known)
    with unit_of_work(actor) as unit:
        statement = (
            update(REPLIES)
            .where(REPLIES.c.id == reply_id, REPLIES.c.version == version)
            .values(**_columns(unit, written), version=version + 1)
            .returning(REPLIES.c.id)
        )
        if unit.session.execute(statement).one_or_none() is None:
            problem = _(
                "Somebody changed this saved reply meanwhile. Nothing was saved; your text is below. "
                "Open the saved reply in another tab to compare."
            )
            raise Invalid([Problem(field="", message=problem)])
        _store_parts(unit, reply_id, written)
        unit.audit(N_("changed a saved reply"), written.name)


def remove(actor: Actor, reply_id: int) -> str:
    """Delete one; returns its name. Answers in which it was used stay as they are."""
    require(actor, MANAGE.name)
    name = one(actor, reply_id).name
    with unit_of_work(actor) as unit:
        for table in (TEXTS, TEAMS):
            unit.session.execute(delete(table).where(table.c.reply_id == reply_id))
        unit.session.execute(delete(REPLIES).where(REPLIES.c.id == reply_id))
        unit.audit(N_("deleted a saved reply"), name)
    return name


def count_use(actor: Actor, reply_id: int) -> None:
    """Count that one was put into an answer."""
    with unit_of_work(actor) as unit:
        counted = {"uses": REPLIES.c.uses + 1, "used_at": unit.now}
        unit.session.execute(update(REPLIES).where(REPLIES.c.id == reply_id).values(**counted))


def all_placeholders() -> frozenset[str]:
    """Return every placeholder that any kept text holds."""
    with reading() as session:
        bodies = session.scalars(select(TEXTS.c.body).where(TEXTS.c.body.contains("{{"))).all()
    return frozenset(name for body in bodies for name in placeholders_in(body))


def _read() -> list[SavedReply]:
    with reading() as session:
        rows = session.execute(select(REPLIES).order_by(REPLIES.c.name, REPLIES.c.id).limit(MOST))
        kept = rows.all()
        texts: defaultdict[int, dict[str, str]] = defaultdict(dict)
        for row in session.execute(select(TEXTS)):
            texts[row.reply_id][row.language] = row.body
        of_teams: defaultdict[int, set[int]] = defaultdict(set)
        for row in session.execute(select(TEAMS)):
            of_teams[row.reply_id].add(row.team_id)
    return [
        SavedReply(
            **{**row._mapping, "tags": tuple(row.tags)},  # noqa: SLF001  SQLAlchemy's public name
            texts=texts[row.id],
            team_ids=frozenset(of_teams[row.id]),
        )
        for row in kept
    ]


def _columns(unit: Unit, written: Written) -> dict[str, object]:
    return {
        "name": written.name,
        "tags": list(written.tags),
        "status": written.status,
        "changed_at": unit.now,
        "changed_by": unit.actor.name,
    }


def _store_parts(unit: Unit, reply_id: int, written: Written) -> None:
    for table in (TEXTS, TEAMS):
        unit.session.execute(delete(table).where(table.c.reply_id == reply_id))
    texts = [
        {"reply_id": reply_id, "language": language, "body": body}
        for language, body in written.texts.items()
    ]
    unit.session.execute(insert(TEXTS), texts)
    if written.team_ids:
        rows = [{"reply_id": reply_id, "team_id": team_id} for team_id in sorted(written.team_ids)]
        unit.session.execute(insert(TEAMS), rows)


def _checked(written: Written, *, known: frozenset[str] = frozenset()) -> Written:
    """Return it tidied; raises Invalid. *known* are placeholders that it held before."""
    name = " ".join(written.name.replace("\x00", "").split())
    texts = {
        language: body.replace("\r\n", "\n").replace("\x00", "").strip()
        for language, body in written.texts.items()
    }
    tags = check_tags(written.tags).values()
    problems = [*_of_name(name), *_of_texts(texts, known), *_of_choices(written)]
    if problems:
        raise Invalid(problems)
    return Written(
        name=name,
        texts={language: body for language, body in texts.items() if body},
        tags=tuple(tags),
        status=written.status,
        team_ids=written.team_ids,
    )


def _of_name(name: str) -> list[Problem]:
    if name and len(name) <= LONGEST_NAME:
        return []
    message = _("Give it a name of at most 120 characters, by which colleagues find it.")
    return [Problem(field="name", message=message)]


def _of_texts(texts: Mapping[str, str], known: frozenset[str]) -> list[Problem]:
    if not any(texts.values()):
        field = f"text_{page_language()}"
        return [Problem(field=field, message=_("Write the text in at least one language."))]
    there = known | {each.name for each in placeholders()}
    problems = []
    for language, body in texts.items():
        strange = [name for name in placeholders_in(body) if name not in there]
        if strange:
            message = _("The desk knows no placeholder “%(name)s”.", name=strange[0])
            problems.append(Problem(field=f"text_{language}", message=message))
        if len(body) > LONGEST_TEXT:
            message = _("Use at most 20,000 characters.")
            problems.append(Problem(field=f"text_{language}", message=message))
    return problems


def _of_choices(written: Written) -> list[Problem]:
    problems = []
    if written.status and written.status not in {each.key for each in statuses()}:
        message = _("Choose one of the statuses listed.")
        problems.append(Problem(field="after", message=message))
    if written.team_ids - {team.id for team in teams()}:
        problems.append(Problem(field="team_ids", message=_("Choose among the teams listed.")))
    return problems
