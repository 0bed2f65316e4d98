"""Texts to begin an answer with, chosen by stars and language."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from deskcore.api import Actor, Invalid, NotFound, Problem, _
from deskcore.api.data import Unit, fill, reading, require, unit_of_work
from plugins.reviews.inbox import Shown
from plugins.reviews.rights import SET_UP
from plugins.reviews.tables import TEMPLATES

MOST = 10_000
_NAME = 120


@dataclass(frozen=True, kw_only=True)
class Text:
    """One text; it fits reviews of ``least`` to ``most`` stars, in a language or in any ("")."""

    id: int = 0
    name: str = ""
    least: int = 1
    most: int = 5
    language: str = ""
    words: str = ""
    version: int = 0


def all_texts() -> list[Text]:
    """Return all, by stars and name."""
    with reading() as session:
        rows = session.execute(
            select(TEMPLATES).order_by(TEMPLATES.c.least, TEMPLATES.c.name, TEMPLATES.c.id)
        )
        return [Text(**row._mapping) for row in rows]  # noqa: SLF001  SQLAlchemy's public name


def one(text_id: int) -> Text:
    """Return one; raises NotFound when it is gone."""
    found = next((text for text in all_texts() if text.id == text_id), None)
    if found is None:
        raise NotFound(_("This text is not there any more."))
    return found


def fitting(review: Shown) -> list[Text]:
    """Return those that fit a review, in its own language first."""
    fits = [
        text
        for text in all_texts()
        if review.tenths is None or text.least * 10 - 5 <= review.tenths < text.most * 10 + 5
    ]
    spoken = [
        text for text in fits if not review.language or text.language in {"", review.language}
    ]
    return sorted(spoken or fits, key=lambda text: (text.language != review.language, text.name))


def filled(actor: Actor, number: int, text: Text) -> str:
    """Return the words of a text for a review; what is not known stays in its braces."""
    (found,) = fill(actor, number, [(text.language or "en", text.words)])
    return found.text


def keep(actor: Actor, text: Text) -> int:
    """Keep a new text or a changed one; returns its id."""
    require(actor, SET_UP)
    text = _checked(text)
    values = {
        name: getattr(text, name) for name in ("name", "least", "most", "language", "words")
    } | {"version": text.version + 1}
    with unit_of_work(actor) as unit:
        unit.audit("reviews.template", text.name)
        if not text.id:
            return int(
                unit.session.execute(
                    insert(TEMPLATES).values(**values).returning(TEMPLATES.c.id)
                ).scalar_one()
            )
        _change(unit, text, values)
    return text.id


def remove(actor: Actor, text_id: int) -> str:
    """Delete a text; returns its name."""
    require(actor, SET_UP)
    text = one(text_id)
    with unit_of_work(actor) as unit:
        unit.session.execute(delete(TEMPLATES).where(TEMPLATES.c.id == text_id))
        unit.audit("reviews.template_deleted", text.name)
    return text.name


def _change(unit: Unit, text: Text, values: dict[str, object]) -> None:
    theirs = (TEMPLATES.c.id == text.id, TEMPLATES.c.version == text.version)
    done = unit.session.execute(
        update(TEMPLATES).where(*theirs).values(**values).returning(TEMPLATES.c.id)
    )
    if done.first() is None:
        message = _("Somebody changed this text while you had it open. Nothing was saved.")
        raise Invalid([Problem(field="name", message=message)])


def _checked(text: Text) -> Text:
    problems = []
    if not text.name.strip() or len(text.name) > _NAME:
        problems.append(Problem(field="name", message=_("Enter a name of at most 120 characters.")))
    if not text.words.strip() or len(text.words) > MOST:
        problems.append(
            Problem(field="words", message=_("Enter a text of at most 10,000 characters."))
        )
    if not 1 <= text.least <= text.most <= 5:  # noqa: PLR2004  stars
        problems.append(Problem(field="most", message=_("From one star to five, the fewer first.")))
    if problems:
        raise Invalid(problems)
    return text
