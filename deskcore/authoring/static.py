"""What can be known of a plugin by reading it: its manifest, its imports, its promises."""

from __future__ import annotations

import ast
import difflib
import importlib
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.version import InvalidVersion, Version

from deskcore.authoring.folder import TESTS, UNKNOWN, PluginFolder
from deskcore.authoring.standards import STANDARDS, Flaw, Look, standard
from deskcore.plugin.discovery import ENTRY_POINTS
from deskcore.plugin.manifest import FILE_NAME, Manifest, ManifestError, incompatibility
from deskcore.testing.checks import CHECKS
from deskcore.testing.contract import QUALITY

_PUBLIC = ("deskcore.api", "deskcore.api.data", "deskcore.api.web", "deskcore.plugin")
_MOST_LINES = 15  # of a hook
_PROJECT = "pyproject.toml"


@standard("P01", "bronze", "The desk lists it as broken, and never loads it.")
def has_a_manifest(look: Look) -> Iterator[Flaw]:
    """The manifest is right, for this desk, and the folder is called as it says."""
    folder = look.folder
    try:
        reason = incompatibility(folder.manifest)
    except ManifestError as error:
        reason = str(error)
    if reason:
        yield _of_manifest(folder, reason)
    for path in folder.files:
        if path.suffix == ".py" and path not in folder.code and not _is_test(folder, path):
            yield Flaw(why="This is not Python.", where=str(path.relative_to(folder.path)))


@standard(
    "P02", "bronze", "The next version of the desk moves what it relied on: it does not load."
)
def imports_public_names(look: Look) -> Iterator[Flaw]:
    """Only public names of the desk are imported, and no other plugin."""
    folder = look.folder
    for each in folder.imports():
        top, _dot, rest = each.module.partition(".")
        if top == "deskcore" and not _is_public(each.module, each.name):
            name = f"{each.module}.{each.name}" if each.name else each.module
            yield Flaw(why=f"{name} is the desk's own.", where=each.where)
        if top == "plugins" and rest.partition(".")[0] != folder.slug:
            yield Flaw(why=f"{each.module} is another plugin.", where=each.where)


@standard(
    "P03", "silver", "Nobody sees any more where it takes part, and every start reads it all."
)
def keeps_its_hooks_apart(look: Look) -> Iterator[Flaw]:
    """The file of hooks holds nothing else, each of 15 lines at most."""
    folder = look.folder
    path = folder.path / "__init__.py"
    body = folder.code[path].body if path in folder.code else []
    for node in body:
        if not isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        where = f"{path.name}:{node.lineno}"
        lines = (node.end_lineno or node.lineno) - node.lineno + 1
        if not node.name.startswith("desk_"):
            yield Flaw(why=f"{node.name} is no hook; move it to another file.", where=where)
        elif lines > _MOST_LINES:
            why = f"{node.name} has {lines} lines; move the work to other files."
            yield Flaw(why=why, where=where)


@standard("P06", "bronze", "Nobody dares to remove it, or something of it is left at the platform.")
def tells_how_to_remove_it(look: Look) -> Iterator[Flaw]:
    """The README says how the plugin is removed."""
    folder = look.folder
    path = folder.path / "README.md"
    text = path.read_text("utf-8").casefold() if path.is_file() else ""
    if not any(line.startswith("#") and "removal" in line for line in text.splitlines()):
        yield Flaw(why="README.md has no heading about removal.")


def _has_project(folder: PluginFolder) -> str:
    return "" if (folder.path / _PROJECT).is_file() else "the folder is no distribution"


@standard(
    "P08",
    "bronze",
    "pip says one version and the desk another, or pip installs it and the desk sees nothing.",
    need=_has_project,
)
def is_one_distribution(look: Look) -> Iterator[Flaw]:
    """As a distribution it has the version of the manifest, and an entry point of its name."""
    folder = look.folder
    try:
        project = tomllib.loads((folder.path / _PROJECT).read_text("utf-8"))["project"]
        points = project.get("entry-points", {}).get(ENTRY_POINTS, {})
        version = str(project.get("version", ""))
    except (ValueError, KeyError, AttributeError) as error:
        yield Flaw(why=f"It cannot be read: {error}.", where=_PROJECT)
        return
    if "version" not in project.get("dynamic", ()) and not _is_same(version, folder.version):
        yield Flaw(why=f"{version!r} is not {folder.version!r} of {FILE_NAME}.", where=_PROJECT)
    if folder.slug not in points:
        why = f"No entry point {folder.slug!r} in the group {ENTRY_POINTS!r}: no desk finds it."
        yield Flaw(why=why, where=_PROJECT)


