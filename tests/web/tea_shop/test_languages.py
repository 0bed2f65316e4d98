"""Plugins speak the reader's language, and leave the desk its own words."""

from __future__ import annotations

import pytest

from deskcore.config import Config
from tests.factories import a_customer, a_mailbox, a_ticket
from tests.plugin.authoring import write_plugin
from tests.web.conftest import Visitor


@pytest.fixture
def config(config: Config) -> Config:
    folder = write_plugin(config.instance / "plugins", "mumbling") / "locale/cs/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_bytes(b'msgid "On the\xff\nmsgstr')
    return config.model_copy(update={"plugins": (*(config.plugins or ()), "mumbling")})


@pytest.mark.parametrize(
    ("language", "title", "label", "save"),
    [
        ("cs", "Na policích", "Objednávka", "Uložit"),
        ("ru", "На полках", "Заказ", "Сохранить"),
        ("en", "On the shelves", "Order", "Save"),
    ],
)
def test_what_a_plugin_shows_is_in_the_readers_language(
    owner: Visitor, language: str, title: str, label: str, save: str
) -> None:
    number = a_ticket(a_mailbox(), customer=a_customer("Olga", "olga@cz.example"))
    owner.get("/me")
    chosen = {"name": "Eva", "language": language, "time_zone": "", "theme": "auto"}
    assert owner.post("/me", {**chosen, "density": "comfortable"}).status_code == 303
    page = owner.get(f"/t/{number}").text
    assert title in page
    assert f"<dt>{label}</dt>" in page
    edited = owner.get(f"/t/{number}/edit").text
    assert f"<span>{save}</span>" in edited
    assert "!</span>" not in edited


def test_a_catalogue_that_cannot_be_read_leaves_the_others(owner: Visitor) -> None:
    owner.get("/me")
    chosen = {"name": "Eva", "language": "cs", "time_zone": "", "theme": "auto"}
    owner.post("/me", {**chosen, "density": "comfortable"})
    assert "Na policích" in owner.get("/admin").text
    assert "locale cs" in owner.get("/admin/plugins/mumbling").text
