"""Plugins that come with the desk, and the samples authors read, use what any plugin may use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

import deskcore.testing as KIT  # noqa: N812  a constant here
from tests.contract.sources import ROOT, files, named, tree
from tests.upkeep.reference.shapes import PUBLIC

BUNDLED = [path.parent for path in sorted((ROOT / "plugins").glob("*/plugin.toml"))]
# What is wrong on purpose (tests/broken, tests/saboteurs) shows nobody how it is done.
SAMPLES = [
    path.parent
    for folder in ("channels", "matrix", "plugin")
    for path in sorted((ROOT / "tests" / folder).glob("*/plugin.toml"))
]


def strangers(folder: Path) -> Iterator[str]:
    """Yield the imports of a plugin that are neither public names nor its own, nor a library's."""
    own = named(folder).replace("/", ".")
    for path in files(named(folder)):
        in_tests = path.parent == folder / "tests"
        for node in ast.walk(tree(path)):
            for module, name in _imported(node):
                is_house = module.partition(".")[0] in {"deskcore", "plugins", "tests"}
                is_kit = in_tests and module == KIT.__name__ and name in KIT.__all__
                is_own = module == own or module.startswith(f"{own}.") or f"{module}.{name}" == own
                if is_house and not (is_own or is_kit or _is_public(module, name)):
                    yield f"{named(path)}:{getattr(node, 'lineno', 0)} {module} {name}".rstrip()


@pytest.mark.parametrize("folder", [*BUNDLED, *SAMPLES], ids=named)
def test_a_plugin_imports_public_names_only(folder: Path) -> None:
    assert list(strangers(folder)) == []


def test_every_kind_of_stranger_is_named() -> None:
    lines = [
        "from deskcore.services import tickets",
        "from deskcore.plugin.parts import Panel",
        "from deskcore.plugin import Owned",
        "import deskcore.models",
        "from plugins.spam import bans",
        "from tests import factories",
    ]
    for line in lines:
        (node,) = ast.parse(line).body
        assert [found for found in _imported(node) if not _is_public(*found)], line
    (node,) = ast.parse("from deskcore.plugin import Panel, hookimpl").body
    assert all(_is_public(*found) for found in _imported(node))
    assert len(BUNDLED) + len(SAMPLES) >= len(("email", "spam", "tea_shop", "courtesy", "careful"))


def _imported(node: ast.AST) -> list[tuple[str, str]]:
    """Return (module, name) of what a line imports; what is relative is the plugin's own."""
    if isinstance(node, ast.Import):
        return [(alias.name, "") for alias in node.names]
    if isinstance(node, ast.ImportFrom) and not node.level:
        return [(node.module or "", alias.name) for alias in node.names]
    return []


def _is_public(module: str, name: str) -> bool:
    return module in PUBLIC and (not name or name in import_module(module).__all__)
