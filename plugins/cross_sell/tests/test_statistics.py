"""Wilson's and Newcombe's intervals against published values, and when data are too little."""

from __future__ import annotations

import pytest

from plugins.cross_sell import links
from plugins.cross_sell.statistics import Share, compare, difference, wilson


def share(some: int, everybody: int) -> Share:
    return Share(some=some, all=everybody)


# Newcombe 1998 (one proportion), table I, and (a difference), table II: both of method "Wilson".
@pytest.mark.parametrize(
    ("some", "everybody", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_wilson_gives_the_published_intervals(
    some: int, everybody: int, low: float, high: float
) -> None:
    assert wilson(share(some, everybody)) == pytest.approx((low, high), abs=5e-5)


@pytest.mark.parametrize(
    ("one", "other", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_newcombe_gives_the_published_differences(
    one: tuple[int, int], other: tuple[int, int], low: float, high: float
) -> None:
    assert difference(share(*one), share(*other)) == pytest.approx((low, high), abs=5e-5)


def test_too_little_is_said_until_each_cell_expects_five() -> None:
    assert compare(share(0, 0), share(0, 0)).verdict == "too_little"
    assert compare(share(40, 50), share(0, 0)).verdict == "too_little"
    assert compare(share(9, 90), share(0, 10)).verdict == "too_little"  # expects 0.9 of the ten
    assert compare(share(50, 50), share(50, 50)).verdict == "too_little"  # nobody did not take it
    assert compare(share(7, 50), share(3, 50)).verdict == "open"
    assert compare(share(4, 50), share(5, 50)).verdict == "too_little"
    assert compare(share(30, 100), share(5, 100)).verdict == "more"
    assert compare(share(5, 100), share(30, 100)).verdict == "less"


def test_a_customer_stays_in_a_share_that_has_about_its_size() -> None:
    key = "k" * 64
    chosen = {customer for customer in range(10_000) if links.is_control(key, customer, 10)}
    assert 900 < len(chosen) < 1100
    assert all(links.is_control(key, customer, 20) for customer in chosen)
    assert not any(links.is_control(key, customer, 0) for customer in range(100))
    assert chosen != {each for each in range(10_000) if links.is_control("m" * 64, each, 10)}
