"""Pieces of pages that are drawn once for everybody who sees them alike.

A piece is a template that is given plain values and nothing else. They and the language are its
key, so it never has to be thrown away when something changes: what changed is another piece.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from flask import Flask
from markupsafe import Markup
from werkzeug.local import LocalProxy

from deskcore.i18n import page_language

# A row of a list is about two kilobytes, a nav seven; together a few megabytes at most.
PIECES = 600
LARGEST = 8_000

_Key = tuple[object, ...]


class Kept:
    """The pieces of one app; those least asked for leave first."""

    def __init__(self, app: Flask) -> None:
        self._env = app.jinja_env
        self._pieces: OrderedDict[_Key, Markup] = OrderedDict()
        self._lock = Lock()

    def __call__(self, template: str, **values: object) -> Markup:
        """Return the piece; every value must be frozen, and tell all that the template shows."""
        for name, value in values.items():
            if isinstance(value, LocalProxy):  # stands for another object in every request
                values[name] = value._get_current_object()  # noqa: SLF001  its documented way
        key = (template, page_language(), *values.values())
        with self._lock:
            piece = self._pieces.get(key)
            if piece is not None:
                self._pieces.move_to_end(key)
                return piece
        piece = Markup(self._env.get_template(template).render(values))  # noqa: S704  autoescaped
        if len(piece) <= LARGEST:
            self._keep(key, piece)
        return piece

    def _keep(self, key: _Key, piece: Markup) -> None:
        with self._lock:
            self._pieces[key] = piece
            if len(self._pieces) > PIECES:
                self._pieces.popitem(last=False)
