"""The plugin reaches what it claims: its own tests, its contract, its promises, its life and end."""

from __future__ import annotations

from pathlib import Path

import pytest

import plugins.xmpp
from deskcore.authoring.folder import plugin_folder
from deskcore.authoring.judging import judge


@pytest.mark.timeout(600)  # the contract three times, twice with a server to be started
def test_it_reaches_gold_at_both_servers_too() -> None:
    judgement = judge(plugin_folder(Path(plugins.xmpp.__file__).parent))
    assert judgement.reaches("gold"), judgement
    assert sorted(name.split()[0] for name in judgement.servers) == ["Prosody", "ejabberd"]
    assert judgement.unrun == {}
