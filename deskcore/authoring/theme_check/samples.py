"""Made-up values for the pages that themes dress: full ones, and those of a desk with little to say.

They are made from the types of the values, so that a page that is new tomorrow is drawn, too.
"""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, get_args, get_origin, get_type_hints

from markupsafe import Markup

from deskcore.domain.public_views import Letter
from deskcore.theme.contexts import CONTEXTS, LETTER, SITE

# Error pages are the core's alone.
UNDRESSED = frozenset({"public/error.html"})
_WORDS = "Příliš žluťoučký kůň & <b>čaj</b> " + "Verylongwordthatdoesnotend" * 2
_TEXTS = {
    "code": "en",
    "address": "shop@example.com",
    "email": "ann@example.com",
    "key": "key",
    "state": "open",
    "when_iso": "2026-11-28T09:30:00+00:00",
}
_PLAIN: Mapping[type, object] = {
    int: 3,
    float: 3.5,
    datetime: datetime(2026, 11, 28, 9, 30, tzinfo=UTC),
    timedelta: timedelta(hours=2),
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A page to be drawn; ``slots`` are marks of what plugins put there, by the slot's name."""

    template: str
    is_full: bool
    values: Mapping[str, object]
    slots: Mapping[str, str]


def samples() -> Iterator[Sample]:
    """Give every page that themes dress twice: with everything, and with as little as there may be."""
    for template, (name, kind) in CONTEXTS.items():
        if template in UNDRESSED:
            continue
        for is_full in (True, False):
            making = _Making(is_full=is_full)
            values = {"site": making.value("site", SITE), name: making.value(name, kind)}
            yield Sample(
                template=template, is_full=is_full, values=values, slots=dict(making.slots)
            )


def letters() -> Iterator[Letter]:
    """Give a mail that says everything it can, and one that says as little as it can."""
    yield LETTER(
        text="Dear Ann,\n\nyour parcel left today.",
        html=Markup("<p>Dear Ann,</p><p>your parcel left today.</p>"),
        signature="Eva, Shop",
        signature_html=Markup("<p>Eva, Shop</p>"),
        link="https://desk.example/r/abc",
        shop=_WORDS,
        number=1042,
    )
    yield LETTER(text="Yes.", html=Markup("<p>Yes.</p>"), signature_html=Markup(), shop="")


class _Making:
    """Makes values of one page; ``slots`` fills up meanwhile."""

    def __init__(self, *, is_full: bool) -> None:
        self._is_full = is_full
        self.slots: dict[str, str] = {}

    def value(self, name: str, kind: Any) -> object:  # noqa: ANN401  any type of a field
        """Make a value of a type; *name* is where it stands."""
        origin = get_origin(kind)
        if origin is types.UnionType:
            return self.value(name, get_args(kind)[0]) if self._is_full else None
        if origin is tuple:
            return tuple(self._items(name, get_args(kind)[0])) if self._is_full else ()
        if isinstance(kind, type) and is_dataclass(kind):
            hints = get_type_hints(kind)
            made = {f.name: self.value(f"{name}.{f.name}", hints[f.name]) for f in fields(kind)}
            return kind(**made)
        return self._plain(name, kind)

    def _items(self, name: str, kind: Any) -> Iterator[object]:  # noqa: ANN401  as above
        for number in (1, 2):
            yield self.value(f"{name}.{number}", kind)

    def _plain(self, name: str, kind: Any) -> object:  # noqa: ANN401  as above
        if kind is Markup:
            return self._slot(name)
        if kind is bool:
            return self._is_full
        return _PLAIN[kind] if kind in _PLAIN else self._text(name.rpartition(".")[2], name)

    def _text(self, field: str, name: str) -> str:
        if field.endswith("url"):
            return f"/help?of={name}" if self._is_full else ""
        if field == "id":  # names an element of the page, so there is one of each
            return name.replace(".", "-")
        return _TEXTS.get(field, _WORDS)

    def _slot(self, name: str) -> Markup:
        if not self._is_full:
            return Markup()
        mark = f"slot-{name.replace('.', '-')}"
        self.slots[name] = mark
        return Markup(
            '<section class="card" aria-label="Plugin"><p id="{}">.</p></section>'
        ).format(mark)
