"""Dispatch: five ways to call plugins, each through the guard, none through ``pm.hook``.

pluggy keeps the declarations and the implementations; the calling is ours, because one plugin's
exception must cost that plugin's part only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import TypeVar

import pluggy

from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard, Patience, Resting
from deskcore.plugin.hookspecs import MODULES, arguments_by_hook, pipeline, places
from deskcore.plugin.markers import PROJECT
from deskcore.plugin.objections import hook_objections
from deskcore.plugin.parts import Owned

T = TypeVar("T")


class WrongAnswer(TypeError):
    """A hook gave back something else than it is declared to."""


@dataclass(frozen=True, kw_only=True)
class _Implementation:
    """One plugin's function for a hook; it may take fewer arguments than are offered."""

    slug: str
    function: Callable[..., object]
    names: tuple[str, ...]

    def __call__(self, arguments: Mapping[str, object]) -> object:
        return self.function(*(arguments[name] for name in self.names))


class DeskPluginManager:
    """The hooks of one app and the plugins that implement them."""

    def __init__(self, guard: Guard) -> None:
        self.guard = guard
        # By hook: asked for at every page, changed only while plugins are loaded.
        self._in_order: dict[str, tuple[_Implementation, ...]] = {}
        self._pluggy = pluggy.PluginManager(PROJECT)
        for module in MODULES:
            self._pluggy.add_hookspecs(module)

    def register(self, slug: str, module: ModuleType) -> list[str]:
        """Take a plugin in; when anything is wrong with its hooks, say so and leave it out."""
        objections = hook_objections(module)
        if objections:
            return objections
        self._in_order.clear()
        try:
            self._pluggy.register(module, name=slug)
        except (pluggy.PluginValidationError, ValueError) as error:
            self.unregister(slug)
            return [str(error)]
        return []

    def unregister(self, slug: str) -> None:
        """Leave a plugin out again; nothing happens when it is not in."""
        self._in_order.clear()
        if self._pluggy.has_plugin(slug):
            self._pluggy.unregister(name=slug)

    def slugs(self) -> list[str]:
        """Return the plugins that are in, in alphabetical order."""
        return sorted(name for name, _ in self._pluggy.list_name_plugin())

    def collect(
        self,
        spec: str,
        kind: type[T],
        *,
        substitute: Callable[[str], Sequence[T]] = lambda _slug: (),
        **arguments: object,
    ) -> list[Owned[T]]:
        """Ask every plugin; return all items, by their ``order``, then by the plugin's slug.

        A plugin that fails, or gives anything that is not a *kind*, is replaced by what
        *substitute* says for its slug: nothing, if not told otherwise.
        """
        items: list[Owned[T]] = []
        for hook in self._hooks(spec):
            given: Sequence[T] | None = self._ask(hook, spec, arguments, partial(_all_of, kind))
            if given is None:
                given = substitute(hook.slug)
            items.extend(Owned(slug=hook.slug, item=item) for item in given)
        return sorted(items, key=lambda owned: (getattr(owned.item, "order", 0), owned.slug))

    def first(self, spec: str, kind: type[T], **arguments: object) -> Owned[T] | None:
        """Ask one plugin after another until one has an answer."""
        for hook in self._hooks(spec):
            given = self._ask(hook, spec, arguments, partial(_one_of, kind))
            if given is not None:
                return Owned(slug=hook.slug, item=given)
        return None

    def chain(
        self,
        spec: str,
        value: T,
        *,
        argument: str,
        objection: Callable[[T, T], str] = lambda _before, _after: "",
        must: frozenset[str] = frozenset(),
        **arguments: object,
    ) -> T:
        """Hand *value* through every plugin as *argument*; a failing one changes nothing.

        *objection* says what is wrong with a change, given (before, after). A plugin in *must* is
        not skipped: its ``PluginFailed`` or ``Resting`` is raised.
        """
        for hook in self._hooks(spec):
            accept = partial(_changed, value, objection)
            offered = {**arguments, argument: value}
            if hook.slug in must:
                value = self._call(hook, spec, offered, accept)
            else:
                answer = self._ask(hook, spec, offered, accept)
                value = value if answer is None else answer
        return value

    def one(self, slug: str, spec: str, kind: type[T], **arguments: object) -> list[T]:
        """Ask one plugin, nothing when it has no such hook; raises ``PluginFailed`` if it fails."""
        for hook in self._hooks(spec):
            if hook.slug == slug:
                return self._call(hook, spec, arguments, partial(_all_of, kind))
        return []

    def hooks_of(self, slug: str) -> list[str]:
        """Name the hooks that a plugin has, in alphabetical order; none when it is not in."""
        module = self._pluggy.get_plugin(slug)
        callers = self._pluggy.get_hookcallers(module) if module is not None else None
        return sorted(caller.name for caller in callers or ())

    def folder_of(self, slug: str) -> Path:
        """Return the folder of a plugin that is in."""
        module = self._pluggy.get_plugin(slug)
        return Path(str(getattr(module, "__file__", ""))).parent

    def has(self, spec: str) -> bool:
        """Whether any plugin has this hook."""
        return bool(self._hooks(spec))

    def slugs_with(self, spec: str) -> list[str]:
        """Name the plugins that have a hook, in the order they are asked."""
        return [hook.slug for hook in self._hooks(spec)]

    def _hooks(self, spec: str) -> tuple[_Implementation, ...]:
        """Return the implementations to call: ``tryfirst``, then by slug, then ``trylast``."""
        known = self._in_order.get(spec)
        if known is not None:
            return known
        caller = getattr(self._pluggy.hook, spec)
        found = sorted(
            caller.get_hookimpls(),
            key=lambda hook: (not hook.tryfirst, hook.trylast, hook.plugin_name),
        )
        self._in_order[spec] = tuple(
            _Implementation(
                slug=hook.plugin_name, function=hook.function, names=tuple(hook.argnames)
            )
            for hook in found
        )
        return self._in_order[spec]

    def _ask(
        self,
        hook: _Implementation,
        spec: str,
        arguments: Mapping[str, object],
        accept: Callable[[object], T],
    ) -> T | None:
        try:
            return self._call(hook, spec, arguments, accept)
        except (PluginFailed, Resting):
            return None

    def _call(
        self,
        hook: _Implementation,
        spec: str,
        arguments: Mapping[str, object],
        accept: Callable[[object], T],
    ) -> T:
        return self.guard.call(
            hook.slug,
            spec,
            lambda: accept(hook(arguments)),
            patience=_PATIENCE.get(spec, "endless"),
        )


