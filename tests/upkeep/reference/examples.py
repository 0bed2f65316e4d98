"""Code for examples, taken word for word from plugins that have tests."""

from __future__ import annotations

import ast

from tests.contract.sources import ROOT, named, tree

SHOP, MANNERS = "tests/plugin/tea_shop", "tests/plugin/courtesy"
GUESTS = "tests/plugin/guest_book"
SPAM, ECHO = "plugins/spam", "tests/channels/echo_polled"

# By hook: the file and what of it is shown. A hook that is not here shows its implementation in a
# sample plugin, or in a bundled one, and what that imports of its own package.
SHOWN: dict[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "desk_activate": (
        (f"{MANNERS}/__init__.py", ("desk_activate",)),
        (f"{MANNERS}/farewell.py", ("begin",)),
    ),
    "desk_blueprints": (
        (f"{SHOP}/views.py", ("blueprint", "stock")),
        (f"{SHOP}/__init__.py", ("desk_blueprints",)),
    ),
    "desk_channels": ((f"{ECHO}/__init__.py", ("desk_channels",)),),
    "desk_commands": (
        (f"{SHOP}/commands.py", ("show", "COMMANDS")),
        (f"{SHOP}/__init__.py", ("desk_commands",)),
    ),
    "desk_placeholders": (
        (f"{SHOP}/fields.py", ("wished", "PLACEHOLDERS")),
        (f"{SHOP}/__init__.py", ("desk_placeholders",)),
    ),
    "desk_search_terms": (
        (f"{SHOP}/fields.py", ("of_stock", "TERMS")),
        (f"{SHOP}/__init__.py", ("desk_search_terms",)),
    ),
    "desk_ticket_kinds": (
        (f"{GUESTS}/entry.py", ("ENTRY",)),
        (f"{GUESTS}/__init__.py", ("desk_ticket_kinds",)),
    ),
    "desk_health": ((f"{SHOP}/till.py", ("health",)),),
    "desk_inbound_verdict": ((f"{SPAM}/verdict.py", ("judge",)),),
    "desk_jobs": (
        (f"{SHOP}/till.py", ("fetch",)),
        (f"{SHOP}/__init__.py", ("desk_jobs",)),
    ),
    "desk_permissions": ((f"{SPAM}/__init__.py", ("desk_permissions",)),),
    "desk_privacy_handlers": ((f"{SHOP}/wishes.py", ("handler", "tell", "forget")),),
    "desk_services": ((f"{SHOP}/offer.py", ("Shelves", "services")),),
    "desk_settings": ((f"{SHOP}/settings.py", ("ShopSettings",)),),
    "desk_subscriptions": ((f"{SPAM}/lessons.py", ("subscriptions", "learn_mark")),),
}


def example(hook: str, implementations: list[str]) -> str:
    """Return the example of a hook as Markdown, with the file it is from."""
    places = SHOWN.get(hook) or (
        *_leads_to(implementations[0], hook),
        (implementations[0], (hook,)),
    )
    code = "\n\n\n".join(_code(path, name) for path, names in places for name in names)
    sources = " and ".join(f"`{path}`" for path, _names in places)
    return f"From {sources}:\n\n```python\n{code}\n```"


def _leads_to(path: str, hook: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what a hook imports of its own package when it is called: there the work is done."""
    (function,) = (node for node in tree(ROOT / path).body if getattr(node, "name", "") == hook)
    folder = path.rpartition("/")[0]
    return [
        (f"{folder}/{(node.module or '').replace('.', '/')}.py", (alias.name,))
        for node in ast.walk(function)
        if isinstance(node, ast.ImportFrom) and node.level == 1
        for alias in node.names
    ]


def _code(path: str, name: str) -> str:
    """Return the lines of one thing of a file, decorators and all; raises LookupError without it."""
    file = ROOT / path
    lines = file.read_text(encoding="utf-8").splitlines()
    for node in tree(file).body:
        is_it = getattr(node, "name", None) == name or (
            isinstance(node, ast.Assign) and name in {ast.unparse(one) for one in node.targets}
        )
        if is_it:
            decorators = getattr(node, "decorator_list", [])
            first = min([node.lineno, *(one.lineno for one in decorators)])
            return "\n".join(lines[first - 1 : node.end_lineno])
    raise LookupError(f"{named(file)} has no {name}")
