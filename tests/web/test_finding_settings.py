"""Whoever runs the desk finds a setting by a word of it."""

from __future__ import annotations

import re

from tests import factories
from tests.web.conftest import Visitor

OWN = {
    "name": "Eva",
    "language": "cs",
    "time_zone": "Europe/Prague",
    "theme": "auto",
    "density": "comfortable",
}


def found(owner: Visitor, words: str) -> dict[str, str]:
    """Return the labels that are found, with where each leads."""
    page = owner.get("/admin/find", query_string={"q": words}).text
    links = re.findall(r'id="found-\d+" href="([^"]+)">([^<]+)</a>', page)
    return {label: url for url, label in links}


def test_a_part_of_a_word_is_enough_and_leads_to_the_field(owner: Visitor) -> None:
    assert found(owner, "zone")["Time zone"].endswith("#time_zone")
    path = found(owner, "own mail desk").popitem()[1]
    page, _, field = path.partition("#")
    assert f'id="{field}"' in owner.get(page).text


def test_settings_of_mailboxes_and_plugins_are_among_them(owner: Visitor) -> None:
    mailbox = factories.a_mailbox(address="help@desk.test")
    assert found(owner, "signature")["Signature"] == f"/admin/mailboxes/{mailbox}#signature"
    assert [url for url in found(owner, "spam").values() if url.startswith("/admin/plugins/spam#")]


def test_words_are_found_in_the_readers_language_without_accents(owner: Visitor) -> None:
    owner.get("/me")
    owner.post("/me", OWN)
    assert list(found(owner, "casove pasmo"))


def test_nothing_found_says_so_and_offers_all(owner: Visitor) -> None:
    page = owner.get("/admin/find", query_string={"q": "zzzz"}).text
    assert "No setting has these words" in page
    assert len(found(owner, "")) > 10


def test_the_administration_begins_with_the_field(owner: Visitor) -> None:
    assert 'action="/admin/find"' in owner.get("/admin").text
