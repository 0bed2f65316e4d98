"""Which themes there are, without running anything of them.

Bundled themes, folders dropped into ``instance/themes``, and packages that installed distributions
name by an entry point; of two with one slug the first source holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path

from deskcore.domain.kinds import ThemeState
from deskcore.domain.tokens import TokenLayer
from deskcore.errors import Invalid
from deskcore.plugin.discovery import PACKAGE, Source, package_folder
from deskcore.plugin.manifest import ManifestError, other_desk
from deskcore.services.theme_tokens import read_tokens
from deskcore.theme.manifest import (
    FILE_NAME,
    ThemeFile,
    ThemeManifest,
    read_theme,
)

FOLDER = "themes"
ENTRY_POINTS = "deskcore.themes"
LONGEST_CHAIN = 5  # every layer is looked through for every template


@dataclass(frozen=True, kw_only=True)
class FoundTheme:
    """A theme that is there: where, its manifest, and what stands against wearing it.

    ``state`` is FOUND, INVALID or INCOMPATIBLE; only the desk's memory knows more.
    """

    slug: str
    source: Source
    folder: Path
    file: ThemeFile | None = None
    tokens: TokenLayer = field(default_factory=TokenLayer)
    state: ThemeState = ThemeState.FOUND
    problem: str = ""

    @property
    def manifest(self) -> ThemeManifest | None:
        """The manifest; None when it cannot be read."""
        return self.file.theme if self.file else None

    @property
    def name(self) -> str:
        """The name for people; the slug when there is no manifest to tell it."""
        return self.file.theme.name if self.file else self.slug

    @property
    def parent(self) -> str:
        """The slug of the theme it stands on, empty for none."""
        return self.file.theme.parent if self.file else ""


def bundled_themes() -> Path:
    """Return where the desk's own themes lie: beside the package, or inside an installed one."""
    inside = PACKAGE / "_bundled" / FOLDER
    return inside if inside.is_dir() else PACKAGE.parent / FOLDER


def discover_themes(dropped: Path, *, bundled: Path | None = None) -> list[FoundTheme]:
    """List every theme by slug, each with what stands against it, also in its parents."""
    everything = [
        *_in_folder(bundled if bundled is not None else bundled_themes(), "bundled"),
        *_in_folder(dropped, "dropped"),
        *_installed(entry_points(group=ENTRY_POINTS)),
    ]
    held: dict[str, FoundTheme] = {}
    doubles = []
    for found in everything:
        holder = held.setdefault(found.slug, found)
        if holder is not found:
            reason = f"A {holder.source} theme has the slug {found.slug!r} already."
            doubles.append(replace(found, state=ThemeState.INVALID, problem=reason))
    judged = [with_parents(found, held) for found in held.values()]
    return sorted([*judged, *doubles], key=lambda found: (found.slug, found.source))


def chain(found: FoundTheme, there: Iterable[FoundTheme]) -> Sequence[FoundTheme]:
    """Return a theme and those it stands on, itself first; it must have no problem."""
    by_slug = {each.slug: each for each in reversed(list(there)) if not each.problem}
    layers = [found]
    while layers[-1].parent:
        layers.append(by_slug[layers[-1].parent])
    return layers


def describe_theme(folder: Path, *, slug: str, source: Source) -> FoundTheme:
    """Read what lies in a folder; whatever is wrong there is its problem."""
    found = FoundTheme(slug=slug, source=source, folder=folder)
    try:
        file = read_theme(folder, slug=slug)
    except ManifestError as error:
        return replace(found, state=ThemeState.INVALID, problem=str(error))
    found = replace(found, file=file)
    if reason := other_desk(file.theme.desk):
        return replace(found, state=ThemeState.INCOMPATIBLE, problem=reason)
    try:
        return replace(found, tokens=read_tokens(file.tokens))
    except Invalid as invalid:
        wrong = "; ".join(f"{each.field}: {each.message}" for each in invalid.problems)
        return replace(found, state=ThemeState.INVALID, problem=f"{FILE_NAME}: {wrong}")


def with_parents(found: FoundTheme, held: Mapping[str, FoundTheme]) -> FoundTheme:
    """Hold against a theme what stands against those below it."""
    seen = [found.slug]
    below = found
    while not found.problem and below.parent:
        if below.parent in seen:
            return _invalid(found, f"It stands on itself: {' → '.join([*seen, below.parent])}.")
        parent = held.get(below.parent)
        if parent is None:
            return _invalid(found, f"The theme {below.parent!r} that it stands on is not there.")
        if parent.problem:
            reason = f"The theme {parent.slug!r} that it stands on cannot be worn: {parent.problem}"
            return replace(found, state=parent.state, problem=reason)
        seen.append(parent.slug)
        if len(seen) > LONGEST_CHAIN:
            return _invalid(found, f"It stands on more than {LONGEST_CHAIN - 1} other themes.")
        below = parent
    return found


def _in_folder(folder: Path, source: Source) -> Iterator[FoundTheme]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "_")):
            yield describe_theme(path, slug=path.name, source=source)


def _installed(points: Iterable[EntryPoint]) -> Iterator[FoundTheme]:
    for point in points:
        folder, problem = package_folder(point.value)
        if problem:
            yield FoundTheme(
                slug=point.name,
                source="installed",
                folder=folder,
                state=ThemeState.INVALID,
                problem=problem,
            )
        else:
            yield describe_theme(folder, slug=point.name, source="installed")


def _invalid(found: FoundTheme, reason: str) -> FoundTheme:
    return replace(found, state=ThemeState.INVALID, problem=reason)
