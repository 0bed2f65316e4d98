"""Every job that some code enqueues has its handler in the worker."""

from __future__ import annotations

import ast
from importlib import import_module

from deskcore import worker
from tests.contract.sources import files, tree


def names_given_to(called: str, argument: int = 0) -> set[str]:
    return {
        node.args[argument].value
        for path in files("deskcore")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call)
        and (getattr(node.func, "id", "") == called or getattr(node.func, "attr", "") == called)
        and len(node.args) > argument
        and isinstance(node.args[argument], ast.Constant)
        and isinstance(node.args[argument].value, str)
    }


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
