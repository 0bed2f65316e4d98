"""The tree as the house rules look at it: files, functions, and what decorates them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOT_OURS = {"static", "node_modules", "__pycache__"}
ROUTE_DECORATORS = {"route", "get", "post"}
Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, kw_only=True)
class Function:
    """One function or method, and where it is."""

    path: Path
    node: Definition

    def __str__(self) -> str:
        return f"{named(self.path)}:{self.node.lineno} {self.node.name}"

    @property
    def lines(self) -> int:
        """How long it is from ``def`` to its end, its docstring left out."""
        first, docstring = self.node.body[0], ast.get_docstring(self.node, clean=False)
        said = (first.end_lineno or 0) - first.lineno + 1 if docstring is not None else 0
        return (self.node.end_lineno or 0) - self.node.lineno + 1 - said

    @property
    def is_view(self) -> bool:
        """Whether a decorator makes it answer a URL."""
        return any(
            isinstance(call, ast.Call)
            and isinstance(call.func, ast.Attribute)
            and call.func.attr in ROUTE_DECORATORS
            for call in self.node.decorator_list
        )


def named(path: Path) -> str:
    """Return *path* as people write it, from the top of the tree."""
    return str(path.relative_to(ROOT))


@cache
def files(*folders: str, ending: str = ".py") -> tuple[Path, ...]:
    """Return our files under *folders*, sorted; vendored and generated ones left out."""
    return tuple(
        path
        for folder in folders
        for path in sorted((ROOT / folder).rglob(f"*{ending}"))
        if not NOT_OURS.intersection(path.relative_to(ROOT).parts)
    )


@cache
def tree(path: Path) -> ast.Module:
    """Return the syntax tree of a Python file."""
    return ast.parse(path.read_text(), filename=str(path))


def functions(*folders: str) -> Iterator[Function]:
    """Give every function of every Python file under *folders*."""
    for path in files(*folders):
        for node in ast.walk(tree(path)):
            if isinstance(node, Definition):
                yield Function(path=path, node=node)


def statements(path: Path) -> int:
    """Count what Python executes in a file, docstrings not among it."""
    return sum(
        isinstance(node, ast.stmt)
        and not (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        )
        for node in ast.walk(tree(path))
    )


def lines_with(text: str, *paths: Path) -> list[str]:
    """Return ``file:line`` of every line of *paths* that holds *text* outside a comment."""
    return [
        f"{named(path)}:{number}"
        for path in paths
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if text in line.partition("  # ")[0] and not line.lstrip().startswith("#")
    ]
