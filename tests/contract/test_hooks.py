"""No hook for later: each is documented, called by the core, implemented and tested."""

from __future__ import annotations

import ast
import re

import pytest

from deskcore.plugin.hookspecs import MODULES, arguments_by_hook
from tests.contract.sources import ROOT, files, functions, named, tree
from tests.upkeep.reference import FOLDER
from tests.upkeep.reference.hooks import facts_of, implementations, specs

HOOKS = arguments_by_hook(*MODULES)
HEADING = re.compile(r"^### (desk_\w+)\((.*)\)$", re.MULTILINE)
PLATFORM = ROOT / "deskcore" / "plugin"


def _asked_by_the_platform() -> dict[str, str]:
    """Return hook → method of ``Hooks`` that calls it."""
    return {
        constant.value: method.name
        for facade in tree(PLATFORM / "hooks.py").body
        if isinstance(facade, ast.ClassDef)
        for method in facade.body
        if isinstance(method, ast.FunctionDef)
        for constant in ast.walk(method)
        if isinstance(constant, ast.Constant) and constant.value in HOOKS
    }


def test_every_hook_has_its_heading_in_the_docs_with_its_arguments() -> None:
    page = (FOLDER / "hooks.md").read_text(encoding="utf-8")
    told = {name: tuple(re.findall(r"\w+", given)) for name, given in HEADING.findall(page)}
    assert told == HOOKS


def test_every_hook_says_when_and_where_it_is_called_and_what_a_fault_does() -> None:
    silent = [
        f"{spec.__name__}: {name}"
        for module in MODULES
        for spec in specs(module)
        for name, said in facts_of(spec).items()
        if not said
    ]
    assert silent == []


def test_every_hook_has_one_typed_method() -> None:
    assert sorted(_asked_by_the_platform()) == sorted(HOOKS)


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_the_core_calls_the_hook(hook: str) -> None:
    method = _asked_by_the_platform()[hook]
    callers = [
        named(path)
        for path in files("deskcore")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Attribute) and node.attr == method and path != PLATFORM / "hooks.py"
    ]
    assert callers


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_a_plugin_that_works_implements_the_hook_and_a_test_names_it(hook: str) -> None:
    assert implementations(hook)
    assert [f for f in functions("tests") if f.node.name.startswith(f"test_{hook}")]


@pytest.mark.parametrize("hook", sorted(HOOKS))
def test_a_plugin_that_comes_with_the_desk_uses_the_hook(hook: str) -> None:
    users = [f.path for f in functions("plugins") if f.node.name == hook]
    assert users, "no hook without a user: give it one, or take it away"
