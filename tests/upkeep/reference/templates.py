"""The page of templates: what pages are built on, the desk's components, what stands in them all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, meta, nodes

from deskcore.theme import shell
from tests.contract.sources import ROOT
from tests.upkeep.reference import shapes
from tests.upkeep.reference.prose import GENERATED, code, joined, line, table

FOLDER = ROOT / "deskcore" / "templates"
BASES = ("layout.html", "shell.html", "plain.html")
SURROUNDINGS = ("look", "notice", "shell", "site_name")
# Given to every template by the desk, by Flask and by the translations.
EVERYWHERE = {
    "_", "asset", "caller", "count_in", "csrf_token", "get_flashed_messages", "gettext",
    "htmx_config", "kept", "ngettext", "page_dir", "page_lang", "pgettext", "request", "toasts",
    "ui", "url_for", *SURROUNDINGS,
}  # fmt: skip
_FIRST_COMMENT = re.compile(r"\A\{#-?\s*(.*?)\s*-?#\}", re.DOTALL)
BEGINNING = """A plugin's pages are templates in `templates/plugins/<slug>/`. They extend one of the
templates below, fill its blocks, and draw with the components under `ui`. `page(template, context)` of
`deskcore.api.web` gives them the context, and what every template has."""


def page() -> str:
    """Return the whole page."""
    return joined(
        GENERATED,
        "# Templates",
        " ".join(BEGINNING.split()),
        "## What a page extends",
        table(("Template", "Extends", "Blocks", "Is"), map(_row, BASES)),
        "## What every template has",
        *_surroundings(),
        "## Components",
        "Every page has them as `ui`; a part that is imported by another begins with "
        '`{% import "ui.html" as ui %}`.',
        table(("Component", "Is"), _components()),
        "## The pages of the desk",
        "The names are what a page reads of its context. They may change with any release: a plugin "
        "neither renders nor replaces these pages.",
        table(("Template", "Extends", "Blocks", "Context"), _pages()),
    )


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True,
        loader=FileSystemLoader(FOLDER),
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
    )


@cache
def _parsed(name: str) -> nodes.Template:
    environment = _environment()
    found = environment.parse((FOLDER / name).read_text(encoding="utf-8"))
    for node in found.find_all(nodes.Filter):
        environment.filters.setdefault(
            node.name, str
        )  # the desk's own; what they do is no matter here
    return found


def _row(name: str) -> tuple[str, ...]:
    return f"`{name}`", _extends(name), _blocks(name), _said(name)


def _said(name: str) -> str:
    found = _FIRST_COMMENT.match((FOLDER / name).read_text(encoding="utf-8"))
    return " ".join(found[1].split()) if found else ""


def _extends(name: str) -> str:
    parents = (node.template for node in _parsed(name).find_all(nodes.Extends))
    return ", ".join(f"`{parent.value}`" for parent in parents if isinstance(parent, nodes.Const))


def _blocks(name: str) -> str:
    return ", ".join(f"`{node.name}`" for node in _parsed(name).find_all(nodes.Block))


def _surroundings() -> Iterator[str]:
    yield "\n".join(
        (
            f"* `site_name`: {line(shell.Chrome.site_name.__doc__)}",
            f"* `look`: a `Look`. {line(shell.Look.__doc__)}",
            f"* `shell`: a `Shell`. {line(shell.Shell.__doc__)}",
            f"* `notice`: {line(shell.Chrome.notice.__doc__)}",
            f"* `count_in(view)`: {line(shell.Chrome.count.__doc__)}",
            "* `csrf_token()`: the token of a form; `ui.csrf()` draws its field.",
            "* `_()`, `ngettext()`: sentences in the reader's language.",
        )
    )
    for kind in (shell.Look, shell.Shell, shell.NavSection, shell.NavItem):
        yield f"`{kind.__name__}`"
        rows = ((code(one.name), code(one.type), code(one.default)) for one in shapes.fields(kind))
        yield "\n".join(table(("Field", "Type", "Default"), rows))


def _components() -> Iterator[tuple[str, str]]:
    """Yield every macro that ``ui`` has, with its arguments and the comment above it."""
    macros = {
        (path.stem, node.name): node
        for path in sorted((FOLDER / "ui").glob("*.html"))
        for node in _parsed(f"ui/{path.name}").find_all(nodes.Macro)
    }
    files = {node.target: node.template for node in _parsed("ui.html").find_all(nodes.Import)}
    for name, module, macro in sorted(_named_in_ui()):
        template = files[module]
        assert isinstance(template, nodes.Const)
        path = FOLDER / str(template.value)
        node = macros.get((path.stem, macro))
        if node is None:  # drawn in Python; the comment says how
            told = re.search(
                rf"\{{# {macro}(\(.*?\)): (.*?) #\}}", path.read_text(encoding="utf-8")
            )
            assert told, macro
            yield f"`ui.{name}{told[1]}`", told[2]
        else:
            yield f"`ui.{name}({_arguments(node)})`", _comment_above(path, macro)


def _named_in_ui() -> Iterator[tuple[str, str, str]]:
    """Yield (name in ``ui``, name of the imported file, name of the macro there)."""
    for node in _parsed("ui.html").find_all(nodes.Assign):
        names = node.target.items if isinstance(node.target, nodes.Tuple) else [node.target]
        values = node.node.items if isinstance(node.node, nodes.Tuple) else [node.node]
        for name, value in zip(names, values, strict=True):
            if (
                isinstance(name, nodes.Name)
                and isinstance(value, nodes.Getattr)
                and isinstance(value.node, nodes.Name)
            ):
                yield name.name, value.node.name, value.attr


def _arguments(macro: nodes.Macro) -> str:
    plain = len(macro.args) - len(macro.defaults)
    defaults = ["", *(f"={_written(one)}" for one in macro.defaults)]
    return ", ".join(
        one.name + defaults[max(0, place - plain + 1)] for place, one in enumerate(macro.args)
    )


def _written(value: nodes.Expr) -> str:
    try:
        return repr(value.as_const())
    except nodes.Impossible:
        return "…"


def _comment_above(path: Path, macro: str) -> str:
    text = path.read_text(encoding="utf-8")
    found = re.search(
        rf"\{{#-?\s*((?:(?!#\}}).)*?)\s*-?#\}}\n\{{%-? macro {macro}\(", text, re.DOTALL
    )
    return " ".join(found[1].split()) if found else ""


def _pages() -> Iterator[tuple[str, ...]]:
    for path in sorted(FOLDER.rglob("*.html")):
        name = path.relative_to(FOLDER).as_posix()
        is_part = path.name.startswith("_") or name.startswith(("ui/", "ui.", *BASES))
        if not is_part and _extends(name):
            read = sorted(meta.find_undeclared_variables(_parsed(name)) - EVERYWHERE)
            yield f"`{name}`", _extends(name), _blocks(name), ", ".join(f"`{one}`" for one in read)
