"""Tests that share a desk run in one worker, which the scheduler reads from their names.

pytest-xdist writes a group into a test's name; pytest 9.2 no longer lets it. Every shared desk was
then set up twice, and nothing said so.
"""

from __future__ import annotations

import pytest


@pytest.mark.xdist_group("groups-hold")
def test_a_group_stands_in_the_name_by_which_tests_are_dealt_out(
    request: pytest.FixtureRequest,
) -> None:
    is_dealt_by_group = bool(getattr(request.config.option, "loadgroup", False))
    assert request.node.nodeid.endswith("@groups-hold") == is_dealt_by_group
