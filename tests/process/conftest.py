"""Desks that are started for one test and ended with it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from tests.process.desks import Desk

StartDesk = Callable[..., Desk]


@pytest.fixture
def start_desk(tmp_path: Path) -> Iterator[StartDesk]:
    """Give a function that starts a desk on a free port; keywords are its ``DESK_`` variables.

    *is_installed* starts it by the command that a person types (``Desk``); *changes* are of constants in the parent. A second desk in the same test uses the same instance folder, as after a restart.
    """
    desks: list[Desk] = []

    def start(
        *,
        command: str = "run",
        name: str = "",
        is_installed: bool = False,
        changes: Mapping[str, object] | None = None,
        **settings: str,
    ) -> Desk:
        desk = Desk(
            instance=tmp_path / "instance",
            environment={"DESK_PORT": "0"}
            | {f"DESK_{name.upper()}": value for name, value in settings.items()},
            command=command,
            name=name,
            is_installed=is_installed,
            changes=changes or {},
        )
        desks.append(desk)
        return desk

    yield start
    for desk in desks:
        desk.kill()
