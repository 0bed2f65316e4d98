"""The looks of the desk: one draft that owners share, what is published, ten revisions of it.

A revision is never changed; which one is shown is one value among the desk's settings, read with
them by every request. So every process shows a new look from its next answer on, and going back
shows the very same bytes again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from deskcore.domain import appearance as looks
from deskcore.domain.appearance import Appearance, from_text, to_text
from deskcore.domain.people import Actor
from deskcore.domain.tokens import FONTS
from deskcore.errors import Conflict, Invalid, NotFound, Problem
from deskcore.i18n import LANGUAGES, _
from deskcore.models import DeskSetting, LookDraft, LookRevision
from deskcore.services import files
from deskcore.services.access import require
from deskcore.services.own_css import check_css
from deskcore.services.unit import Unit, reading, unit_of_work

if TYPE_CHECKING:
    from deskcore.services.logos import Logo

REVISIONS = 10
LONGEST_TEXT = 600
PERMISSION = "desk.manage"
_KEY = "desk.look"
_ONLY = 1
_kept: dict[str, str] = {}
_MOST_KEPT = 100


@dataclass(frozen=True, kw_only=True)
class Draft:
    """The choices as they will be published; ``text`` is how they are stored.

    ``is_changed`` is false while nothing differs from what is shown already.
    """

    appearance: Appearance
    text: str
    version: int
    is_changed: bool
    by_name: str
    at: datetime | None


@dataclass(frozen=True, kw_only=True)
class Revision:
    """Choices that were published once; number 0 is the look the desk came with."""

    id: int
    appearance: Appearance
    by_name: str
    at: datetime | None
    is_shown: bool


class Stale(Conflict):
    """Somebody else has changed the draft, or published it: nothing of theirs was overwritten."""

    def __init__(self, draft: Draft) -> None:
        super().__init__(
            _(
                "%(name)s has changed the draft meanwhile. Nothing was overwritten.",
                name=draft.by_name,
            )
        )
        self.draft = draft


def text_of_look(look: str) -> str:
    """Return the stored choices of a published look, by its name in the desk's settings.

    Names hold a digest, so what was read once is kept. Empty for the look the desk came with.
    """
    if not look:
        return ""
    if look not in _kept:
        with reading() as session:
            row = session.get(LookRevision, int(look.partition("-")[0]))
        if row is None:
            return ""
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        _kept[look] = row.content
    return _kept[look]


def draft(actor: Actor) -> Draft:
    """Return the draft as it is, or what is shown when there is none."""
    require(actor, PERMISSION)
    with reading() as session:
        return _draft(session, session.get_one(LookDraft, _ONLY))


def save_draft(
    actor: Actor, version: int, wished: Appearance, *, logo: bytes | None = None
) -> Draft:
    """Keep choices without showing them to anybody; raises Invalid, or Stale beside a newer draft.

    *logo* is an uploaded file, empty to do without one, None to leave it as it is.
    """
    require(actor, PERMISSION)
    _check(wished)
    picture = _picture(logo) if logo else None
    digest = files.write(picture.content) if picture else ""
    with unit_of_work(actor) as unit:
        row, now = _locked(unit, version)
        if logo is None:
            wished = replace(wished, logo=now.appearance.logo, logo_type=now.appearance.logo_type)
        elif picture:
            files.refer(unit.session, digest, len(picture.content), unit.now)
            wished = replace(wished, logo=digest, logo_type=picture.content_type)
        if to_text(wished) != now.text:
            _write(unit, row, to_text(wished), wished.logo)
        return _draft(unit.session, row)


def _picture(content: bytes) -> Logo:
    """Read an uploaded logo; the parser of pictures is large, and few processes ever need it."""
    from deskcore.services.logos import read_logo  # noqa: PLC0415  said above

    return read_logo(content)


def publish(actor: Actor, version: int) -> None:
    """Show the draft to everybody; the oldest revision beyond ten goes."""
    require(actor, PERMISSION)
    with unit_of_work(actor) as unit:
        row, now = _locked(unit, version)
        if not now.is_changed:
            return
        made = LookRevision(
            content=now.text, logo=now.appearance.logo, by_name=actor.name, at=unit.now
        )
        before = _appearance(_shown_text(unit.session))
        unit.session.add(made)
        unit.session.flush()
        _show(unit, made)
        _write(unit, row, "", "")
        _forget_oldest(unit.session)
        _audit(unit, "look.published", before, now.appearance)


def discard(actor: Actor, version: int) -> None:
    """Throw the draft away; what is shown stays."""
    require(actor, PERMISSION)
    with unit_of_work(actor) as unit:
        row, now = _locked(unit, version)
        if now.is_changed:
            shown = _appearance(_shown_text(unit.session))
            _audit(unit, "look.discarded", now.appearance, shown)
        _write(unit, row, "", "")


def revisions(actor: Actor) -> list[Revision]:
    """Return what can be gone back to, the newest first; the look the desk came with is last."""
    require(actor, PERMISSION)
    with reading() as session:
        shown = _shown(session)
        rows = session.scalars(select(LookRevision).order_by(LookRevision.id.desc()))
        found = [
            Revision(
                id=row.id,
                appearance=from_text(row.content),
                by_name=row.by_name,
                at=row.at,
                is_shown=_name(row) == shown,
            )
            for row in rows
        ]
    first = Revision(id=0, appearance=Appearance(), by_name="", at=None, is_shown=not shown)
    return [*found, first] if found else []


def go_back(actor: Actor, revision_id: int) -> None:
    """Show a revision again, exactly as it was; a draft stays a draft."""
    require(actor, PERMISSION)
    with unit_of_work(actor) as unit:
        unit.session.get_one(LookDraft, _ONLY, with_for_update=True)
        row = unit.session.get(LookRevision, revision_id) if revision_id else None
        if row is None and revision_id:
            raise NotFound(_("This look is no longer kept."))
        before = _appearance(_shown_text(unit.session))
        _show(unit, row)
        _audit(unit, "look.returned", before, _appearance(row.content if row else ""))


def logo_file(digest: str) -> tuple[bytes, str]:
    """Return the bytes of a logo that some look has, and their kind; raises NotFound."""
    with reading() as session:
        content = session.scalars(
            select(LookRevision.content).where(LookRevision.logo == digest).limit(1)
        ).one_or_none()
        if content is None:
            content = session.scalars(
                select(LookDraft.content).where(LookDraft.logo == digest)
            ).one_or_none()
    if not digest or content is None:
        raise NotFound(_("There is no such picture."))
    return files.read(digest), from_text(content).logo_type


def _locked(unit: Unit, version: int) -> tuple[LookDraft, Draft]:
    """Take the draft for this transaction; raises Stale when it is newer than *version*."""
    row = unit.session.get_one(LookDraft, _ONLY, with_for_update=True)
    now = _draft(unit.session, row)
    if row.version != version:
        raise Stale(now)
    return row, now


def _draft(session: Session, row: LookDraft) -> Draft:
    shown = _shown_text(session)
    text = row.content or shown or to_text(Appearance())
    return Draft(
        appearance=from_text(text),
        text=text,
        version=row.version,
        is_changed=bool(row.content) and row.content != (shown or to_text(Appearance())),
        by_name=row.by_name,
        at=row.at,
    )


def _appearance(text: str) -> Appearance:
    return from_text(text) if text else Appearance()


def _write(unit: Unit, row: LookDraft, content: str, logo: str) -> None:
    row.content, row.logo, row.version = content, logo, row.version + 1
    row.by_name, row.at = unit.actor.name, unit.now
    unit.session.flush()


def _shown(session: Session) -> str:
    value = session.scalar(select(DeskSetting.value).where(DeskSetting.key == _KEY))
    return str(json.loads(value)) if value else ""


def _shown_text(session: Session) -> str:
    number = int(_shown(session).partition("-")[0] or 0)
    row = session.get(LookRevision, number) if number else None
    return row.content if row else ""


def _show(unit: Unit, row: LookRevision | None) -> None:
    unit.session.merge(DeskSetting(key=_KEY, value=json.dumps(_name(row) if row else "")))
    unit.session.flush()


def _name(row: LookRevision) -> str:
    return f"{row.id}-{hashlib.sha256(row.content.encode()).hexdigest()[:32]}"


def _forget_oldest(session: Session) -> None:
    newest = select(LookRevision.id).order_by(LookRevision.id.desc()).limit(REVISIONS)
    kept = list(session.scalars(newest))
    session.execute(delete(LookRevision).where(LookRevision.id < kept[-1]))


def _audit(unit: Unit, action: str, before: Appearance, after: Appearance) -> None:
    """Write down what changed; of long texts only how long they are."""
    old, new = _in_short(before), _in_short(after)
    changed = [name for name in new if old[name] != new[name]]
    unit.audit(
        action,
        before={name: old[name] for name in changed},
        after={name: new[name] for name in changed},
    )


def _in_short(appearance: Appearance) -> dict[str, object]:
    values = asdict(appearance)
    css = hashlib.sha256(appearance.css.encode()).hexdigest()[:12]
    return {**values, "css": f"{len(appearance.css)}, {css}" if appearance.css else ""}


def _check(wished: Appearance) -> None:
    """Raise Invalid with everything that cannot be used."""
    known: Mapping[str, tuple[str, ...]] = {
        "corner": ("", *looks.CORNERS),
        "font": ("", *FONTS),
        "density": looks.DENSITIES,
        "scheme": looks.SCHEME_CHOICES,
        "contrast": looks.CONTRASTS,
    }
    problems = [
        Problem(field=field, message=_("Choose one of the list."))
        for field, choices in known.items()
        if getattr(wished, field) not in choices
    ]
    if not 0 <= wished.hue <= looks.LARGEST_HUE:
        problems.append(Problem(field="hue", message=_("A hue is a number from 0 to 359.")))
    if not 0 <= wished.strength <= looks.FULL:
        problems.append(
            Problem(field="strength", message=_("A strength is from 0 to 100 percent."))
        )
    for place, texts in (("header", wished.header), ("footer", wished.footer)):
        for language, text in texts.items():
            if language not in LANGUAGES or len(text) > LONGEST_TEXT:
                message = _("Use at most %(most)s characters.", most=LONGEST_TEXT)
                problems.append(Problem(field=f"{place}_{language}", message=message))
    if problems:
        raise Invalid(problems)
    check_css(wished.css)
