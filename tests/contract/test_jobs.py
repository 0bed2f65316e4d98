"""Every job that some code enqueues has its handler in the worker."""

from __future__ import annotations

import ast
from importlib import import_module

from deskcore import worker
from tests.contract.sources import files, tree


def names_given_to(called: str, argument: int = 0) -> set[str]:
    """Return the texts that calls of a function are given in one place."""
    found = set()
    for path in files("deskcore"):
        for node in ast.walk(tree(path)):
            if not isinstance(node, ast.Call) or len(node.args) <= argument:
                continue
            given = node.args[argument]
            name = getattr(node.func, "id", "") or getattr(node.func, "attr", "")
            if name == called and isinstance(given, ast.Constant) and isinstance(given.value, str):
                found.add(given.value)
    return found


def test_whatever_is_enqueued_is_handled() -> None:
    handled = names_given_to("job") | names_given_to("every", 1)
    assert names_given_to("enqueue") <= handled


def test_the_worker_imports_every_module_that_brings_a_job() -> None:
    brought = {module.__name__ for module in worker.BRING_JOBS}
    bringing = {
        ".".join(path.with_suffix("").parts[-3:])
        for path in files("deskcore/services")
        if any(
            isinstance(node, ast.FunctionDef)
            and any(
                isinstance(one, ast.Call) and getattr(one.func, "id", "") in {"job", "every"}
                for one in node.decorator_list
            )
            for node in ast.walk(tree(path))
        )
    }
    assert bringing == brought
    for name in bringing:
        import_module(name)