_PATIENCE: dict[str, Patience] = {
    **dict.fromkeys(arguments_by_hook(places), "pause"),
    **dict.fromkeys(arguments_by_hook(pipeline), "brief"),
    # Whoever pressed "Send" waits for it, and others do not.
    "desk_reply_check": "rest",
}


def _all_of(kind: type[T], answer: object) -> list[T]:
    """Take a list of *kind*, a single one, or None as nothing."""
    if answer is None:
        return []
    items = answer if isinstance(answer, (list, tuple)) else [answer]
    for item in items:
        _check_kind(kind, item)
    return list(items)


def _one_of(kind: type[T], answer: object) -> T | None:
    if answer is not None:
        _check_kind(kind, answer)
    return answer  # type: ignore[return-value]  # its kind was just checked


def _changed(before: T, objection: Callable[[T, T], str], answer: object) -> T:
    if not isinstance(answer, type(before)):
        raise WrongAnswer(f"gave a {type(answer).__name__} instead of a {type(before).__name__}")
    if wrong := objection(before, answer):
        raise WrongAnswer(wrong)
    return answer


def _check_kind(kind: type, item: object) -> None:
    if not isinstance(item, kind):
        raise WrongAnswer(f"gave a {type(item).__name__} instead of a {kind.__name__}")
