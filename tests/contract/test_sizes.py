"""Nothing grows past what a stranger reads in a minute."""

from __future__ import annotations

from tests.contract.sources import files, functions, named, statements

CODE = ("deskcore", "plugins", "tests", "benchmarks")
FILE_CEILING = 400
FUNCTION_CEILING = 50
VIEW_CEILING = 20
TEMPLATE_CEILING = 120
CORE_CEILING = 22_500
NOT_COUNTED_AS_CORE = {"testing", "cli", "migrations", "samples", "authoring"}


def test_no_file_is_longer_than_400_lines() -> None:
    sizes = {named(path): len(path.read_text().splitlines()) for path in files(*CODE)}
    assert {name: size for name, size in sizes.items() if size > FILE_CEILING} == {}


def test_no_function_is_longer_than_50_lines() -> None:
    # A migration is a list of tables, written once and read from top to bottom.
    counted = (each for each in functions(*CODE) if "migrations" not in each.path.parts)
    found = {str(each): each.lines for each in counted}
    assert {name: size for name, size in found.items() if size > FUNCTION_CEILING} == {}


def test_no_view_is_longer_than_20_lines() -> None:
    views = {str(each): each.lines for each in functions("deskcore", "plugins") if each.is_view}
    assert {name: size for name, size in views.items() if size > VIEW_CEILING} == {}
    assert views


def test_no_template_is_longer_than_120_lines() -> None:
    templates = files("deskcore", "plugins", "themes", ending=".html")
    sizes = {named(path): len(path.read_text().splitlines()) for path in templates}
    assert {name: size for name, size in sizes.items() if size > TEMPLATE_CEILING} == {}
    assert sizes


def test_the_core_stays_under_its_ceiling_of_statements() -> None:
    # Why statements: docs/decisions/0001-core-size-counts-statements.md
    counted = [
        path
        for path in files("deskcore")
        if not NOT_COUNTED_AS_CORE.intersection([*path.parts, path.stem])
    ]
    assert sum(map(statements, counted)) <= CORE_CEILING
