"""A component is connected in the browser: its secret is tried first, and what helps is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from deskcore.config import Config, load_config
from deskcore.plugin.net import network_allowed
from deskcore.services import jobs
from plugins.xmpp.tests.network import ADDRESS, COMPONENT, SECRET, XmppNetwork
from tests.web.conftest import Visitor

NEW = "/admin/mailboxes/new"


@pytest.fixture
def config(tmp_path: Path, database_url: str) -> Config:
    return load_config(
        instance=tmp_path / "instance",
        database_url=database_url,
        plugins=("email", "spam", "xmpp"),
        trusted_hosts=("localhost",),
    )


@pytest.fixture
def network() -> Iterator[XmppNetwork]:
    with XmppNetwork() as there:
        yield there


def form_of(network: XmppNetwork, **other: str) -> dict[str, str]:
    """Fill the form in for a component."""
    filled = {"channel": "xmpp", "address": ADDRESS, "component": COMPONENT, "secret": SECRET}
    return {**filled, "host": "127.0.0.1", "port": str(network.port), **other}


def tried(owner: Visitor, form: dict[str, str]) -> tuple[str, str]:
    """Try a connection; returns where its test is shown, and what is shown there."""
    owner.get(f"{NEW}?channel=xmpp")
    answer = owner.post(NEW, form)
    assert answer.status_code == 303, answer.text
    with network_allowed():
        while jobs.run_next("test"):
            pass
    place = answer.headers["Location"]
    return place, owner.get(place).text


def test_a_secret_is_tried_before_it_is_kept_and_what_helps_is_said(
    owner: Visitor, network: XmppNetwork
) -> None:
    assert "Name of the component" in owner.get(f"{NEW}?channel=xmpp").text
    answer = owner.post(NEW, form_of(network, component="not a name"))
    assert answer.status_code == 422
    assert "This is not the name of a server." in answer.text
    _place, shown = tried(owner, form_of(network, secret="another"))
    assert "does not know this secret" in shown
    assert "Copy the secret again" in shown
    place, shown = tried(owner, form_of(network))
    assert "The mailbox works" in shown
    assert "answers can hold text only" in shown
    assert SECRET not in shown
    kept = owner.post(f"{place}/keep", {"name": "Chat", "team_ids": ["1"]})
    assert kept.status_code == 303, kept.text
    assert ADDRESS in owner.get(str(kept.headers["Location"])).text
    assert network.changes == 0


@pytest.mark.parametrize(
    ("language", "words"), [("cs", "Jméno komponenty"), ("ru", "Имя компонента")]
)
def test_the_form_speaks_the_readers_language(owner: Visitor, language: str, words: str) -> None:
    form = {"name": "Eva", "language": language, "theme": "auto", "density": "cosy"}
    owner.get("/me")
    assert owner.post("/me", form).status_code == 303
    assert words in owner.get(f"{NEW}?channel=xmpp").text


def test_whom_it_reaches_is_said_before_it_is_switched_on(owner: Visitor) -> None:
    shown = owner.get("/admin/plugins/xmpp").text
    assert "Reaches any server on the internet" in shown
    assert "*:5443" not in shown
