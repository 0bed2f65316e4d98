"""Forms made from settings classes."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import pytest
from werkzeug.datastructures import MultiDict

from deskcore.errors import Invalid, Problem
from deskcore.plugin.forms import form_for, form_values, from_form
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import PluginSettings, setting


class Mailbox(PluginSettings):
    host: str = setting("Server", help="For example imap.example.com")
    password: Secret = setting("Password")
    port: int = setting("Port", default=993, min=1, max=65535)
    security: Literal["tls", "none"] = setting(
        "Encryption", default="tls", choices={"tls": "Always", "none": "Never"}
    )
    every: timedelta = setting(
        "Look every", default=timedelta(minutes=1), min=timedelta(seconds=30)
    )
    signature: str = setting("Signature", default="", multiline=True)
    idle: bool = setting("Stay connected", default=True)

    def problems(self) -> Iterable[Problem]:
        if self.security == "none" and self.port == 993:
            yield Problem(field="security", message="Port 993 is always encrypted.")


STORED = Mailbox(host="imap.example.com", password=Secret("hunter2"))
ENTERED = {
    "host": "imap.example.org",
    "password": "",
    "port": "143",
    "security": "none",
    "every": "5 min",
}


def test_the_form_shows_labels_choices_and_stored_values_but_never_a_secret() -> None:
    form = form_for(Mailbox, current=STORED)(data=form_values(STORED))
    page = "".join(f"{field.label}{field()}{field.description}" for field in form)
    for expected in ("Server", "imap.example.com", "Always", 'value="1 min"', 'max="65535"'):
        assert expected in page
    assert "<textarea" in page
    assert "hunter2" not in page
    assert 'placeholder="unchanged"' in page


def test_an_empty_secret_means_unchanged() -> None:
    form = form_for(Mailbox, current=STORED)(MultiDict(ENTERED))
    assert form.validate()
    settings = from_form(Mailbox, form, current=STORED)
    assert settings.password.reveal() == "hunter2"
    assert settings.port == 143
    assert settings.every == timedelta(minutes=5)
    assert settings.idle is False


def test_a_new_secret_replaces_the_stored_one() -> None:
    form = form_for(Mailbox, current=STORED)(MultiDict({**ENTERED, "password": "new"}))
    assert form.validate()
    assert from_form(Mailbox, form, current=STORED).password.reveal() == "new"


def test_a_secret_is_required_while_none_is_stored() -> None:
    form = form_for(Mailbox)(MultiDict(ENTERED))
    assert not form.validate()
    assert list(form.errors) == ["password"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("host", ""),
        ("port", "0"),
        ("port", "many"),
        ("security", "perhaps"),
        ("every", "5 s"),
        ("every", "soon"),
    ],
)
def test_a_wrong_entry_is_told_at_its_field(name: str, value: str) -> None:
    form = form_for(Mailbox, current=STORED)(MultiDict({**ENTERED, name: value}))
    assert not form.validate()
    assert list(form.errors) == [name]


def test_rules_between_fields_hold_for_forms_too() -> None:
    form = form_for(Mailbox, current=STORED)(MultiDict({**ENTERED, "port": "993"}))
    assert form.validate()
    with pytest.raises(Invalid, match="always encrypted"):
        from_form(Mailbox, form, current=STORED)


@pytest.mark.parametrize(
    ("written", "seconds"),
    [("30", 30), ("30 s", 30), ("1,5 min", 90), ("2h", 7200), ("1 d", 86400)],
)
def test_lengths_of_time_are_read_as_people_write_them(written: str, seconds: int) -> None:
    form = form_for(Mailbox, current=STORED)(MultiDict({**ENTERED, "every": written}))
    assert form.validate()
    assert from_form(Mailbox, form, current=STORED).every == timedelta(seconds=seconds)
