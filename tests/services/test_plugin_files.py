"""Files that plugins keep: until they let go, each its own."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from flask import Flask

from deskcore import clock
from deskcore.api.data import keep_file, kept_file, let_go_of_file, unit_of_work
from deskcore.errors import NotFound
from deskcore.plugin.running import NotItsOwn, as_plugin
from deskcore.services import files, plugin_data


def keep(slug: str, content: bytes = b"a picture") -> str:
    with unit_of_work() as unit:
        return keep_file(unit, slug, content)


def let_go(slug: str, digest: str) -> None:
    with unit_of_work() as unit:
        let_go_of_file(unit, slug, digest)


def swept_after_days(path: Path) -> bool:
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        files.sweep()
    return not path.exists()


def test_a_file_stays_until_the_last_plugin_lets_it_go(app: Flask) -> None:
    digest = keep("shelf")
    assert keep("shelf") == keep("stall") == digest
    path = kept_file("shelf", digest)
    assert path.read_bytes() == b"a picture"
    let_go("shelf", digest)
    with pytest.raises(NotFound):
        kept_file("shelf", digest)
    assert not swept_after_days(path)
    let_go("stall", digest)
    assert swept_after_days(path)


def test_uninstalling_lets_go_of_all_files_of_a_plugin(app: Flask) -> None:
    path = kept_file("shelf", keep("shelf"))
    keep("stall", b"another")
    with unit_of_work() as unit:
        assert plugin_data.remove_rows(unit, "shelf")["files"] == 1
    assert swept_after_days(path)
    assert files.read(keep("stall", b"another")) == b"another"


def test_another_plugins_file_is_neither_read_nor_let_go(app: Flask) -> None:
    digest = keep("shelf")
    with pytest.raises(NotItsOwn):
        as_plugin("stall", lambda: kept_file("shelf", digest))
    with pytest.raises(NotItsOwn):
        as_plugin("stall", lambda: let_go("shelf", digest))
    assert kept_file("shelf", digest).exists()
