"""The theme that a process wears, and the core's own page wherever the theme fails.

A page of a themed surface is drawn with the theme first. What fails is drawn again by the core in
the same request, counted, and at the third time the theme is left alone.
"""

from __future__ import annotations

import hashlib
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import cast

from flask import Flask, current_app
from jinja2 import Environment
from markupsafe import Markup

from deskcore.clock import now
from deskcore.config import Config
from deskcore.domain.kinds import ThemeState
from deskcore.logs import get_logger
from deskcore.plugin.faults import MAX_MESSAGE, MAX_TRACEBACK
from deskcore.plugin.guard import parts_left_out
from deskcore.plugin.recovery import is_safe_mode
from deskcore.services import theme_records
from deskcore.services.theme_records import (
    FAILURES_ALLOWED,
    Failure,
    StoredFailures,
    ThemeChoice,
)
from deskcore.theme.discovery import FOLDER, FoundTheme, chain, discover_themes
from deskcore.theme.loader import TEMPLATES, is_themed, themed_environment
from deskcore.theme.looks import use_theme_tokens

# A page without one of these is no page; everything else a theme may leave out.
REQUIRED = frozenset({"title", "main"})
log = get_logger(__name__)


class MissingBlock(LookupError):
    """A page of a theme lacks a block that every page has."""


@dataclass(frozen=True, kw_only=True)
class ThemeStatus:
    """One theme in the list: where it is in its life, and why."""

    found: FoundTheme
    state: ThemeState
    reason: str = ""


@dataclass(kw_only=True)
class Wardrobe:
    """The themes that are there, and the one that this process wears; ``layers`` begins with it."""

    app: Flask = field(repr=False)
    there: Sequence[FoundTheme] = ()
    layers: Sequence[FoundTheme] = ()
    choice: ThemeChoice = field(default_factory=ThemeChoice)
    failures: StoredFailures = field(default_factory=StoredFailures)
    is_loaded: bool = True  # not in safe mode
    _lock: Lock = field(default_factory=Lock, repr=False)
    _failed: int = 0

    @property
    def slug(self) -> str:
        """The slug of the worn theme, empty for the core's own look."""
        return self.layers[0].slug if self.layers else ""

    @property
    def is_worn(self) -> bool:
        """Whether pages are drawn with a theme: here, now and for whoever asks."""
        return bool(self.layers) and self._failed < FAILURES_ALLOWED and not parts_left_out.get()

    @cached_property
    def env(self) -> Environment:
        """The environment in which the theme's templates stand before the core's."""
        return themed_environment(self.app, [layer.folder for layer in self.layers])

    def statuses(self) -> list[ThemeStatus]:
        """Return every theme that is there, with its state as this process knows it."""
        return states(self.there, self.choice)

    def draw(self, template: str, draw: Callable[[Environment], Markup]) -> Markup:
        """Draw with the theme, and what fails with the core; what fails there, too, is raised."""
        if not (self.is_worn and is_themed(template)):
            return draw(self.app.jinja_env)
        try:
            return draw(self.env)
        except Exception as error:
            html = draw(self.app.jinja_env)  # when this fails, the theme is not to blame
            self._note(template, error)
            return html

    def _note(self, template: str, error: Exception) -> None:
        place = place_of(error, self.layers) or template
        message = f"{type(error).__name__}: {error}"[:MAX_MESSAGE]
        identity = f"{self.slug}|{place}|{type(error).__qualname__}"
        log.warning("a theme failed", theme=self.slug, template=place, error=type(error).__name__)
        with self._lock:
            self._failed += 1
            if self._failed == FAILURES_ALLOWED:
                use_theme_tokens(self.app, ())
        self.failures.record(
            Failure(
                slug=self.slug,
                template=place,
                digest=hashlib.sha256(identity.encode()).hexdigest(),
                message=message,
                traceback="".join(traceback.format_exception(error, limit=-20))[-MAX_TRACEBACK:],
                at=now(),
            )
        )


def states(there: Iterable[FoundTheme], choice: ThemeChoice) -> list[ThemeStatus]:
    """Say of every theme where it is in its life."""
    return [_status(found, choice) for found in there]


def init_themes(app: Flask, config: Config, *, worn: Sequence[FoundTheme] | None = None) -> None:
    """Give *app* its themes, inside its context; *worn* are layers to be tried.

    In safe mode, or when the wanted theme is not to be worn, pages look as the core makes them.
    """
    there = discover_themes(config.instance / FOLDER)
    wardrobe = Wardrobe(app=app, there=there)
    if worn is not None:
        wardrobe.layers = worn
    elif is_safe_mode(config.instance, configured=config.safe_mode):
        wardrobe.is_loaded = False
    else:
        wardrobe.choice = theme_records.choice()
        wanted = next((each for each in there if each.slug == wardrobe.choice.worn), None)
        if wanted is not None and not wanted.problem:
            wardrobe.layers = chain(wanted, there)
    app.extensions["desk_themes"] = wardrobe
    use_theme_tokens(app, [layer.tokens for layer in reversed(wardrobe.layers)])

    @app.teardown_appcontext
    def write_failures(_error: BaseException | None) -> None:
        wardrobe.failures.flush()


def wardrobe() -> Wardrobe:
    """Return the themes of the desk at work in this context."""
    return cast("Wardrobe", current_app.extensions["desk_themes"])


def whole(env: Environment, template: str, values: Mapping[str, object]) -> Markup:
    """Draw a whole page; raises ``MissingBlock`` when a theme left out what every page has."""
    loaded = env.get_template(template)
    context = loaded.new_context(dict(values))
    try:
        html = env.concat(loaded.root_render_func(context))
    except Exception:  # so that the lines of the traceback are those of the template
        env.handle_exception()
    missing = REQUIRED - context.blocks.keys()
    if missing and template.endswith(".html") and "public/" in template:
        raise MissingBlock(f"It has no block {', '.join(sorted(missing))}.")
    return Markup(html)  # noqa: S704  autoescaped


def place_of(error: BaseException, layers: Sequence[FoundTheme]) -> str:
    """Name the template and line of a theme where an exception came from; empty for elsewhere."""
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        for layer in layers:
            if frame.filename.startswith(f"{layer.folder / TEMPLATES}/"):
                return f"{Path(frame.filename).relative_to(layer.folder)}:{frame.lineno}"
    return ""


def _status(found: FoundTheme, choice: ThemeChoice) -> ThemeStatus:
    if found.problem:
        return ThemeStatus(found=found, state=found.state, reason=found.problem)
    if found.slug == choice.worn:
        return ThemeStatus(found=found, state=ThemeState.ACTIVE)
    if found.slug in choice.suspended:
        reason = choice.suspended[found.slug]
        return ThemeStatus(found=found, state=ThemeState.SUSPENDED, reason=reason)
    return ThemeStatus(found=found, state=ThemeState.FOUND)
