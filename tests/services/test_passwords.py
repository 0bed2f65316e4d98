"""Passwords: what may be one."""

from __future__ import annotations

import pytest
from argon2 import PasswordHasher

from deskcore.services.passwords import (
    hash_password,
    is_common,
    password_problems,
    verify_password,
)


@pytest.mark.parametrize(
    "password",
    [
        "velmi dlouhe heslo",
        "correct horse battery staple",
        "очень длинный пароль",
        "p\u0159\u00edli\u0161 \u017elu\u0165ou\u010dk\u00fd k\u016f\u0148",
        "x7!kQ-9vLm#2",
        "a" * 60 + "b" * 60,
    ],
)
def test_a_long_and_rare_password_may_be_used(password: str) -> None:
    assert not password_problems(password)


@pytest.mark.parametrize(
    "password",
    [
        "",
        "short",
        "elevenchars",
        "x7!kQ-9vLm#2" * 11,
        "password1234",
        "Password1234",
        "passwordpassword",
        "qwertyuiop123456",
        "aaaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "123456789012",
        "abcdefghijklmnop",
        "qwerty123456",
    ],
)
def test_a_short_long_or_common_one_may_not(password: str) -> None:
    assert password_problems(password)


def test_spaces_and_case_do_not_hide_a_common_password() -> None:
    assert is_common("PassWordPassWord")


def test_accents_count_the_same_however_they_were_typed() -> None:
    stored = hash_password("kr\u00e1tk\u00fd pop\u011bvek")
    assert verify_password(stored, "kra\u0301tky\u0301 pope\u030cvek")


def test_nothing_belongs_to_an_account_without_a_password() -> None:
    assert not verify_password("", "nobody has this password")
    assert not verify_password("not a hash", "anything at all")


@pytest.mark.usefixtures("honest_work")
def test_guessing_one_costs_the_work_that_owasp_asks_for() -> None:
    assert hash_password("velmi dlouhe heslo").startswith("$argon2id$v=19$m=19456,t=2,p=1$")


@pytest.mark.usefixtures("honest_work")
@pytest.mark.parametrize("stored", ["", "own"])
def test_a_wrong_one_costs_that_work_whether_the_account_exists_or_not(
    stored: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = hash_password("velmi dlouhe heslo") if stored else ""
    worked: list[str] = []
    verified = PasswordHasher.verify

    def verify(hasher: PasswordHasher, given: str, password: str) -> bool:
        worked.append(given.rpartition("$")[0].rpartition("$")[0])
        return bool(verified(hasher, given, password))

    monkeypatch.setattr(PasswordHasher, "verify", verify)
    assert not verify_password(kept, "another long password")
    assert worked == ["$argon2id$v=19$m=19456,t=2,p=1"]
