"""How often a plugin may fail."""

from __future__ import annotations

from deskcore.plugin.strikes import FAULTS_ALLOWED, SLOW_ALLOWED, SLOW_S, WINDOW_S, Strikes


class Clock:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


def test_faults_far_apart_are_forgiven() -> None:
    clock = Clock()
    strikes = Strikes(clock)
    for _ in range(FAULTS_ALLOWED * 3):
        assert not strikes.fault("tea")
        clock.seconds += WINDOW_S / (FAULTS_ALLOWED - 1) + 1


def test_too_many_faults_in_the_window_are_told() -> None:
    strikes = Strikes(Clock())
    assert [strikes.fault("tea") for _ in range(FAULTS_ALLOWED)] == [False] * 4 + [True]
    assert not strikes.fault("coffee")


def test_only_slow_calls_count_as_slow() -> None:
    strikes = Strikes(Clock())
    assert not any(strikes.slow("tea", SLOW_S) for _ in range(10))
    assert [strikes.slow("tea", SLOW_S + 0.1) for _ in range(SLOW_ALLOWED)] == [False, False, True]


def test_a_rest_ends_and_counting_starts_afresh() -> None:
    clock = Clock()
    strikes = Strikes(clock)
    for _ in range(FAULTS_ALLOWED - 1):
        strikes.fault("tea")
    strikes.rest("tea", 60)
    assert strikes.is_resting("tea")
    clock.seconds += 60
    assert not strikes.is_resting("tea")
    assert not strikes.fault("tea")
