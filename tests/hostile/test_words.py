"""What is written is kept to the letter, and what is looked for finds nothing else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import product
from urllib.parse import quote

from flask import Flask
from lxml import html as markup
from sqlalchemy import select, update

from deskcore.models import Company, Customer
from deskcore.services.unit import reading, unit_of_work
from tests.hostile.sending import encoded
from tests.hostile.strings import CLASSES
from tests.hostile.visiting import Visitor

FORM = "application/x-www-form-urlencoded"
TEXT = "Zirkonia"
"""A word that no string holds, of a customer, a company and a ticket."""
# Signs of searching; a word of a search may be a beginning, so each stands with the wrong ending.
PLACES = (
    ("/search", "q", ""),
    ("/search", "q", "from:"),
    ("/search", "q", "tag:"),
    ("/new", "find", ""),
)
WILD = ("%", "%%", "_", "*", "?", ":*", "\\", "\\%", "%' --", "' OR '1'='1", '" OR "a" : *')


def chosen() -> Iterator[str]:
    """Give every ninth string of each class, or all when told so."""
    step = 1 if "DESK_TEST_EVERYTHING" in os.environ else 9
    for members in CLASSES.values():
        yield from members[::step]


def as_kept(text: str) -> str:
    """Return what the desk keeps: all but NUL and blanks at the ends; bytes that are no text as %XX."""
    return "".join(
        quote(letter.encode("utf-8", "surrogatepass")) if is_half(letter) else letter
        for letter in text.replace("\x00", "")
    ).strip()


def is_half(letter: str) -> bool:
    return "\ud800" <= letter <= "\udfff"


def test_notes_of_a_customer_are_kept_to_the_letter(noting: Flask, owner: Visitor) -> None:
    owner.get("/customers/1/edit")
    lost = []
    for text in chosen():
        form = [("csrf_token", owner.token), ("name", "Jana"), ("company", ""), ("notes", text)]
        answer = owner.send("/customers/1/edit", "POST", data=encoded(form), content_type=FORM)
        with reading() as session:
            kept = session.scalars(select(Customer.notes).where(Customer.id == 1)).one()
        if answer.status_code != 303 or kept != as_kept(text):
            lost.append(f"{text[:60]!a} is {kept[:60]!a} after {answer.status_code}")
    assert lost == []


def test_a_sign_of_searching_finds_nothing_else(noting: Flask, owner: Visitor) -> None:
    with unit_of_work() as unit:
        unit.session.execute(update(Customer).where(Customer.id == 2).values(name=TEXT))
        unit.session.execute(update(Company).values(name=TEXT))
    found = []
    for place, sign, shape in product(PLACES, WILD, ("Zirk{}x", "{}x", "x{}")):
        typed = shape.format(sign)
        if finds(owner, *place, typed):
            found.append(f"{place} with {typed}")
    assert found == []
    assert [place for place in PLACES if finds(owner, *place, TEXT)] == [*PLACES[:2], *PLACES[3:]]


def finds(owner: Visitor, path: str, name: str, term: str, typed: str) -> bool:
    """Whether looking for *typed* shows somebody or something of that word."""
    asked = f'{term}"{typed}"' if term and " " in typed else term + typed
    answer = owner.send(path, "GET", query_string=encoded([(name, asked)]))
    assert answer.status_code == 200
    shown = markup.fromstring(answer.text).xpath("//main//a[@href]")
    return any(TEXT in link.text_content() for link in shown)
