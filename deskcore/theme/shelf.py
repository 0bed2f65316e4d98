"""The themes as their admins see them: what lies there now, what is worn, why others are not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from deskcore.domain.kinds import ThemeState
from deskcore.domain.people import Actor
from deskcore.errors import NotFound
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.services import theme_records
from deskcore.services.access import require
from deskcore.services.theme_life import RIGHT
from deskcore.services.theme_records import FailureLine
from deskcore.services.unit import reading
from deskcore.theme.discovery import FOLDER, FoundTheme, chain, discover_themes
from deskcore.theme.sheets import SHEETS, portrait_name
from deskcore.theme.wearing import Wardrobe, states

_ORDER = (ThemeState.ACTIVE, ThemeState.SUSPENDED, ThemeState.FOUND)


@dataclass(frozen=True, kw_only=True)
class ThemeLine:
    """One theme: its state and the reason, what it dresses, what failed since it was activated.

    ``key`` tells two themes of one slug apart; ``parents`` are those it stands on, nearest first.
    """

    key: str
    found: FoundTheme
    state: ThemeState
    reason: str = ""
    portrait: str = ""
    parents: tuple[str, ...] = ()
    surfaces: tuple[str, ...] = ()
    failures: tuple[FailureLine, ...] = ()

    @property
    def can_be_worn(self) -> bool:
        """Whether it can be activated, which one that is worn need not be."""
        return self.state in {ThemeState.FOUND, ThemeState.SUSPENDED}


def theme_lines(actor: Actor) -> list[ThemeLine]:
    """List every theme that lies there now: the worn one first, then those in trouble."""
    require(actor, RIGHT)
    there = discover_themes(config().instance / FOLDER)
    with reading() as session:
        choice = theme_records.choice_in(session)
        failed = {found.slug: theme_records.failures(session, found.slug) for found in there}
    lines = [
        ThemeLine(
            key=f"{status.found.slug}-{status.found.source}",
            found=status.found,
            state=status.state,
            reason=status.reason,
            portrait=_portrait(status.found),
            parents=_parents(status.found, there),
            surfaces=_surfaces(status.found),
            failures=tuple(failed[status.found.slug]) if not status.found.problem else (),
        )
        for status in states(there, choice)
    ]
    return sorted(lines, key=lambda line: (_place(line.state), line.found.name.casefold()))


def theme_line(actor: Actor, slug: str) -> ThemeLine:
    """Return one theme, the one that can be worn where there are two; raises NotFound."""
    lines = [line for line in theme_lines(actor) if line.found.slug == slug]
    if not lines:
        raise NotFound(_("There is no such theme."))
    return lines[0]


def suspended(wardrobe: Wardrobe) -> FoundTheme | None:
    """Return the theme that this process does without because it failed too often."""
    if wardrobe.choice.worn:
        return None
    there = (each for each in wardrobe.there if each.slug in wardrobe.choice.suspended)
    return next(there, None)


def _place(state: ThemeState) -> int:
    return _ORDER.index(state) if state in _ORDER else len(_ORDER)


def _portrait(found: FoundTheme) -> str:
    name = found.manifest.screenshot if found.manifest else ""
    return portrait_name(found.slug, name) if name else ""


def _parents(found: FoundTheme, there: Sequence[FoundTheme]) -> tuple[str, ...]:
    return () if found.problem else tuple(each.name for each in chain(found, there)[1:])


def _surfaces(found: FoundTheme) -> tuple[str, ...]:
    """Name what a theme dresses by itself: templates and sheets of its own folder."""
    templates = found.folder / "templates"
    has = {
        "public": (templates / "public").is_dir() or (found.folder / SHEETS["public"]).is_file(),
        "mail": (templates / "mail").is_dir(),
        "agent": (found.folder / SHEETS["agent"]).is_file(),
    }
    return tuple(name for name, is_there in has.items() if is_there)
