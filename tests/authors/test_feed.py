"""``desk channel feed``: a recorded item becomes a ticket on a desk that is thrown away."""

from __future__ import annotations

import json

import pytest

from tests.authors.outside import Author

MESSAGE = "acme/tests/samples/message.json"


@pytest.mark.parametrize(
    ("mode", "first"),
    [
        ("push", "verify: the push is authentic\nunpack: 1 item, answered 200 b'ok'\n"),
        ("poll", "receive: 1 item\n"),
        ("listen", "listen: 1 item\n"),
    ],
)
def test_an_item_becomes_a_ticket_and_the_answer_is_caught(
    author: Author, mode: str, first: str
) -> None:
    author.desk("new", "channel", "acme", "--mode", mode)
    said = author.desk("channel", "feed", "acme", MESSAGE, "--reply", "It has left.")
    assert said.startswith(
        f"{first}parse: a message 'm1' from Ann (u1): 'Where is my order?'\n"
        "file: ticket 1001 of Ann, open\n  Where is my order?\n"
        "  in: Where is my order?\n"
    )
    assert "the far side of the tests has 1 of it:\n" in said
    assert json.loads(said.splitlines()[-1]) == {
        "ref": "d.0123456789@desk.test",
        "text": "It has left.",
        "to": "u1",
    }


def test_a_whole_push_is_taken_apart(author: Author) -> None:
    author.desk("new", "channel", "acme")
    one, other = (
        (author.folder / "acme/tests/samples" / f"{name}.json").read_text()
        for name in ("message", "other_person")
    )
    (author.folder / "push.json").write_text(f'{{"events": [{one}, {other}]}}')
    said = author.desk("channel", "feed", "acme", "push.json", "--push")
    assert "unpack: 2 items" in said
    assert said.count("file: ticket ") == 2


def test_what_opens_no_ticket_says_what_it_is(author: Author) -> None:
    author.desk("new", "channel", "acme")
    said = author.desk("channel", "feed", "acme", "acme/tests/samples/echo.json")
    assert "parse: ignored: A message of ours came back.\nfile: no ticket\n" in said


def test_a_fault_is_shown_with_its_place(author: Author) -> None:
    author.desk("new", "channel", "acme")
    path = author.folder / "acme" / "channel.py"
    path.write_text(path.read_text().replace("raw.content", "raw.nothing"))
    said = author.desk("channel", "feed", "acme", MESSAGE, code=1)
    assert "acme/channel.py" in said
    assert "The plugin acme failed in parse: AttributeError: 'RawItem' object" in said


def test_a_plugin_without_a_contract_is_told_so(author: Author) -> None:
    author.desk("new", "plugin", "acme")
    (author.folder / "m.json").write_text("{}")
    said = author.desk("channel", "feed", "acme", "m.json", code=1)
    assert "No channel_contract was found" in said
