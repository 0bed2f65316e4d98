"""Loading plugins: which are taken in, and what they bring."""

from __future__ import annotations

from pathlib import Path

import pytest

from deskcore.domain.kinds import PluginState
from deskcore.errors import NotFound
from deskcore.plugin.channel import AccountView, Refused
from deskcore.plugin.choice import Choice, Kept, of_configuration
from deskcore.plugin.guard import Guard
from deskcore.plugin.loaded import Loaded, PluginStatus
from deskcore.plugin.loader import load_plugins
from deskcore.plugin.net import network_allowed
from deskcore.plugin.recovery import Quarantine
from deskcore.plugin.stored import load
from tests.plugin.authoring import write_plugin
from tests.plugin.recording import KeptFaults

PANEL = """
from deskcore.plugin import Panel, hookimpl

@hookimpl
def desk_ticket_panels():
    return [Panel(title=__name__, body="")]
"""
SUBSCRIBES = """
from deskcore.api import TicketOpened
from deskcore.plugin import Subscription, hookimpl

@hookimpl
def desk_subscriptions():
    return [Subscription(name="{name}", events=(TicketOpened,), handle=print)]
"""


def run(
    instance: Path,
    *wanted: str,
    bundled: Path | None = None,
    safe_mode: bool = False,
    kept: dict[str, Kept] | None = None,
) -> Loaded:
    choice = of_configuration(wanted) if wanted else Choice(kept=kept or {})
    return load_plugins(
        instance=instance,
        choice=choice,
        guard=Guard(sink=KeptFaults()),
        safe_mode=safe_mode,
        bundled=bundled or instance / "none",
    )


def by_slug(loaded: Loaded) -> dict[str, PluginStatus]:
    return {status.slug: status for status in loaded.statuses}


def states(loaded: Loaded) -> dict[str, PluginState]:
    return {status.slug: status.state for status in loaded.statuses}


def test_wanted_plugins_are_loaded_and_others_are_listed(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "tea", PANEL)
    write_plugin(tmp_path / "plugins", "coffee", "raise AssertionError('imported')")
    loaded = run(tmp_path, "tea", "milk")
    assert states(loaded) == {
        "coffee": PluginState.INACTIVE,
        "milk": PluginState.MISSING,
        "tea": PluginState.ACTIVE,
    }
    assert by_slug(loaded)["tea"].version == "1.0"


def test_bundled_plugins_that_say_so_run_from_the_start(tmp_path: Path) -> None:
    write_plugin(tmp_path / "ours", "tea", PANEL, "starts_active = true")
    write_plugin(tmp_path / "ours", "milk", PANEL)
    write_plugin(tmp_path / "plugins", "coffee", PANEL, "starts_active = true")
    loaded = run(tmp_path, bundled=tmp_path / "ours")
    assert states(loaded) == {
        "coffee": PluginState.INACTIVE,
        "milk": PluginState.INACTIVE,
        "tea": PluginState.ACTIVE,
    }


def test_what_the_desk_remembers_decides(tmp_path: Path) -> None:
    for slug in ("coffee", "milk", "tea"):
        write_plugin(tmp_path / "ours", slug, PANEL, "starts_active = true")
    kept = {
        "tea": Kept(state=PluginState.INACTIVE),
        "milk": Kept(state=PluginState.PAUSED, reason="It failed."),
        "water": Kept(state=PluginState.ACTIVE, version="1.0"),
    }
    loaded = run(tmp_path, bundled=tmp_path / "ours", kept=kept)
    assert states(loaded) == {
        "coffee": PluginState.ACTIVE,
        "milk": PluginState.PAUSED,
        "tea": PluginState.INACTIVE,
        "water": PluginState.MISSING,
    }
    assert by_slug(loaded)["milk"].reason == "It failed."
    assert "still here" in by_slug(loaded)["water"].reason


def test_another_version_than_the_active_one_waits_for_its_upgrade(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "tea", "raise AssertionError('imported')")
    loaded = run(tmp_path, kept={"tea": Kept(state=PluginState.ACTIVE, version="0.9")})
    assert states(loaded) == {"tea": PluginState.PAUSED}
    assert "version 0.9 was active. Upgrade it." in by_slug(loaded)["tea"].reason


def test_a_missing_package_is_named_with_the_command_that_brings_it(tmp_path: Path) -> None:
    write_plugin(
        tmp_path / "plugins", "tea", "import no_such", 'packages = ["no-such>=2", "flask"]'
    )
    loaded = run(tmp_path, "tea")
    assert states(loaded) == {"tea": PluginState.INVALID}
    assert "-m pip install 'no-such>=2'" in by_slug(loaded)["tea"].reason
    assert "flask" not in by_slug(loaded)["tea"].reason


def test_an_empty_wish_is_no_plugins(tmp_path: Path) -> None:
    write_plugin(tmp_path / "ours", "tea", PANEL)
    loaded = load_plugins(
        instance=tmp_path, choice=of_configuration(()), guard=Guard(), bundled=tmp_path / "ours"
    )
    assert states(loaded) == {"tea": PluginState.INACTIVE}


def test_safe_mode_loads_nothing(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "tea", "raise AssertionError('imported')")
    assert states(run(tmp_path, "tea", safe_mode=True)) == {"tea": PluginState.INACTIVE}
    (tmp_path / "SAFE_MODE").touch()
    loaded = run(tmp_path, "tea")
    assert loaded.is_safe_mode
    assert "safe mode" in by_slug(loaded)["tea"].reason


