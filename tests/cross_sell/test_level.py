"""The plugin reaches what it claims: its own tests, its promises, its life and end."""

from __future__ import annotations

from pathlib import Path

import plugins.cross_sell
from deskcore.authoring.folder import plugin_folder
from deskcore.authoring.judging import judge


def test_it_reaches_gold() -> None:
    judgement = judge(plugin_folder(Path(plugins.cross_sell.__file__).parent))
    assert judgement.reaches("gold"), judgement
