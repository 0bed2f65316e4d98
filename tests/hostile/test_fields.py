"""No string a stranger can think of breaks a page, slows it down or does what it says."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import html as markup
from sqlalchemy import Engine, NullPool, create_engine

from tests.hostile.attackers import Attackers
from tests.hostile.doors import Door, routes
from tests.hostile.rows import Cell, Rows, rows
from tests.hostile.sending import PLAIN, Answer
from tests.hostile.strings import CLASSES
from tests.hostile.strings import every as every_string
from tests.hostile.visiting import Visitor

pytestmark = pytest.mark.timeout(600)

GAP_S = 0.5
SAME_QUERY = 3
# A database of its own sees these differently; the others end before it.
OF_DATABASES = (
    "controls",
    "surrogates",
    "not text",
    "sql",
    "like",
    "full text",
    "numbers",
    "cursors",
)
# Most addresses take numbers only: the router answers all else before a view does.
OF_PATHS = ("numbers", "paths", "places", "sql", "shapes")
# What drivers and databases refuse goes through every door, not only through some.
ALWAYS = ("a\x00b", "\ud800", "9223372036854775808", "9" * 4_301)
# A password is a string, whatever it is; the link that sets it is used up then. One of the strings is
# empty, and to have no language of one's own is a choice.
MEANT = {("one_time_token", "used_at"), ("user", "password_hash"), ("user", "locale")}
# What works once, and the tables that are put back so that it works again for the next string.
_MAILS = ("delivery", "delivery_attempt", "delivery_part", "delivery_payload", "job", "notice")
_PEOPLE = (*_MAILS, "user", "one_time_token", "team_member")
_DELIVERIES = (*_MAILS, "message", "attachment", "ticket_count")
SPENT: dict[str, tuple[str, ...]] = {
    "auth.accept_invitation": _PEOPLE,
    "auth.reset_submit": _PEOPLE,
    "me.change_password": _PEOPLE,
    "people.send_invitation": _PEOPLE,
    "replies.retry": _DELIVERIES,
    "replies.set_aside": _DELIVERIES,
    "replies.remove_file": ("attachment", "draft", "message"),
    "teams.create": ("team",),
    "spam.create": ("plg_spam_ban",),
}
EVERYTHING = "DESK_TEST_EVERYTHING"


def strings_for(
    number: int, *, classes: tuple[str, ...] = tuple(CLASSES)
) -> Iterator[tuple[str, str]]:
    """Give door *number* a string of every fourth class, each door others; or all, when told so."""
    for value in ALWAYS:
        yield "always", value
    for name in classes if EVERYTHING in os.environ else classes[number % 4 :: 4]:
        members = CLASSES[name]
        chosen = members if EVERYTHING in os.environ else [members[number // 4 % len(members)]]
        for member in chosen:
            yield name, member


def chosen(doors: list[Door]) -> list[Door]:
    """Leave out the tenth page that reads the same name in its query by the same code."""
    seen = Counter[str]()
    kept = []
    for door in doors:
        seen[f"{door.kind} {door.name}"] += 1
        if (
            door.kind != "query"
            or seen[f"query {door.name}"] <= SAME_QUERY
            or EVERYTHING in os.environ
        ):
            kept.append(door)
    return kept


def plain_for(door: Door) -> tuple[str, ...]:
    """Give words that mean no harm; what a field does with them it may do with strings."""
    if door.kind == "path":
        return ("999999",)
    own = door.route.form.get(door.name, "")
    return (own, "1", "60", "a@b.test") if door.kind == "form" else ("1",)


def part_of(doors: list[Door]) -> list[Door]:
    """Give all doors, or those of one part when everything is wanted as "2/6"."""
    part, _, parts = os.environ.get(EVERYTHING, "").partition("/")
    return doors[int(part) - 1 :: int(parts)] if parts else doors


def means_a_row(door: Door, value: str) -> bool:
    """Whether an address with this in it is a plain address of something that exists."""
    return door.kind == "path" and value.strip().isdecimal() and int(value[:9]) < 3000


def faults(door: Door, name: str, value: str, answer: Answer, plain_s: float) -> list[str]:
    """Say what is wrong with an answer."""
    response, found = answer.response, []
    if response.status_code >= 500:
        found.append(f"answers {response.status_code}")
    if answer.seconds > plain_s + GAP_S:
        found.append(f"takes {answer.seconds:.2f} s instead of {plain_s:.2f} s")
    if response.location and not _is_ours(response.location):
        found.append(f"leads to {response.location!r}")
    cookies = response.headers.getlist("Set-Cookie")
    if "X-A" in response.headers or any(not cookie.startswith("desk=") for cookie in cookies):
        found.append("has a header of the attacker's")
    if name == "markup" and response.mimetype == "text/html" and _acts(response.text):
        found.append("holds markup of the attacker's")
    return [f"{door} with {name} {value[:60]!r}: {each}" for each in found]


def _is_ours(location: str) -> bool:
    """Whether a browser would stay on this desk."""
    parts = urlsplit(location.replace("\\", "/"))
    return not parts.scheme and not parts.netloc and parts.path.startswith("/")


def _acts(text: str) -> bool:
    if not text.strip():
        return False
    page = markup.fromstring(text)
    return bool(
        page.xpath(
            "//script[not(@src)] | //base | //plaintext | //@onerror | //@onload | //@onfocus"
            " | //@onmouseover | //*[@hx-get='/me'] | //a[@target='_top'] | //a[starts-with(@href,'java')]"
        )
    )


def units(doors: list[Door]) -> Iterator[list[Door]]:
    """Give the doors that are tried before the desk is put back: of one route, or one by one."""
    for _route, found in groupby(doors, key=lambda door: id(door.route)):
        if EVERYTHING in os.environ:
            yield from ([door] for door in found)
        else:
            yield list(found)


@dataclass(kw_only=True)
class Siege:
    """All doors tried, each unit on the desk as it was furnished; what was wrong, and how much sent."""

    attackers: Attackers
    engine: Engine
    classes: tuple[str, ...]
    furnished: Rows
    wrong: list[str] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    answers: Counter[int] = field(default_factory=Counter)

    def lay(self, doors: list[tuple[int, Door]]) -> None:
        """Try plain words, then strings; what only strings changed is wrong."""
        plain_s: dict[int, float] = {}
        meant: set[Cell] = set()
        grown: set[str] = set()
        for number, door in doors:
            plain_s[number] = self.attackers.attack(door, PLAIN).seconds
            for value in plain_for(door):
                self.attackers.attack(door, value)
            cells, tables = self.furnished.put_back(self.engine).changed_since(self.furnished)
            meant, grown = meant | cells, grown | tables
        for number, door in doors:
            self._try(number, door, plain_s[number])
        changed, grew = self.furnished.put_back(self.engine).changed_since(self.furnished)
        of_these = ", ".join(str(door) for _number, door in doors)
        self.wrong += [
            f"{of_these} changed {cell}"
            for cell in changed - meant
            if (cell[0], cell[2]) not in MEANT
        ]
        self.wrong += [f"{of_these} added to {table}" for table in grew - grown]

    def _try(self, number: int, door: Door, plain_s: float) -> None:
        spent = SPENT.get(door.route.endpoint)
        for name, value in strings_for(
            number, classes=OF_PATHS if door.kind == "path" else self.classes
        ):
            if means_a_row(door, value):
                continue
            if spent:
                self.furnished.put_back(self.engine, only=spent)
            answer = self.attackers.attack(door, value)
            self.wrong += faults(door, name, value, answer, plain_s)
            self.sent[name] += 1
            self.answers[answer.response.status_code] += 1


def test_every_field_takes_every_class_of_strings(
    noting: Flask, owner: Visitor, count: Callable[[str], None]
) -> None:
    url = noting.config["SQLALCHEMY_DATABASE_URI"]
    is_sqlite = url.startswith("sqlite")
    attackers = Attackers(noting, owner)
    furnished = rows()
    every = [door for route in routes(noting, owner) for door in route.doors()]
    doors = part_of(chosen(every))
    siege = Siege(
        attackers=attackers,
        engine=create_engine(url, poolclass=NullPool),
        classes=tuple(CLASSES) if is_sqlite else OF_DATABASES,
        furnished=furnished,
    )
    furnished.put_back(siege.engine)
    gc.collect()
    at = 0
    for unit in units(doors):
        siege.lay(list(enumerate(unit, start=at)))
        at += len(unit)
    count(
        f"{len(doors)} of {len(every)} fields, at {len({door.route.endpoint for door in doors})} views,"
        f" strings: {len({text for _name, text in every_string()})}, requests: {siege.sent.total()},"
        f" answers {dict(sorted(siege.answers.items()))}"
    )
    assert not siege.wrong, "\n".join(siege.wrong)
    assert siege.attackers.shown_out == []
    assert len(every) > 300
    assert siege.sent.total() > 1500
