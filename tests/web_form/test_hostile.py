"""Strings that hurt somewhere, typed into a form by strangers and into the builder by its owner."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from sqlalchemy import select

from deskcore.models import InboundItem
from deskcore.services.unit import reading
from tests.hostile.strings import CLASSES
from tests.web.conftest import Visitor
from tests.web_form.conftest import FILLED, Writer, tickets, work_off
from tests.web_form.forms import contact

# Of each class a few, spread over it: every field of the form gets each of them at once.
# A browser sends no half of a surrogate pair, and the client of these tests cannot.
SAMPLES = [
    text
    for found in CLASSES.values()
    for text in found[:: max(len(found) // 3, 1)][:3]
    if text.isascii() or text.encode("utf-8", "ignore").decode() == text
]
MARKED = '"><img src=x onerror=alert(1)><b id="mark">'


class _Marks(HTMLParser):
    """Counts what became an element of what somebody typed."""

    found = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += ("id", "mark") in attrs or any(name == "onerror" for name, _value in attrs)


def marks(page: str) -> int:
    parser = _Marks()
    parser.feed(page)
    return parser.found


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_nothing_a_stranger_types_breaks_a_form_or_is_lost(writer: Writer, owner: Visitor) -> None:
    sent = 0
    for number, text in enumerate(SAMPLES):
        writer.open()
        email = f"{text}@example.cz" if number % 7 == 0 else "jana@example.cz"
        typed = dict.fromkeys(FILLED, text) | {"f-email": email}
        answer = writer.send({**typed, "drop": text, "website": ""}, works=number % 2 == 0)
        assert answer.status_code in {200, 303, 409, 422, 429}, (text, answer.status_code)
        sent += answer.status_code == 303
    assert sent > len(SAMPLES) // 8
    work_off()
    with reading() as session:
        states = set(session.scalars(select(InboundItem.state)))
    assert states == {"filed"}
    assert len(tickets()) == sent
    for ticket in tickets()[:: max(sent // 5, 1)]:
        assert owner.get(f"/t/{ticket.number}").status_code == 200


def test_markup_stays_what_was_typed_on_every_page(writer: Writer, owner: Visitor) -> None:
    path = f"/p/web_form/{contact().id}"
    owner.get(path)
    assert owner.post(f"{path}/fields/new", {"kind": "choice", "label": MARKED}).status_code == 303
    settings = {
        "name": MARKED, "slug": "contact", "is_on": "y", "is_first": "y", "mailbox_id": "0",
        "team_id": "0", "tags": "", "languages": "en", "title_en": MARKED, "intro_en": MARKED,
        "thanks_en": MARKED, "button_en": MARKED[:30], "version": str(contact().version),
    }  # fmt: skip
    assert owner.post(f"{path}/settings", settings).status_code == 303
    field = contact().fields[-1]
    for page in (
        "",
        f"?field={field.id}",
        "/settings",
        "/embed",
        "/preview",
        f"/fields/{field.id}",
    ):
        assert marks(owner.get(f"{path}{page}").text) == 0, page
    assert marks(owner.get("/help").text) == 0
    assert marks(writer.open()) == 0
    typed = dict.fromkeys(FILLED, MARKED) | {"f-email": "jana@example.cz"}
    assert marks(writer.send({**typed, "f-subject": ""}).text) == 0
    assert marks(writer.send(typed, works=False).text) == 0
    writer.open()
    answer = writer.send({**typed, f"f-{field.key}": "A"})
    assert answer.status_code == 303, answer.text
    work_off()
    assert marks(writer.open(answer.location)) == 0
    assert marks(owner.get(f"/t/{tickets()[0].number}").text) == 0


def test_a_form_of_another_shape_is_no_fault(writer: Writer) -> None:
    writer.open()
    page = writer.hidden()["page"]
    for odd in (
        {"f-topic": ["a"] * 500},
        {"page": page, "altcha": "A" * 5_000},
        {"page": page, "altcha": "eyJzYWx0IjogMX0=", **FILLED},
        {"page": page, "drop": ["-1", "x", "9" * 30]},
        {"page": f"{page}\x00"},
    ):
        assert writer.post(dict(odd)).status_code in {200, 422}, odd
