"""What is wrong with a plugin's hooks, told before any of them is called."""

from __future__ import annotations

import difflib
import inspect
from collections.abc import Callable, Iterable, Iterator
from types import FunctionType, ModuleType

from deskcore.plugin.hookspecs import MODULES, arguments_by_hook
from deskcore.plugin.markers import PROJECT


def hook_objections(module: ModuleType) -> list[str]:
    """Say what is wrong with the hooks of a plugin's module; nothing of it is called."""
    known = arguments_by_hook(*MODULES)
    return [
        objection
        for name, function, options in _implementations(module)
        for objection in _objections(options.get("specname") or name, function, options, known)
    ]


def _implementations(
    module: ModuleType,
) -> Iterator[tuple[str, Callable[..., object], dict[str, object]]]:
    for name, function in sorted(vars(module).items()):
        # Only functions are asked for it: other objects may run code of theirs, as proxies do.
        options = vars(function).get(f"{PROJECT}_impl") if type(function) is FunctionType else None
        if isinstance(options, dict):
            yield name, function, options


def _objections(
    name: object,
    function: Callable[..., object],
    options: dict[str, object],
    known: dict[str, tuple[str, ...]],
) -> Iterator[str]:
    hook = str(name)
    if hook not in known:
        yield f"There is no hook {hook!r}.{_did_you_mean(hook, known)}"
        return
    for argument in inspect.signature(function).parameters:
        if argument not in known[hook]:
            guess = _did_you_mean(argument, known[hook])
            yield f"The hook {hook} has no argument {argument!r}.{guess}"
    if options.get("wrapper") or options.get("hookwrapper"):
        yield f"{hook} is a hook wrapper: a plugin may not alter what other plugins answer."
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        yield f"{hook} is an async function: hooks are plain functions."
    if inspect.isgeneratorfunction(function) and not options.get("wrapper"):
        yield f"{hook} yields: hooks return a list."


def _did_you_mean(word: str, words: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(words), n=1)
    return f" Did you mean {close[0]!r}?" if close else ""
