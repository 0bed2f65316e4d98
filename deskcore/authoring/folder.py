"""A plugin's folder as its author keeps it: its files, its manifest, what its code imports."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from deskcore.errors import NotFound
from deskcore.plugin.manifest import FILE_NAME, Manifest, read_manifest

TESTS = "tests"
# What tools leave behind, anywhere or at the top; it is no part of a plugin.
LEFTOVERS = frozenset({"__pycache__", "node_modules"})
LEFT_AT_TOP = frozenset({"build", "dist", "venv"})
_HOOK = "desk_"
UNKNOWN = "?"


@dataclass(frozen=True, kw_only=True)
class Named:
    """One name of a module that is imported, and where; ``name`` is empty for the module itself."""

    module: str
    name: str
    where: str


@dataclass(frozen=True, kw_only=True)
class PluginFolder:
    """The folder; make it with ``plugin_folder``."""

    path: Path

    @cached_property
    def slug(self) -> str:
        """What its manifest calls it, whatever else is wrong there; else the folder's name."""
        return self._said("slug") or self.path.name

    @cached_property
    def version(self) -> str:
        """Its version as the manifest says it, whatever else is wrong there; else UNKNOWN."""
        return self._said("version") or UNKNOWN

    @cached_property
    def manifest(self) -> Manifest:
        """The manifest; raises ManifestError when the folder cannot be that plugin's."""
        return read_manifest(self.path, slug=self.path.name)

    @cached_property
    def files(self) -> tuple[Path, ...]:
        """Every file that is the plugin's, sorted; neither hidden ones nor leftovers of tools."""
        return tuple(path for path in sorted(self.path.rglob("*")) if self._is_own(path))

    @cached_property
    def code(self) -> dict[Path, ast.Module]:
        """Its Python files without its tests, by path; one that is no Python is left out."""
        found = {}
        for path in self.files:
            if path.suffix == ".py" and path.relative_to(self.path).parts[0] != TESTS:
                try:
                    found[path] = ast.parse(path.read_text("utf-8"))
                except (SyntaxError, ValueError):
                    continue
        return found

    @cached_property
    def hooks(self) -> dict[str, frozenset[str]]:
        """The hooks that its package implements, with the arguments that it takes."""
        top = self.code.get(self.path / "__init__.py")
        return {
            node.name: frozenset(each.arg for each in node.args.args)
            for node in (top.body if top else [])
            if isinstance(node, ast.FunctionDef) and node.name.startswith(_HOOK)
        }

    def imports(self) -> Iterator[Named]:
        """Give every name that its code imports absolutely."""
        for path, tree in self.code.items():
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    for each in node.names:
                        yield Named(module=each.name, name="", where=self.at(path, node))
                elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                    for each in node.names:
                        yield Named(module=node.module, name=each.name, where=self.at(path, node))

    def at(self, path: Path, node: ast.AST) -> str:
        """Say where something is written, as tools do."""
        return f"{path.relative_to(self.path)}:{getattr(node, 'lineno', 1)}"

    def _said(self, key: str) -> str:
        try:
            found = tomllib.loads((self.path / FILE_NAME).read_text("utf-8"))["plugin"][key]
        except (OSError, ValueError, KeyError, TypeError):
            return ""
        return found if isinstance(found, str) else ""

    def _is_own(self, path: Path) -> bool:
        inside = path.relative_to(self.path).parts
        is_left = inside[0] in LEFT_AT_TOP or any(
            part.startswith(".") or part in LEFTOVERS or part.endswith(".egg-info")
            for part in inside
        )
        return path.is_file() and not path.is_symlink() and not is_left


def plugin_folder(path: Path) -> PluginFolder:
    """Open a plugin's folder; raises NotFound where there is none."""
    if not (path / FILE_NAME).is_file():
        raise NotFound(f"{path} is no plugin: there is no {FILE_NAME} in it.")
    return PluginFolder(path=path.resolve())
