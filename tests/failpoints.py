"""Where a running desk can be killed, read from the source, and how to ask it to die there."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from pathlib import Path

from tests.contract.sources import files, tree


def every_failpoint() -> list[str]:
    """Return the names of all failpoints of the product, sorted; each name stands once."""
    return sorted(
        argument.value
        for path in files("deskcore", "plugins")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and _is_failpoint(node.func)
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    )


def armed(
    environment: Mapping[str, str], name: str, *, at_pass: int = 1, once: Path | None = None
) -> dict[str, str]:
    """Return *environment* for a desk that dies at the given pass of the failpoint *name*.

    With *once*, an empty folder, one process of it dies there and the next goes on.
    """
    limit = {"DESK_FAILPOINTS_ONCE": str(once)} if once else {}
    return {**environment, "DESK_FAILPOINTS": f"{name}:{at_pass}", **limit}


def _is_failpoint(called: ast.expr) -> bool:
    return (isinstance(called, ast.Name) and called.id == "failpoint") or (
        isinstance(called, ast.Attribute) and called.attr == "failpoint"
    )
