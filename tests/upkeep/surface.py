"""Write ``docs/plugin-authors/api-surface.txt``: run ``python -m tests.upkeep.surface``.

One line for each public thing that a plugin may lean on, with its whole name, so that a change of it
shows in a diff and is read without what stands around it.
"""

from __future__ import annotations

import dataclasses
import inspect
import sys
import typing
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from pathlib import Path

from deskcore.domain.events import DomainEvent
from deskcore.plugin.hookspecs import MODULES
from deskcore.plugin.manifest import API, Manifest
from tests.upkeep.reference import shapes
from tests.upkeep.reference.hooks import facts_of, specs

PAGE = Path(__file__).parents[2] / "docs" / "plugin-authors" / "api-surface.txt"


def surface() -> str:
    """Return the number of the interface, every public name, every hook and the manifest."""
    aliases: dict[str, str] = {}
    names = [
        line
        for module in shapes.PUBLIC
        for name in sorted(import_module(module).__all__)
        for line in _thing(f"{module}.{name}", getattr(sys.modules[module], name), aliases)
    ]
    parts = [
        f"api {API}",
        *names,
        *sorted(f"{name} = {meaning}" for name, meaning in aliases.items()),
        *sorted(map(_hook, (spec for module in MODULES for spec in specs(module)))),
        *(f"manifest {line}" for line in _manifest()),
    ]
    return "\n".join(parts) + "\n"


def _thing(name: str, thing: object, aliases: dict[str, str]) -> Iterator[str]:
    if isinstance(thing, type):
        yield from _class(name, thing, aliases)
    elif isinstance(thing, typing.NewType):
        yield f"{name} = NewType({thing.__supertype__.__name__})"
    elif callable(thing) and hasattr(thing, "__code__"):
        written = shapes.signature(thing)
        yield f"{name}{written}"
        _note_aliases(written, sys.modules[thing.__module__], aliases)
    elif typing.get_origin(thing) is not None:
        yield f"{name} = {_spelled(thing)}"
    else:
        yield f"{name}: {type(thing).__name__}"


def _class(name: str, kind: type, aliases: dict[str, str]) -> Iterator[str]:
    bases = ", ".join(base.__name__ for base in kind.__bases__ if base is not object)
    yield f"{name}({bases})" if bases else name
    if issubclass(kind, DomainEvent) and "name" in vars(kind):
        yield f"{name}.name = {kind.name!r}, version {kind.version}"
    if issubclass(kind, Enum):
        yield from (f"{name}.{member} = {value!r}" for member, value in shapes.members(kind))
    if dataclasses.is_dataclass(kind):
        for field in shapes.fields(kind):
            yield f"{name}.{field}"
            _note_aliases(field.type, sys.modules[kind.__module__], aliases)
    else:
        for attribute, written in inspect.get_annotations(kind).items():
            if not attribute.startswith("_"):
                yield f"{name}.{attribute}: {written}"
                _note_aliases(written, sys.modules[kind.__module__], aliases)
    yield from _methods(name, kind, aliases)


def _methods(name: str, kind: type, aliases: dict[str, str]) -> Iterator[str]:
    """Yield what the desk's own classes declare; what a public base or a library's brings is theirs."""
    said = {"__init__"} if getattr(kind, "_is_protocol", False) else set()
    public = shapes.public_names()
    for base in kind.__mro__:
        is_its_own = base is kind or base.__name__ not in public
        if not base.__module__.startswith("deskcore") or not is_its_own:
            continue
        for method, written, _doc in shapes.methods(base):
            if method not in said:
                said.add(method)
                yield f"{name}.{method}{written}"
                _note_aliases(written, sys.modules[base.__module__], aliases)


def _note_aliases(written: str, module: object, aliases: dict[str, str]) -> None:
    """Remember what the short names of closed sets stand for: their values are part of the deal."""
    for word in shapes.words(written):
        meant = getattr(module, word, None)
        if typing.get_origin(meant) is typing.Literal:
            aliases[word] = _spelled(meant)


def _spelled(alias: object) -> str:
    return str(alias).replace("typing.", "").replace("deskcore.plugin.secret.", "")


def _hook(spec: typing.Any) -> str:
    return f"hook {spec.__name__}{shapes.signature(spec)}, since {facts_of(spec)['Since']}"


def _manifest() -> Iterator[str]:
    for name, annotation in inspect.get_annotations(Manifest).items():
        written = str(annotation)
        if field := Manifest.model_fields.get(name):
            default = "" if field.is_required() else f" = {field.default!r}"
            meant = getattr(sys.modules[Manifest.__module__], written, None)
            if typing.get_origin(meant) is typing.Literal:
                written = _spelled(meant)
            yield f"{name}: {written.replace('[_', '[').removeprefix('_')}{default}"


if __name__ == "__main__":
    PAGE.write_text(surface(), encoding="utf-8")
