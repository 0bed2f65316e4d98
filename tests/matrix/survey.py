"""Asks for every cell of the matrix once and keeps what the tests want to know of the answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from flask import Flask

from deskcore.db import Base
from tests.matrix.forms import BOXES, Form, filled
from tests.matrix.queries import queries
from tests.matrix.routes import RIGHT_OF, Cell, cells, rules
from tests.matrix.rows import Change, Rows, Store, changes
from tests.matrix.visiting import Answer, Visitor
from tests.matrix.world import VISITORS, World, may

_MARKER = re.compile(r"zq[a-z]+\d+z|\b4700\d\d\b")
# What must be done first, by the owner, for a POST to have something to do.
BEFORE = {"first_steps.remove_sample": "/admin/sample"}
EXTRA = "zqextrafield"
# Who asks on the second kind of database, where queries differ and guards do not.
ELSEWHERE = ("owner", "agent_a", "agent_b", "viewer", "at_code", "at_set_up", "stranger")


@dataclass(kw_only=True)
class Seen:
    """One request of a cell: what was asked, what came, which words stood in it, what changed."""

    cell: Cell
    is_partial: bool
    answer: Answer
    words: set[str]
    changes: list[Change] = field(default_factory=list)

    def __str__(self) -> str:
        part = " (part)" if self.is_partial else ""
        cell = self.cell
        return f"{cell.role}: {cell.method} {cell.path}{part} [{cell.which}] {self.answer.status}"


@dataclass(kw_only=True)
class Survey:
    """The desk, everybody before it, and what all of them were answered."""

    app: Flask
    world: World
    store: Store
    visitors: dict[str, Visitor]
    # Whoever lacks the right is refused before anything is looked up: one database shows that.
    is_thorough: bool
    seen: list[Seen] = field(default_factory=list)
    furnished: Rows = field(default_factory=dict)
    now: Rows = field(default_factory=dict)
    stamp: object = None

    def begin(self) -> None:
        """Take the rows as they are now for those of the furnished desk."""
        self.store.keep()
        self.stamp, self.furnished = self.store.stamp(), self.store.read()
        self.now = self.furnished

    def of(self, **wanted: str) -> Iterator[Seen]:
        """Yield the requests of cells that are *wanted*, like ``role="owner"``."""
        for seen in self.seen:
            if all(getattr(seen.cell, name) == value for name, value in wanted.items()):
                yield seen

    def counts(self) -> dict[str, int]:
        """Return how large the matrix is."""
        return {
            "routes": len(rules(self.app)),
            "people": len(self.visitors),
            "cells": len({seen.cell for seen in self.seen}),
            "requests": len(self.seen),
            "markers": len(self.world.markers),
        }

    def ticket_id(self, number: int) -> str:
        """Return the id behind a ticket's number."""
        rows = self.furnished["ticket"].by_key("ticket").values()
        return next(row["id"] for row in rows if row["number"] == str(number))

    def look_around(self) -> None:
        """Ask for every page as everybody."""
        for cell in self._cells(are_pages=True):
            self._look(cell)

    def press_everything(self) -> None:
        """Send every form as everybody, with the desk as it was before each."""
        for cell in self._cells(are_pages=False):
            self.seen.append(self.press(cell))

    def _cells(self, *, are_pages: bool) -> Iterator[Cell]:
        for role in VISITORS if self.is_thorough else ELSEWHERE:
            for rule, method in rules(self.app):
                if (method == "GET") == are_pages:
                    found = cells(self.world, rule, method, role)
                    is_refused = not may(role, RIGHT_OF[rule.endpoint])
                    yield from islice(found, 1 if is_refused and not self.is_thorough else None)

    def press(self, cell: Cell, *, extra: bool | None = None) -> Seen:
        """Send the form of a cell, bring the desk back, and return what happened.

        A form that must do nothing is sent with every other name as well.
        """
        form = self.form(cell)
        is_refused = cell.which != "own" or not may(cell.role, RIGHT_OF[cell.endpoint])
        if is_refused if extra is None else extra:
            form = extra_fields(cell.endpoint, form) | form
        if cell.endpoint in BEFORE and not is_refused:
            self.visitors["owner"].post(BEFORE[cell.endpoint], {})
            self.note()
        answer = self.visitors[cell.role].post(cell.path, form)
        seen = self._seen(cell, answer, is_partial=False)
        if seen.changes:
            self.bring_back()
        return seen

    def form(self, cell: Cell) -> Form:
        """Return the form of a cell as its visitor would fill it in."""
        return filled(self.world, cell.endpoint, cell.role)

    def bring_back(self) -> None:
        """Make every row as it was furnished."""
        self.note()
        changed = {name for name, rows in self.furnished.items() if self.now[name] != rows}
        self.store.restore(changed)
        self.stamp, self.now = self.store.stamp(), self.furnished

    def _look(self, cell: Cell) -> None:
        asked = [cell]
        if cell.which == "own" and cell.is_first and may(cell.role, RIGHT_OF[cell.endpoint]):
            asked += queries(self.world, cell)
        for one in asked:
            for is_partial in (False, True) if cell.is_first else (False,):
                answer = self.visitors[cell.role].get(one.path, is_partial=is_partial)
                self.seen.append(self._seen(one, answer, is_partial=is_partial))

    def _seen(self, cell: Cell, answer: Answer, *, is_partial: bool) -> Seen:
        return Seen(
            cell=cell,
            is_partial=is_partial,
            answer=answer,
            words=words_in(answer, (cell.path, *cell.names)),
            changes=self.note(),
        )

    def note(self) -> list[Change]:
        """Return which rows differ since the last look."""
        stamp = self.store.stamp()
        if stamp == self.stamp:
            return []
        after = self.store.read()
        found = changes(self.now, after)
        self.stamp, self.now = stamp, after
        return found


def words_in(answer: Answer, asked: Iterable[str]) -> set[str]:
    """Return the markers of an answer, but for those the question itself held."""
    everything = answer.everything
    for part in (part for part in asked if len(part) >= len("470000")):
        everything = everything.replace(part.lower(), "")
    return set(_MARKER.findall(everything))


def extra_fields(endpoint: str, form: Iterable[str]) -> dict[str, object]:
    """Return every column of every table as a field, but for those the form has itself."""
    own = {*form, *BOXES.get(endpoint, ())}
    found: dict[str, object] = {}
    for table in Base.metadata.tables.values():
        for column in table.columns:
            if column.name not in own:
                is_text = column.type.python_type in {str, bytes, dict, list}
                found[column.name] = EXTRA if is_text else "1"
    return found
