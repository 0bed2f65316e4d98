"""Pieces of pages that are drawn once for everybody who sees them alike.

A piece is a template that is given plain values and nothing else. They and the language are its
key, so it never has to be thrown away when something changes: what changed is another piece.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock
from typing import NamedTuple

from flask import Flask
from markupsafe import Markup
from werkzeug.local import LocalProxy

from deskcore.i18n import page_language

# Characters of all of them together: a row of a list has two thousand, the head of a ticket ten.
ROOM = 3_000_000
LARGEST = 20_000

_Key = tuple[object, ...]


class Piece(NamedTuple):
    """A piece that is wanted: its template, and all that it is given."""

    template: str
    values: Mapping[str, object]


def piece(template: str, **values: object) -> Piece:
    """Name a piece for ``Kept.draw``; every value must be frozen."""
    return Piece(template, values)


class Kept:
    """The pieces of one app; those least asked for leave first."""

    def __init__(self, app: Flask) -> None:
        self._env = app.jinja_env
        self._pieces: OrderedDict[_Key, Markup] = OrderedDict()
        self._size = 0
        self._lock = Lock()

    def __call__(self, template: str, **values: object) -> Markup:
        """Return the piece; every value must be frozen, and tell all that the template shows."""
        for name, value in values.items():
            if isinstance(value, LocalProxy):  # stands for another object in every request
                values[name] = value._get_current_object()  # noqa: SLF001  its documented way
        return self.draw([Piece(template, values)])

    def draw(self, wanted: Iterable[Piece]) -> Markup:
        """Return many pieces, one behind the other."""
        language = page_language()
        keyed = [((one.template, language, *one.values.values()), one) for one in wanted]
        with self._lock:
            found = [self._find(key) for key, _ in keyed]
        drawn = [
            kept if kept is not None else self._new(key, one)
            for kept, (key, one) in zip(found, keyed, strict=True)
        ]
        return Markup("".join(drawn))  # noqa: S704  each was autoescaped

    def _find(self, key: _Key) -> Markup | None:
        kept = self._pieces.get(key)
        if kept is not None:
            self._pieces.move_to_end(key)
        return kept

    def _new(self, key: _Key, one: Piece) -> Markup:
        html = self._env.get_template(one.template).render(one.values)
        drawn = Markup(html)  # noqa: S704  autoescaped
        if len(drawn) <= LARGEST:
            with self._lock:
                self._keep(key, drawn)
        return drawn

    def _keep(self, key: _Key, drawn: Markup) -> None:
        if key in self._pieces:
            return  # another thread drew it meanwhile
        self._pieces[key] = drawn
        self._size += len(drawn)
        while self._size > ROOM:
            _, gone = self._pieces.popitem(last=False)
            self._size -= len(gone)
