"""What is written for people is there: docstrings, the two commands, the pages of the house."""

from __future__ import annotations

import ast
import re

import pytest

from tests.contract.sources import ROOT, files, named, tree


def test_every_module_says_what_it_is_for() -> None:
    folders = files("deskcore", "plugins", "tests", "benchmarks")
    code = [path for path in folders if path.read_text().strip()]
    assert [named(path) for path in code if not ast.get_docstring(tree(path))] == []


def test_every_public_name_of_the_product_says_what_it_means() -> None:
    silent = [
        f"{named(path)}:{node.lineno} {node.name}"
        for path in files("deskcore", "plugins")
        if "migrations" not in path.parts and "tests" not in path.parts
        for node in tree(path).body
        if isinstance(node, ast.FunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
        and "overload" not in map(ast.unparse, node.decorator_list)
    ]
    assert silent == []


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_the_readme_has_one_command_alone_in_a_block_under(heading: str) -> None:
    section = _section((ROOT / "README.md").read_text(), heading)
    [block] = re.findall(r"^```\w*\n(.*?)^```$", section, flags=re.DOTALL | re.MULTILINE)
    assert len(block.strip().splitlines()) == 1


def test_the_readme_has_no_other_set_up_command() -> None:
    blocks = re.findall(r"^```", (ROOT / "README.md").read_text(), flags=re.MULTILINE)
    assert len(blocks) == 2 * 2


@pytest.mark.parametrize(
    "page", ["LICENSE", "README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"]
)
def test_the_page_is_there(page: str) -> None:
    assert (ROOT / page).read_text().strip()


def _section(text: str, heading: str) -> str:
    match = re.search(rf"^## {heading}$(.*?)(?=^## |\Z)", text, flags=re.DOTALL | re.MULTILINE)
    assert match, f"README.md has no section '{heading}'"
    return match[1]
