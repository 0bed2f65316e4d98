"""Numbers that strangers write: a row's, or none."""

from __future__ import annotations

import pytest

from deskcore.web.numbers import whole
from tests.web.conftest import Visitor


@pytest.mark.parametrize(("text", "number"), [("7", 7), (" 12\n", 12), ("9" * 18, int("9" * 18))])
def test_a_number_of_a_row_is_read(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1_0", "1.0", "9" * 19, "9" * 5000, "١", "0x1"])
def test_everything_else_is_no_number(text: str) -> None:
    with pytest.raises(ValueError, match=r"^$"):
        whole(text)


@pytest.mark.parametrize("number", ["9223372036854775808", "1" * 30, "9" * 5000, "١"])
def test_an_address_with_no_rows_number_is_not_found(owner: Visitor, number: str) -> None:
    assert owner.get(f"/t/{number}").status_code == 404
    assert owner.get(f"/customers/{number}/edit").status_code == 404


def test_an_address_is_never_completed_by_a_redirect(owner: Visitor) -> None:
    answer = owner.get("/v//open", headers={"Host": "evil.test"})
    assert answer.status_code == 404


@pytest.mark.parametrize("cursor", [f"a0--{'f' * 30}", "a0-8000000000000000", "a--1"])
def test_a_place_in_a_list_that_cannot_be_is_its_beginning(owner: Visitor, cursor: str) -> None:
    assert owner.get(f"/v/open?from={cursor}").status_code == 200
