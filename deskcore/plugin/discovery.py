"""Which plugins there are, without importing a line of them.

Bundled plugins and folders dropped into ``instance/plugins`` are imported as ``plugins.<slug>``;
installed distributions name their package by an entry point and keep its name.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import Literal

from deskcore.plugin.manifest import FILE_NAME, Manifest, ManifestError, read_manifest

NAMESPACE = "plugins"
ENTRY_POINTS = "deskcore.plugins"
PACKAGE = Path(__file__).resolve().parent.parent

Source = Literal["bundled", "dropped", "installed"]


@dataclass(frozen=True, kw_only=True)
class Found:
    """A plugin that is there: where, and its manifest or the reason it has none.

    ``problem`` is empty when the plugin may be loaded.
    """

    slug: str
    source: Source
    folder: Path
    module: str
    manifest: Manifest | None = None
    problem: str = ""

    @property
    def name(self) -> str:
        """The name for people; the slug when there is no manifest to tell it."""
        return self.manifest.name if self.manifest else self.slug


def bundled_folder() -> Path:
    """Return where the desk's own plugins lie: beside the package, or inside an installed one."""
    inside = PACKAGE / "_bundled" / NAMESPACE
    return inside if inside.is_dir() else PACKAGE.parent / NAMESPACE


def discover(dropped: Path, *, bundled: Path | None = None) -> list[Found]:
    """List every plugin by slug: bundled, dropped into *dropped*, installed.

    Of two with the same slug the first source holds and the other is listed with its problem,
    unless its manifest says ``replaces``. Nothing of any plugin is executed.
    """
    ours = bundled if bundled is not None else bundled_folder()
    everything = [
        *_in_folder(ours, "bundled"),
        *_in_folder(dropped, "dropped"),
        *_installed(entry_points(group=ENTRY_POINTS)),
    ]
    return sorted(_without_doubles(everything), key=lambda found: (found.slug, found.source))


def open_namespace(*folders: Path) -> ModuleType:
    """Make ``plugins`` importable wherever the desk is run from, with *folders* on its path."""
    package = sys.modules.get(NAMESPACE)
    if package is None:
        package = ModuleType(NAMESPACE)
        package.__path__ = []
        package.__spec__ = importlib.util.spec_from_loader(NAMESPACE, None, is_package=True)
        sys.modules[NAMESPACE] = package
    for folder in folders:
        if str(folder) not in package.__path__:
            package.__path__.append(str(folder))
    return package


def _in_folder(folder: Path, source: Source) -> Iterator[Found]:
    if not folder.is_dir():
        return
    for path in sorted(folder.iterdir()):
        if path.is_dir() and not path.name.startswith((".", "_")):
            yield _describe(path, slug=path.name, source=source, module=f"{NAMESPACE}.{path.name}")


def _installed(points: Iterable[EntryPoint]) -> Iterator[Found]:
    for point in points:
        folder, problem = package_folder(point.value)
        found = _describe(folder, slug=point.name, source="installed", module=point.value)
        yield replace(found, manifest=None, problem=problem) if problem else found


def package_folder(package: str) -> tuple[Path, str]:
    """Find the folder of a top-level package; only for those nothing is executed."""
    if not package.isidentifier():
        return Path(), f"The entry point must name a top-level package, not {package!r}."
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    if spec is None or not spec.submodule_search_locations:
        return Path(), f"The package {package!r} is not there."
    return Path(next(iter(spec.submodule_search_locations))), ""


def _describe(folder: Path, *, slug: str, source: Source, module: str) -> Found:
    found = Found(slug=slug, source=source, folder=folder, module=module)
    if source != "installed" and not (folder / "__init__.py").is_file():
        return replace(found, problem=f"The folder has no __init__.py beside its {FILE_NAME}.")
    try:
        return replace(found, manifest=read_manifest(folder, slug=slug))
    except ManifestError as error:
        return replace(found, problem=str(error))


def _without_doubles(everything: Iterable[Found]) -> Iterator[Found]:
    """Keep one plugin per slug able to load; the others say whose place they wanted."""
    held: dict[str, Found] = {}
    for found in everything:
        holder = held.get(found.slug)
        if holder is None or holder.problem:
            held[found.slug] = found
            if holder is not None:
                yield holder
        elif found.manifest is not None and found.manifest.replaces == found.slug:
            yield replace(holder, problem=f"The {found.source} plugin {found.slug!r} replaces it.")
            held[found.slug] = found
        else:
            yield replace(
                found,
                problem=f"A {holder.source} plugin has the slug {found.slug!r} already. "
                f'To take its place, write replaces = "{found.slug}" in {FILE_NAME}.',
            )
    yield from held.values()
