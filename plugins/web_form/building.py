"""Building forms: made, changed and deleted by whoever has the right, and written into the audit log."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from deskcore.api import LANGUAGES, N_, SYSTEM, Actor, Invalid, Problem, _, now
from deskcore.api.data import Unit, check_tags, mailboxes, require, teams, unit_of_work
from plugins.web_form import stored
from plugins.web_form.places import MANAGE
from plugins.web_form.tables import FIELDS, FORMS, SENT
from plugins.web_form.usual import rows

TEXTS = ("title", "intro", "thanks", "button")
LONGEST = {"title": 120, "intro": 4_000, "thanks": 2_000, "button": 40}
MOST_SITES = 20
_SLUG = re.compile(r"[a-z][a-z0-9-]{1,39}")
_SITE = re.compile(r"https?://(\*\.)?[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?(:\d{1,5})?")


@dataclass(frozen=True, kw_only=True)
class Properties:
    """A form as somebody wants it, without its fields."""

    name: str
    slug: str
    is_on: bool
    is_first: bool
    mailbox_id: int
    team_id: int
    tags: Sequence[str]
    languages: Sequence[str]
    texts: Mapping[str, Mapping[str, str]]
    sites: Sequence[str]


def create(actor: Actor, name: str) -> int:
    """Make a form that can be used at once, with the fields that most have; returns its id."""
    require(actor, MANAGE.name)
    name = " ".join(name.replace("\x00", "").split())
    if not 0 < len(name) <= 80:  # noqa: PLR2004  what its column holds
        problem = _("Give it a name of at most 80 characters, by which colleagues find it.")
        raise Invalid([Problem(field="name", message=problem)])
    if len(stored.all_forms()) >= stored.MOST_FORMS:
        problem = _("A desk has at most %(count)d forms.", count=stored.MOST_FORMS)
        raise Invalid([Problem(field="name", message=problem)])
    with unit_of_work(actor) as unit:
        form_id = make(unit.session, name, _free_slug(unit, name), by=actor.name)
        unit.audit(N_("made a web form"), name)
    return form_id


def make(session: Session, name: str, slug: str, *, by: str, is_first: bool = False) -> int:
    """Put a form with the usual fields into the caller's transaction; returns its id."""
    values = {
        "slug": slug,
        "name": name,
        "is_on": True,
        "is_first": is_first,
        "mailbox_id": 0,
        "team_id": 0,
        "tags": [],
        "languages": list(LANGUAGES),
        "texts": {},
        "sites": [],
        "version": 1,
        "changed_at": now(),
        "changed_by": by,
    }
    made = insert(FORMS).values(**values).returning(FORMS.c.id)
    form_id: int = session.execute(made).scalar_one()
    session.execute(insert(FIELDS), rows(form_id))
    return form_id


def change(actor: Actor, form_id: int, wanted: Properties, *, version: int) -> None:
    """Change a form's properties; raises Invalid, also when it was changed since *version*."""
    require(actor, MANAGE.name)
    before = stored.by_id(form_id)
    wanted, problems = _checked(actor, wanted)
    if problems:
        raise Invalid(problems)
    values = {
        **vars(wanted),
        "tags": list(wanted.tags),
        "languages": list(wanted.languages),
        "sites": list(wanted.sites),
    }
    try:
        with unit_of_work(actor) as unit:
            if wanted.is_first:
                unit.session.execute(update(FORMS).values(is_first=False))
            touch(unit, form_id, version=version, values=values)
            unit.audit(N_("changed a web form"), wanted.name)
    except IntegrityError as error:
        if wanted.slug == before.slug:
            raise
        problem = _("Another form has this address. Choose another one.")
        raise Invalid([Problem(field="slug", message=problem)]) from error


def remove(actor: Actor, form_id: int) -> str:
    """Delete a form; returns its name. Tickets that came by it stay as they are."""
    require(actor, MANAGE.name)
    name = stored.by_id(form_id).name
    with unit_of_work(actor) as unit:
        for table in (FIELDS, SENT):
            unit.session.execute(delete(table).where(table.c.form_id == form_id))
        unit.session.execute(delete(FORMS).where(FORMS.c.id == form_id))
        unit.audit(N_("deleted a web form"), name)
    return name


