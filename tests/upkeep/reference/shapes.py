"""What a value is made of: fields with types and defaults, members, methods with signatures."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from enum import Enum
from importlib import import_module
from typing import Any

PUBLIC = ("deskcore.api", "deskcore.api.data", "deskcore.api.web", "deskcore.plugin")
_WORD = re.compile(r"\b[A-Z]\w+")
# A default that has no words of its own.
_NAMELESS = re.compile(r"<[^<>]*(?: object| at 0x)[^<>]*>")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Shape:
    """One field: its type as it is written, and its default as it would be; empty is none."""

    name: str
    type: str
    default: str = ""

    def __str__(self) -> str:
        return f"{self.name}: {self.type}" + (f" = {self.default}" if self.default else "")


def public_names() -> dict[str, str]:
    """Return every public name with the module it is imported from."""
    return {name: module for module in PUBLIC for name in sorted(import_module(module).__all__)}


def public(name: str) -> object:
    """Return the thing with a public name."""
    return getattr(import_module(public_names()[name]), name)


def fields(kind: type) -> list[Shape]:
    """Return the public fields of a dataclass."""
    return [
        Shape(name=field.name, type=str(field.type), default=_default(field))
        for field in dataclasses.fields(kind)
        if not field.name.startswith("_")
    ]


def members(kind: type[Enum]) -> list[tuple[str, object]]:
    """Return the members of an enumeration with their values."""
    return [(member.name, member.value) for member in kind]


def methods(kind: type) -> Iterator[tuple[str, str, str | None]]:
    """Yield what a class itself declares: name, signature and docstring, in the order of its lines.

    Overrides of the language's own methods are left out, and so is what a base class declares.
    """
    for name, found in vars(kind).items():
        if name.startswith("_") and name != "__init__":
            continue
        plain = found.__func__ if isinstance(found, (classmethod, staticmethod)) else found
        if isinstance(plain, property):
            answer = plain.fget.__annotations__.get("return", "") if plain.fget else ""
            yield name, f": {answer}", inspect.getdoc(plain)
        elif inspect.isfunction(plain) and not (name == "__init__" and _is_made(kind)):
            yield name, signature(plain), inspect.getdoc(plain)


def signature(function: Any) -> str:
    """Return a signature as it is written, with defaults that say the same on every machine."""
    try:
        found = inspect.signature(function)
    except (TypeError, ValueError):
        return "(…)"
    return _NAMELESS.sub("…", re.sub(r"'([\w\[\]., |*]+)'", _unquoted, str(found)))


def words(written: str) -> list[str]:
    """Return the names in a signature or an annotation that begin with a capital letter."""
    return _WORD.findall(written)


def spoken(value: object) -> str:
    """Write a value as code would."""
    if isinstance(value, Enum):
        return f"{type(value).__name__}.{value.name}"
    if isinstance(value, type) or inspect.isfunction(value):
        return value.__name__
    return _NAMELESS.sub("…", repr(value))


def _unquoted(match: re.Match[str]) -> str:
    """Take annotations out of their quotes; strings that are defaults keep them."""
    before = match.string[: match.start()]
    return match[1] if before.endswith((": ", "-> ")) else match[0]


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        return spoken(field.default)
    if field.default_factory is not dataclasses.MISSING:
        name = getattr(field.default_factory, "__name__", "")
        return f"{name}()" if name.isidentifier() else "…"
    return ""


def _is_made(kind: type) -> bool:
    return dataclasses.is_dataclass(kind)
