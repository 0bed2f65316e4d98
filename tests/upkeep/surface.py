"""Write ``docs/plugin-authors/api-surface.txt``: run ``python -m tests.upkeep.surface``.

One line per public thing a plugin may lean on, so that a change of it shows in a diff.
"""

from __future__ import annotations

import dataclasses
from importlib import import_module
from pathlib import Path

from deskcore.plugin.hookspecs import MODULES, arguments_by_hook

PAGE = Path(__file__).parents[2] / "docs" / "plugin-authors" / "api-surface.txt"
PUBLIC = ("deskcore.api", "deskcore.api.data", "deskcore.api.web", "deskcore.plugin")


def _lines_of(module: str, name: str) -> list[str]:
    thing = getattr(import_module(module), name)
    line = f"{module}.{name}"
    if not (isinstance(thing, type) and dataclasses.is_dataclass(thing)):
        return [line]
    return [line, *(f"{line}.{field.name}: {field.type}" for field in dataclasses.fields(thing))]


def surface() -> str:
    """Return every public name with the fields of dataclasses, then every hook."""
    names = [
        line
        for module in PUBLIC
        for name in sorted(import_module(module).__all__)
        for line in _lines_of(module, name)
    ]
    hooks = [
        f"hook {name}({', '.join(arguments)})"
        for name, arguments in sorted(arguments_by_hook(*MODULES).items())
    ]
    return "\n".join([*names, *hooks]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(surface(), encoding="utf-8")
