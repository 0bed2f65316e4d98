"""What can be known of a plugin only by running it: its tests, its contract, its life."""

from __future__ import annotations

from collections.abc import Iterator

from deskcore.authoring.folder import PluginFolder
from deskcore.authoring.round_trip import round_trip
from deskcore.authoring.standards import Flaw, Look, standard
from deskcore.plugin.manifest import ManifestError

_CHANNELS = "desk_channels"


@standard("P07", "bronze", "What worked yesterday does not today, and customers find out first.")
def passes_its_tests(look: Look) -> Iterator[Flaw]:
    """Its own tests pass."""
    if look.tested.problem:
        yield Flaw(why=look.tested.problem)
    for why in look.tested.failed:
        yield Flaw(why=why)


def _brings_channels(folder: PluginFolder) -> str:
    return "" if _CHANNELS in folder.hooks else "it brings no channel"


@standard(
    "P11", "bronze", "What the platform does is tried out on customers.", need=_brings_channels
)
def is_put_to_the_contract(look: Look) -> Iterator[Flaw]:
    """Its channel is put to the contract of channels."""
    if not look.tested.contracts:
        yield Flaw(why="No channel_contract was run: write tests/test_contract.py.")


@standard(
    "P12",
    "bronze",
    "Switching it off, or an upgrade, leaves the desk with something of it, or without something.",
)
def lives_and_leaves(look: Look) -> Iterator[Flaw]:
    """It can be switched on and off twice, and uninstalled without a trace."""
    try:
        _manifest = look.folder.manifest
    except ManifestError as error:
        yield Flaw(why=f"It cannot be switched on: {error}")
        return
    yield from round_trip(look.folder)
