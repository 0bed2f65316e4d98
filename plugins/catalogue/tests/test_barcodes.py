"""Check digits of barcodes: told, never refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugins.catalogue.barcodes import expected, is_gtin


@pytest.mark.parametrize("barcode", ["4006381333931", "73513537", "036000291452", "10614141000415"])
def test_barcodes_of_real_things_are_right(barcode: str) -> None:
    assert is_gtin(barcode)


@given(st.from_regex(r"[0-9]{7}|[0-9]{11,13}", fullmatch=True), st.integers(0, 9))
def test_one_digit_only_is_the_right_last_one(first: str, last: int) -> None:
    barcode = f"{first}{last}"
    assert is_gtin(barcode) == (expected(barcode) == str(last))


@pytest.mark.parametrize("text", ["", "123", "4006381333930", "400638133393x", "٤٠٠٦٣٨١٣٣٣٩٣١"])
def test_other_texts_are_none(text: str) -> None:
    assert not is_gtin(text)
