"""What plugins bring at the start is looked at: names say whose it is, parts are what they say."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskcore.domain.kinds import PluginState
from tests.plugin.authoring import write_plugin
from tests.plugin.test_loader import by_slug, run

BRINGS = """
from deskcore.api import Permission
from deskcore.plugin import hookimpl

@hookimpl
def {hook}():
    return [{part}]
"""


@pytest.mark.parametrize(
    ("hook", "part", "reason"),
    [
        (
            "desk_permissions",
            'Permission(name="ticket.read", label="Read")',
            "The right 'ticket.read' must be named tea.thing.verb.",
        ),
        (
            "desk_permissions",
            'Permission(name="teapot.cup.drink", label="Drink")',
            "The right 'teapot.cup.drink' must be named tea.thing.verb.",
        ),
        (
            "desk_permissions",
            'Permission(name="tea.cup.drink", label="Drink", roles=("butler",))',
            "The right tea.cup.drink names no role of the desk: butler.",
        ),
    ],
)
def test_a_plugin_that_brings_what_cannot_be_is_left_out_with_the_reason(
    tmp_path: Path, hook: str, part: str, reason: str
) -> None:
    write_plugin(tmp_path / "plugins", "tea", BRINGS.format(hook=hook, part=part))
    status = by_slug(run(tmp_path, "tea"))["tea"]
    assert (status.state, status.reason) == (PluginState.QUARANTINED, reason)


def test_the_same_part_twice_is_named_with_its_owner(tmp_path: Path) -> None:
    right = 'Permission(name="tea.cup.drink", label="Drink")'
    code = BRINGS.format(hook="desk_permissions", part=f"{right}, {right}")
    write_plugin(tmp_path / "plugins", "tea", code)
    assert (
        "'tea.cup.drink' of the plugin 'tea' exists" in by_slug(run(tmp_path, "tea"))["tea"].reason
    )