@standard("P09", "gold", "An owner is to upgrade, and nobody says what changes.")
def tells_what_changed(look: Look) -> Iterator[Flaw]:
    """The changelog has a heading for this version."""
    folder = look.folder
    path = folder.path / "CHANGELOG.md"
    text = path.read_text("utf-8") if path.is_file() else ""
    is_told = any(line.startswith("#") and folder.version in line for line in text.splitlines())
    if not is_told and folder.version != UNKNOWN:
        yield Flaw(why=f"CHANGELOG.md has no heading {folder.version}.")


def _keeps_rows(folder: PluginFolder) -> str:
    return "" if (folder.path / "migrations").is_dir() else "it has no tables of its own"


@standard(
    "P13",
    "gold",
    "A customer asks what the shop knows of them, or to be forgotten, and it keeps what it has.",
    need=_keeps_rows,
)
def tells_and_forgets(look: Look) -> Iterator[Flaw]:
    """What it keeps of customers can be handed out and forgotten."""
    if "desk_privacy_handlers" not in look.folder.hooks:
        yield Flaw(why="There are tables, and no desk_privacy_handlers.", where="__init__.py")


@standard("P10", "bronze", "A check is left out that nobody thought about.")
def excuses_with_a_reason(look: Look) -> Iterator[Flaw]:
    """What is left out by quality.toml exists, and has a reason."""
    folder = look.folder
    path = folder.path / QUALITY
    if not path.is_file():
        return
    try:
        skipped = tomllib.loads(path.read_text("utf-8")).get("skip", {})
    except ValueError as error:
        yield Flaw(why=f"It is not valid TOML: {error}.", where=QUALITY)
        return
    for name, why in skipped.items():
        if name not in CHECKS and name not in STANDARDS:
            yield Flaw(why=f"There is no check {name!r}.", where=QUALITY)
        elif not str(why).strip():
            yield Flaw(why=f"{name} has no reason.", where=QUALITY)


def _of_manifest(folder: PluginFolder, reason: str) -> Flaw:
    """Say the line of a wrong key, and which key may have been meant."""
    named = re.search(r"'plugin\.(\w+)", reason)
    key = named[1] if named else "plugin"
    path = folder.path / FILE_NAME
    lines = path.read_text("utf-8", "replace").splitlines()
    at = (number for number, line in enumerate(lines, 1) if re.match(rf"\s*{key}\s*=", line))
    where = f"{FILE_NAME}:{next(at, 1)}"
    if key == "plugin" or key in Manifest.model_fields:
        return Flaw(why=reason, where=where)
    meant = difflib.get_close_matches(key, Manifest.model_fields, n=1)
    known = (
        f"did you mean {meant[0]!r}?" if meant else f"known are {', '.join(Manifest.model_fields)}."
    )
    return Flaw(why=f"There is no key {key!r}: {known}", where=where)


def _is_public(module: str, name: str) -> bool:
    if module not in _PUBLIC:
        return False
    found = importlib.import_module(module)
    return not name or name == "*" or name in getattr(found, "__all__", ())


def _is_same(one: str, other: str) -> bool:
    if other == UNKNOWN:
        return True  # what is wrong with the manifest is told elsewhere
    try:
        return Version(one) == Version(other)
    except InvalidVersion:
        return False


def _is_test(folder: PluginFolder, path: Path) -> bool:
    return path.relative_to(folder.path).parts[0] == TESTS


def strings_in(tree: ast.Module) -> Iterator[ast.Constant]:
    """Give every text in the code that is no docstring."""
    told = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in told:
            yield node
