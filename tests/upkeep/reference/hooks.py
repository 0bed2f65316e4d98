"""The page of hooks: when each is called and where, what it is given, who uses it."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum
from types import ModuleType

from deskcore.plugin.hookspecs import MODULES
from deskcore.plugin.markers import PROJECT
from tests.contract.sources import functions, named
from tests.upkeep.reference import shapes
from tests.upkeep.reference.examples import example
from tests.upkeep.reference.prose import FACTS, GENERATED, code, facts, joined, prose, table, told

# What plugins are looked for in, the best example first; those in tests are samples.
SAMPLES = ("tests/plugin", "tests/channels", "plugins")
BEGINNING = """A hook is a function of a plugin's package, marked with `@hookimpl`, by one of the names
below. It may leave out arguments it does not need. It is a plain function: no `async`, no `yield`, no
wrapper. It is given frozen values, never rows of the database. Answers are checked: a hook that gives
back something else than it should has failed. Where an answer is a list, `None` is an empty one."""


def page() -> str:
    """Return the whole page."""
    parts = [part for module in MODULES for part in _group(module)]
    return joined(GENERATED, "# Hooks", " ".join(BEGINNING.split()), *parts, *_values())


def specs(module: ModuleType) -> list[Callable[..., object]]:
    """Return the hooks of a module in the order they are written."""
    return [found for found in vars(module).values() if hasattr(found, f"{PROJECT}_spec")]


def facts_of(spec: Callable[..., object]) -> dict[str, str]:
    """Return when and where a hook is called and what a fault does; its group says the rest."""
    module = inspect.getmodule(spec)
    assert module is not None
    known = {**facts(module.__doc__), **facts(spec.__doc__)}
    return {name: known.get(name, "") for name in FACTS}


def implementations(hook: str) -> list[str]:
    """Return the files with a function of this name: samples first, then bundled plugins."""
    return [
        named(found.path)
        for folder in SAMPLES
        for found in functions(folder)
        if found.node.name == hook
    ]


def _group(module: ModuleType) -> Iterator[str]:
    title, _, rest = prose(module.__doc__).partition("\n\n")
    yield f"## {title.removesuffix('.')}"
    yield rest
    for spec in specs(module):
        yield from _hook(spec)


def _hook(spec: Callable[..., object]) -> Iterator[str]:
    found = inspect.signature(spec)
    name = spec.__name__
    yield f"### {name}({', '.join(found.parameters)})"
    yield prose(spec.__doc__)
    arguments = "; ".join(f"`{one}`" for one in map(str, found.parameters.values()))
    users = dict.fromkeys(map(_plugin, implementations(name)))
    yield "\n".join(
        told(
            {
                "Arguments": re.sub(r": '([^']+)'", r": \1", arguments),
                "Answer": f"`{found.return_annotation}`",
                **facts_of(spec),
                "Used by": ", ".join(users),
            }
        )
    )
    yield example(name, implementations(name))


def _plugin(path: str) -> str:
    folder = path.rpartition("/")[0]
    kind = "bundled" if folder.startswith("plugins/") else "sample"
    return f"[{folder.rpartition('/')[2]}](../../../{folder}) ({kind})"


def _values() -> Iterator[str]:
    yield "## Values"
    yield "What hooks are given and give back. A field with a default may be left out."
    for name in sorted(_mentioned()):
        found = shapes.public(name)
        assert isinstance(found, type)
        yield f"### {name}"
        yield prose(found.__doc__)
        if issubclass(found, Enum):
            rows = ((f"`{member}`", f"`{value!r}`") for member, value in shapes.members(found))
            yield "\n".join(table(("Member", "Value"), rows))
        else:
            of_fields = (
                (code(one.name), code(one.type), code(one.default)) for one in shapes.fields(found)
            )
            yield "\n".join(table(("Field", "Type", "Default"), of_fields))
        yield f"`from {shapes.public_names()[name]} import {name}`"


def _mentioned() -> set[str]:
    """Return the public dataclasses and enumerations that hooks and their values speak of."""
    waiting = [
        word
        for module in MODULES
        for spec in specs(module)
        for word in shapes.words(str(inspect.signature(spec)))
    ]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in found or name not in shapes.public_names():
            continue
        kind = shapes.public(name)
        if not isinstance(kind, type):
            continue
        if issubclass(kind, Enum):
            found.add(name)
        elif dataclasses.is_dataclass(kind) and not name.endswith("Event"):
            found.add(name)
            waiting += [word for one in shapes.fields(kind) for word in shapes.words(one.type)]
    return found