def test_a_plugin_may_import_its_own_modules(tmp_path: Path) -> None:
    home = write_plugin(tmp_path / "plugins", "tea", "from plugins.tea.inner import LEAVES")
    (home / "inner.py").write_text("LEAVES = 3\n", encoding="utf-8")
    assert states(run(tmp_path, "tea")) == {"tea": PluginState.ACTIVE}


def test_a_replacing_plugin_is_the_one_that_runs(tmp_path: Path) -> None:
    write_plugin(tmp_path / "ours", "tea", "raise AssertionError('imported')")
    write_plugin(tmp_path / "plugins", "tea", PANEL, 'replaces = "tea"')
    loaded = run(tmp_path, "tea", bundled=tmp_path / "ours")
    assert [(status.source, status.state) for status in loaded.statuses] == [
        ("bundled", PluginState.INVALID),
        ("dropped", PluginState.ACTIVE),
    ]


def test_requirements_are_loaded_first_whatever_their_names(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "a_tea", "import plugins.z_water", 'requires = ["z_water"]')
    write_plugin(tmp_path / "plugins", "z_water")
    loaded = run(tmp_path, "a_tea", "z_water")
    assert set(states(loaded).values()) == {PluginState.ACTIVE}


def test_a_plugin_without_its_requirement_is_left_out(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "tea", "", 'requires = ["water"]')
    write_plugin(tmp_path / "plugins", "water", "raise OSError('dry')")
    loaded = run(tmp_path, "tea", "water")
    assert states(loaded) == {"tea": PluginState.INVALID, "water": PluginState.QUARANTINED}
    assert "water" in by_slug(loaded)["tea"].reason


def test_plugins_that_require_one_another_are_left_out_and_named(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "hen", "", 'requires = ["egg"]')
    write_plugin(tmp_path / "plugins", "egg", "", 'requires = ["hen"]')
    write_plugin(tmp_path / "plugins", "tea")
    loaded = run(tmp_path, "hen", "egg", "tea")
    assert states(loaded) == {
        "egg": PluginState.INVALID,
        "hen": PluginState.INVALID,
        "tea": PluginState.ACTIVE,
    }
    assert "egg, hen" in by_slug(loaded)["hen"].reason


def test_of_two_plugins_with_one_name_the_second_is_left_out_and_both_are_told(
    tmp_path: Path,
) -> None:
    write_plugin(tmp_path / "plugins", "coffee", SUBSCRIBES.format(name="drinks"))
    write_plugin(tmp_path / "plugins", "tea", SUBSCRIBES.format(name="drinks"))
    loaded = run(tmp_path, "coffee", "tea")
    assert states(loaded) == {"coffee": PluginState.ACTIVE, "tea": PluginState.QUARANTINED}
    assert "'tea'" in by_slug(loaded)["tea"].reason
    assert "'coffee'" in by_slug(loaded)["tea"].reason
    assert [owned.slug for owned in loaded.registry.subscriptions.all()] == ["coffee"]


@pytest.fixture(scope="module")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    instance = tmp_path_factory.mktemp("instance")
    choice = Choice(kept={})
    return load_plugins(instance=instance, choice=choice, guard=Guard(), allow_private=True)


def test_every_bundled_plugin_loads(bundled: Loaded) -> None:
    found = states(bundled)
    begin = {slug for slug, each in found.items() if each == PluginState.ACTIVE}
    assert begin == {"email", "saved_replies", "spam"}
    assert set(found.values()) == {PluginState.ACTIVE, PluginState.INACTIVE}


def test_the_bundled_channel_opens_with_the_network_its_manifest_declares(bundled: Loaded) -> None:
    kind = bundled.channel_kind("email")
    settings = load(
        kind.item.settings, {"imap_host": "localhost", "smtp_host": "127.0.0.1", "password": "x"}
    )
    account = AccountView(id=1, name="Shop", address="shop@example.com", settings=settings)
    channel = bundled.open_channel("email", account)
    assert (channel.plugin, channel.slug, channel.is_polled) == ("email", "email", True)
    net = bundled.net("email", settings)
    with network_allowed(), pytest.raises(Refused, match="declared"):
        net.tcp("elsewhere.example.com", 993)


def test_a_channel_nobody_brings_is_not_found(bundled: Loaded) -> None:
    with pytest.raises(NotFound, match="pigeon"):
        bundled.channel_kind("pigeon")


def test_what_happened_since_the_start_is_told_too(tmp_path: Path) -> None:
    for slug in ("coffee", "milk", "tea"):
        write_plugin(tmp_path / "plugins", slug)
    loaded = run(tmp_path, "coffee", "milk", "tea")
    Quarantine(loaded.boot).add("tea", "parse", "The worker ended itself with code 1 in parse.")
    loaded.guard.pause("milk")
    told = {status.slug: (status.state, status.reason) for status in loaded.statuses_now()}
    assert told["coffee"] == (PluginState.ACTIVE, "")
    assert told["milk"] == (PluginState.PAUSED, "")
    assert told["tea"][0] == PluginState.QUARANTINED
    assert "in parse" in told["tea"][1]


def test_a_plugin_may_import_things_that_live_only_in_requests(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "tea", "from flask import current_app, g, request, session")
    assert states(run(tmp_path, "tea")) == {"tea": PluginState.ACTIVE}
