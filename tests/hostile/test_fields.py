"""No string a stranger can think of breaks a page, slows it down or does what it says."""

from __future__ import annotations

import gc
import os
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from flask import Flask
from lxml import html as markup

from tests.hostile.doors import Door, routes
from tests.hostile.rows import rows
from tests.hostile.sending import PLAIN, Answer, attack
from tests.hostile.strings import CLASSES
from tests.hostile.visiting import Visitor

pytestmark = pytest.mark.timeout(0 if "DESK_TEST_EVERYTHING" in os.environ else 600)

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
# The link of a new password is used by the first string that is long enough: a password is a string.
MEANT = {("one_time_token", "used_at"), ("user", "password_hash")}
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


def test_every_field_takes_every_class_of_strings(noting: Flask, owner: Visitor) -> None:
    is_sqlite = noting.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite")
    classes = tuple(CLASSES) if is_sqlite else OF_DATABASES
    doors = chosen([door for route in routes(noting, owner) for door in route.doors()])
    wrong: list[str] = []
    sent = Counter[str]()
    plain_s: dict[str, float] = {}
    before = rows()
    for door in doors:
        plain_s[str(door)] = attack(noting, owner, door, PLAIN).seconds
        attack(noting, owner, door, "1" if door.kind != "path" else "999999")
    meant, grown = rows().changed_since(before)
    gc.collect()
    before = rows()
    for number, door in enumerate(doors):
        of_door = OF_PATHS if door.kind == "path" else classes
        for name, value in strings_for(number, classes=of_door):
            if means_a_row(door, value):
                continue
            answer = attack(noting, owner, door, value)
            wrong += faults(door, name, value, answer, plain_s[str(door)])
            sent[name] += 1
    changed, grew = rows().changed_since(before)
    assert not wrong, "\n".join(wrong)
    assert {cell for cell in changed - meant if (cell[0], cell[2]) not in MEANT} == set()
    assert grew - grown == set()
    assert len(doors) > 200
    assert sent.total() > 1500