def touch(
    unit: Unit, form_id: int, *, version: int | None, values: Mapping[str, object] | None = None
) -> None:
    """Note in a form that it was changed now; raises Invalid when *version* is not its own any more."""
    statement = update(FORMS).where(FORMS.c.id == form_id)
    if version is not None:
        statement = statement.where(FORMS.c.version == version)
    changed = {
        **(values or {}),
        "version": FORMS.c.version + 1,
        "changed_at": unit.now,
        "changed_by": unit.actor.name,
    }
    changed_one = statement.values(**changed).returning(FORMS.c.id)
    if unit.session.execute(changed_one).one_or_none() is None:
        problem = _(
            "Somebody changed this form meanwhile. Nothing was saved; what you wrote is below. "
            "Open the form in another tab to compare."
        )
        raise Invalid([Problem(field="", message=problem)])


def _free_slug(unit: Unit, name: str) -> str:
    """Make an address of a name; one that is taken, or of other letters, gets some of its own."""
    wanted = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:30]
    taken = set(unit.session.scalars(select(FORMS.c.slug)))
    if _SLUG.fullmatch(wanted) and wanted not in taken:
        return wanted
    return f"form-{secrets.token_hex(3)}"


def _checked(actor: Actor, wanted: Properties) -> tuple[Properties, list[Problem]]:
    texts = {
        name: {
            language: text.replace("\r\n", "\n").replace("\x00", "").strip()
            for language, text in by_language.items()
        }
        for name, by_language in wanted.texts.items()
    }
    sites = [site.strip().lower().rstrip("/") for site in wanted.sites if site.strip()]
    tidied = Properties(
        name=" ".join(wanted.name.replace("\x00", "").split()),
        slug=wanted.slug.strip().lower(),
        is_on=wanted.is_on,
        is_first=wanted.is_first,
        mailbox_id=wanted.mailbox_id,
        team_id=wanted.team_id,
        tags=list(check_tags(wanted.tags).values()),
        languages=[each for each in LANGUAGES if each in wanted.languages],
        texts={
            name: {language: text for language, text in by_language.items() if text}
            for name, by_language in texts.items()
        },
        sites=list(dict.fromkeys(sites)),
    )
    return tidied, list(_problems(actor, tidied))


def _problems(actor: Actor, wanted: Properties) -> Iterator[Problem]:
    if not 0 < len(wanted.name) <= 80:  # noqa: PLR2004  what its column holds
        problem = _("Give it a name of at most 80 characters, by which colleagues find it.")
        yield Problem(field="name", message=problem)
    if not _SLUG.fullmatch(wanted.slug):
        problem = _("Use small letters, digits and hyphens, beginning with a letter.")
        yield Problem(field="slug", message=problem)
    if not wanted.languages:
        yield Problem(field="languages", message=_("Choose at least one language."))
    yield from _problems_of_places(actor, wanted)
    for name, by_language in wanted.texts.items():
        for language, text in by_language.items():
            if len(text) > LONGEST[name]:
                problem = _("Use at most %(count)d characters.", count=LONGEST[name])
                yield Problem(field=f"{name}_{language}", message=problem)
    if wanted.is_first and not wanted.is_on:
        problem = _("The help page can offer only a form that is on.")
        yield Problem(field="is_first", message=problem)
    strange = [site for site in wanted.sites if not _SITE.fullmatch(site)]
    if strange or len(wanted.sites) > MOST_SITES:
        problem = _(
            "Write each site as https://shop.example, without a path, one in a line, 20 at most."
        )
        yield Problem(field="sites", message=problem)


def _problems_of_places(actor: Actor, wanted: Properties) -> Iterator[Problem]:
    known = {0, *(each.id for each in mailboxes(SYSTEM if actor.is_admin else actor))}
    if wanted.mailbox_id not in known:
        yield Problem(field="mailbox_id", message=_("Choose one of the mailboxes listed."))
    if wanted.team_id not in {0, *(each.id for each in teams())}:
        yield Problem(field="team_id", message=_("Choose one of the teams listed."))
