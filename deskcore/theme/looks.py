"""The looks of the desk as a style sheet: core's tokens, then the theme's, then the owner's.

Only what differs from core's own sheet stands in it, in the layer ``look``, which comes after the
theme's style sheet: what the owner chose holds. Without a theme and choices it is empty.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from flask import Flask, current_app

from deskcore.domain.accent import SCHEMES, SOLVED, Level, Scheme, failing, solve
from deskcore.domain.appearance import Appearance, from_text
from deskcore.domain.tokens import COLOURS, TOKENS, TokenLayer, combined
from deskcore.services.own_css import scoped
from deskcore.theme.core_tokens import core_tokens, stronger_core_tokens

PUBLIC, AGENT, PLAIN = "public", "agent", "plain"
# "plain" is for pages that no theme may dress: there the owner's choices stand on core's own.
SURFACES = (PUBLIC, AGENT, PLAIN)

_HUE, _CHROMA = "accent-hue", "accent-chroma"
# Published choices, and drafts while somebody works on them.
_KEPT = 64


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A style sheet ready to be sent; ``digest`` names it in its address."""

    body: bytes
    digest: str

    @property
    def is_empty(self) -> bool:
        """Whether pages do without it."""
        return not self.body


class Looks:
    """The sheets of one app, kept once they are made."""

    def __init__(self) -> None:
        self.layers: tuple[TokenLayer, ...] = ()
        self._made: dict[tuple[str, str], Sheet] = {}

    def use(self, layers: Sequence[TokenLayer]) -> None:
        """Begin anew on these layers of a theme."""
        self.layers, self._made = tuple(layers), {}

    def sheet(self, surface: str, choices: str) -> Sheet:
        """Return the sheet of one surface under stored *choices*, empty for none."""
        made = self._made  # a theme that is taken off meanwhile begins another
        if (surface, choices) not in made:
            if len(made) >= _KEPT:
                made.clear()
            layers = () if surface == PLAIN else self.layers
            made[surface, choices] = _made(surface, layers, choices)
        return made[surface, choices]


def use_theme_tokens(app: Flask, layers: Sequence[TokenLayer]) -> None:
    """Dress the public and the agent surface of *app* in these tokens, the farthest parent first.

    ``read_tokens`` makes one layer of what a ``theme.toml`` says. A theme that is left or suspended
    while the app runs is taken off with an empty sequence.
    """
    _looks(app).use(layers)


def colours_of(appearance: Appearance, level: Level = "normal") -> TokenLayer:
    """Return every token as this desk's themed pages would have it under these choices."""
    return tokens_of(_looks(current_app).layers, appearance, level)


def sheet_of(surface: str, choices: str) -> Sheet:
    """Return this desk's sheet of one surface under stored *choices*, empty for none."""
    return _looks(current_app).sheet(surface, choices)


def _looks(app: Flask) -> Looks:
    return cast("Looks", app.extensions.setdefault("desk_looks", Looks()))


def _made(surface: str, layers: Sequence[TokenLayer], choices: str) -> Sheet:
    """Make a sheet; the same arguments give the same bytes in every process."""
    appearance = from_text(choices) if choices else Appearance()
    css = rendered(layers, appearance)
    if surface == PUBLIC and appearance.css:
        css += f"@layer look {{\n{scoped(appearance.css)}\n}}\n"
    body = css.encode()
    return Sheet(body=body, digest=hashlib.sha256(body).hexdigest()[:16])


def rendered(layers: Sequence[TokenLayer], appearance: Appearance) -> str:
    """Write the tokens that differ from core's own, for both schemes and levels of contrast."""
    always = appearance.level
    normal = tokens_of(layers, appearance, always)
    stronger = tokens_of(layers, appearance, "more")
    usual = _lines(normal, _core("normal"), ())
    asked = _lines(stronger, _core("more"), [name for name, _line in usual])
    if not usual:
        return ""
    query = ""
    if always == "normal":
        query = f"@media (prefers-contrast: more) {{\n:root {{ {_joined(asked)} }}\n}}\n"
    return f"@layer look {{\n:root {{ {_joined(usual)} }}\n{query}}}\n"


def tokens_of(layers: Iterable[TokenLayer], appearance: Appearance, level: Level) -> TokenLayer:
    """Return every token as pages have it: layers over core, accents worked out."""
    below = combined(core_tokens(), *layers)
    if level == "more":
        below = combined(below, _stronger(below))
    whole = combined(below, appearance.tokens)
    return TokenLayer(
        light=_with_accent(whole.light, "light", level),
        dark=_with_accent(whole.dark, "dark", level),
    )


def too_close(layers: Iterable[TokenLayer]) -> list[str]:
    """Say which colours of a theme are too close to one another to be read: the theme's check.

    Each line names scheme, the two tokens and what they need; empty when every pair is legible.
    """
    tokens = tokens_of(layers, Appearance(), "normal")
    return [
        f"{scheme}: {pair.front} / {pair.back} < {pair.needed:g}"
        for scheme in SCHEMES
        for pair in failing(getattr(tokens, scheme), "normal")
    ]


def _stronger(below: TokenLayer) -> TokenLayer:
    """Return core's own for more contrast, but where a theme has set that colour itself.

    Secondary words become like the words themselves, whoever set them.
    """
    core, more = core_tokens(), stronger_core_tokens()
    found = TokenLayer(light={}, dark={})
    for scheme in SCHEMES:
        mine, theirs = getattr(core, scheme), getattr(below, scheme)
        kept = {n: v for n, v in getattr(more, scheme).items() if theirs.get(n) == mine[n]}
        kept |= {"text-2": theirs["text"], "text-3": theirs["text"]}
        kept |= dict.fromkeys(("line", "line-control"), theirs["text-2"])
        getattr(found, scheme).update(kept)
    return found


def _with_accent(tokens: Mapping[str, str], scheme: Scheme, level: Level) -> dict[str, str]:
    """Put the accent's colours in, where a hue is chosen; those named one by one hold."""
    found = {name: value for name, value in tokens.items() if name not in {_HUE, _CHROMA}}
    if _HUE not in tokens:
        return found
    around = {name: found[name] for name in COLOURS if name not in SOLVED}
    hue, chroma = float(tokens[_HUE]), float(tokens.get(_CHROMA, 0.1))
    return {**solve(hue, chroma, scheme=scheme, level=level, around=around), **found}


def _core(level: Level) -> TokenLayer:
    return core_tokens() if level == "normal" else combined(core_tokens(), stronger_core_tokens())


def _lines(tokens: TokenLayer, core: TokenLayer, also: Iterable[str]) -> list[tuple[str, str]]:
    """Return (name, declaration) of what differs from *core*, and of *also*."""
    wanted = {*also}
    return [
        (name, f"--{name}: {_value(tokens.light[name], tokens.dark[name])};")
        for name in TOKENS
        if name in tokens.light
        and (
            name in wanted
            or (tokens.light[name], tokens.dark[name]) != (core.light[name], core.dark[name])
        )
    ]


def _value(light: str, dark: str) -> str:
    return light if light == dark else f"light-dark({light}, {dark})"


def _joined(lines: Iterable[tuple[str, str]]) -> str:
    return " ".join(line for _name, line in lines)
