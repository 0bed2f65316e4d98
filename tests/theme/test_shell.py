"""What stands around a page."""

from __future__ import annotations

import pytest

from deskcore.theme.shell import initials


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Jana Nováková", "JN"),
        ("Анна Сергеевна Петрова", "АП"),
        ("madonna", "M"),
        ("  ", "?"),
        ("Élodie (sales)", "É"),
        ("jana@example.com", "J"),
    ],
)
def test_initials_are_the_first_letters_of_first_and_last_name(name: str, letters: str) -> None:
    assert initials(name) == letters
