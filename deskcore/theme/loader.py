"""Where templates of the themed surfaces come from: the theme, those it stands on, the core.

``{% extends "@parent/public/home.html" %}`` is the same name in the layer below the template that
says so. Jinja knows such a template by ``@<depth>/<name>``, so that its cache tells them apart.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path

from flask import Flask
from flask.templating import Environment
from jinja2 import BaseLoader, FileSystemLoader, StrictUndefined, TemplateNotFound
from jinja2 import Environment as AnyEnvironment

from deskcore.errors import DeskError

TEMPLATES = "templates"
PARENT = "@parent/"
MOST_CHARACTERS = 2_000_000  # no page of a shop is as long
MOST_PIECES = 200_000
LONGEST_RANGE = 10_000
_LAYER = re.compile(r"@(\d{1,2})/(.+)")
# Pages and mails for customers, also those of plugins. Everything else is the core's alone.
_THEMED = re.compile(r"(?:plugins/[a-z][a-z0-9_]+/)?(?:public|mail)/[\w/-]+\.(?:html|txt)")

Source = tuple[str, str | None, Callable[[], bool] | None]


class Endless(DeskError):
    """A template makes more than any page may hold."""


def is_themed(template: str) -> bool:
    """Whether themes may override a template: only what customers see."""
    return _THEMED.fullmatch(template) is not None


class LayeredLoader(BaseLoader):
    """Looks through the folders of themes, the topmost first, and then asks the *core*."""

    def __init__(self, folders: Sequence[Path], core: BaseLoader) -> None:
        self._layers = [FileSystemLoader(folder / TEMPLATES) for folder in folders]
        self._names = [frozenset(layer.list_templates()) for layer in self._layers]
        self._core = core
        self._layer_of = cache(self._find_layer)

    def get_source(self, environment: AnyEnvironment, template: str) -> Source:
        """Return a template from the first layer that has it, from its depth downwards."""
        depth, name = _split(template)
        layer = self._layer_of(depth, name)
        if layer > len(self._layers):
            raise TemplateNotFound(template)
        loader = self._layers[layer] if layer < len(self._layers) else self._core
        return loader.get_source(environment, name)

    def name_below(self, name: str, asker: str) -> str:
        """Name *name* as it is in the layers below the template *asker*."""
        return f"@{self._layer_of(*_split(asker)) + 1}/{name}"

    def _find_layer(self, depth: int, name: str) -> int:
        if is_themed(name):
            for layer in range(depth, len(self._layers)):
                if name in self._names[layer]:
                    return layer
        return max(depth, len(self._layers))


class ThemedEnvironment(Environment):
    """Jinja for what themes may override: strict, bounded, and ``@parent/`` is understood."""

    def join_path(self, template: str, parent: str) -> str:
        """Turn ``@parent/`` into the layer that it means."""
        if isinstance(self.loader, LayeredLoader) and template.startswith(PARENT):
            return self.loader.name_below(template.removeprefix(PARENT), parent)
        return template

    @staticmethod
    def concat(pieces: Iterable[str]) -> str:
        """Join what a template made; raises ``Endless`` for more than a page may hold."""
        made: list[str] = []
        room = MOST_CHARACTERS
        for piece in pieces:
            made.append(piece)
            room -= len(piece)
            if room < 0 or len(made) > MOST_PIECES:
                raise Endless("It makes a page without an end.")
        return "".join(made)


def themed_environment(app: Flask, folders: Sequence[Path]) -> ThemedEnvironment:
    """Make the environment in which *folders* of themes, topmost first, stand before the core.

    It shares filters, macros and catalogues with the app's own. Secrets are no template's.
    """
    own = app.jinja_env
    loader = LayeredLoader(folders, own.loader or app.create_global_jinja_loader())
    # The check of a theme reports what it does not know; so does a page that is asked for.
    env = own.overlay(loader=loader, undefined=StrictUndefined)
    env.__class__ = ThemedEnvironment
    hidden = {"config", "session"}
    env.globals = {name: each for name, each in own.globals.items() if name not in hidden}
    env.globals["range"] = _range
    assert isinstance(env, ThemedEnvironment)  # noqa: S101  tells the type checker what was just done
    return env


def _split(template: str) -> tuple[int, str]:
    found = _LAYER.fullmatch(template)
    return (int(found[1]), found[2]) if found else (0, template)


def _range(*bounds: int) -> range:
    numbers = range(*bounds)
    if len(numbers) > LONGEST_RANGE:
        raise Endless(f"It counts to more than {LONGEST_RANGE}.")
    return numbers
