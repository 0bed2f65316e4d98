"""Settings classes, and what is stored of them."""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

import pytest

from deskcore.errors import ConfigError, Invalid, Problem
from deskcore.plugin.secret import Secret
from deskcore.plugin.settings import PluginSettings, fields, setting
from deskcore.plugin.stored import check, dump, load, split_secrets


class Mailbox(PluginSettings):
    host: str = setting("Server", max=20, help="For example imap.example.com")
    password: Secret = setting("Password")
    port: int = setting("Port", default=993, min=1, max=65535)
    folder: Literal["INBOX", "Support"] = setting("Folder", default="INBOX")
    every: timedelta = setting(
        "Look every", default=timedelta(minutes=1), min=timedelta(seconds=30)
    )
    share: float = setting("Share", default=0.5, min=0.0, max=1.0)
    idle: bool = setting("Stay connected", default=True)

    def problems(self) -> Iterable[Problem]:
        if self.idle and self.port == 995:
            yield Problem(field="idle", message="POP3 cannot stay connected.")


GOOD = Mailbox(host="imap.example.com", password=Secret("hunter2"))


def test_settings_are_frozen_and_know_their_fields() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        GOOD.port = 1  # type: ignore[misc]  # that is the point
    host, password, port, folder, *_ = fields(Mailbox)
    assert (host.kind, host.required, host.help) == ("text", True, "For example imap.example.com")
    assert password.secret
    assert (port.default, port.min, port.max) == (993, 1, 65535)
    assert folder.choices == (("INBOX", "INBOX"), ("Support", "Support"))


def test_settings_of_a_type_that_cannot_be_stored_are_refused_where_they_are_declared() -> None:
    with pytest.raises(TypeError, match=r"Odd\.things"):
        type("Odd", (PluginSettings,), {"__annotations__": {"things": set}, "things": setting("T")})


def test_settings_go_to_plain_values_and_back_with_secrets_apart() -> None:
    plain, secrets = split_secrets(GOOD)
    assert "password" not in plain
    assert secrets == {"password": "hunter2"}
    assert plain["every"] == 60.0
    assert load(Mailbox, {**plain, **secrets}) == GOOD


def test_writing_is_strict() -> None:
    wrong = dataclasses.replace(GOOD, host="", port=0, every=timedelta(seconds=1))
    with pytest.raises(Invalid) as raised:
        dump(wrong)
    assert [problem.field for problem in raised.value.problems] == ["host", "port", "every"]


def test_a_secret_has_a_longest_length_too() -> None:
    class Short(PluginSettings):
        token: Secret = setting("Token", max=5)

    assert load(Short, {"token": "12345"}).token == Secret("12345")
    with pytest.raises(Invalid) as refused:
        dump(Short(token=Secret("123456")))
    assert "at most 5 characters" in str(refused.value.problems)
    assert "123456" not in str(refused.value.problems)


def test_rules_between_fields_are_told_once_each_field_is_right() -> None:
    assert check(dataclasses.replace(GOOD, port=995)) == [
        Problem(field="idle", message="POP3 cannot stay connected.")
    ]


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"port": "993"},
        {"port": True},
        {"port": 70000},
        {"every": float("nan")},
        {"every": 1e300},
        {"every": [1]},
        {"folder": "Trash"},
        {"host": None},
        {"host": "a\0b"},
        {"idle": 1},
        {"share": float("inf")},
        {"password": 5},
    ],
)
def test_reading_takes_defaults_for_what_is_of_no_use(stored: dict[str, object]) -> None:
    settings = load(Mailbox, stored)
    assert settings == Mailbox(host="", password=Secret())


def test_unknown_keys_are_ignored_when_read_and_kept_when_written() -> None:
    stored = {"from_a_newer_version": [1, 2], "port": 143}
    assert load(Mailbox, stored).port == 143
    assert dump(GOOD, kept=stored)["from_a_newer_version"] == [1, 2]
    assert dump(GOOD, kept=stored)["port"] == 993


def test_a_secret_shows_itself_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    logging.getLogger("test").warning("settings %s %r", GOOD, GOOD.password)
    shown = f"{GOOD} {GOOD!r} {GOOD.password} {GOOD.password!r} {caplog.text}"
    assert "hunter2" not in shown
    assert GOOD.password.reveal() == "hunter2"


def test_a_secret_can_live_in_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    secret = Secret("env:MAIL_PASSWORD_OF_TEST")
    with pytest.raises(ConfigError, match="MAIL_PASSWORD_OF_TEST"):
        secret.reveal()
    monkeypatch.setenv("MAIL_PASSWORD_OF_TEST", "from outside")
    assert secret.reveal() == "from outside"
    assert secret.stored == "env:MAIL_PASSWORD_OF_TEST"
