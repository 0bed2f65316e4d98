"""What pip makes of this tree is a whole desk: its pages, its plugins with their tests, its themes."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

from tests.shelf.wheel import SHELF, built, contents, environment, expected


def test_a_wheel_holds_the_desk_its_plugins_and_its_themes_and_works_from_there(
    tmp_path: Path,
) -> None:
    wheel = built(tmp_path, extra=("--no-build-isolation", "--no-index"))
    assert contents(wheel) == expected()

    zipfile.ZipFile(wheel).extractall(tmp_path / "there")
    looked = (
        "from deskcore.plugin.discovery import bundled_folder, discover\n"
        "from deskcore.theme.discovery import bundled_themes, discover_themes\n"
        "from pathlib import Path\n"
        "print(bundled_folder(), bundled_themes())\n"
        "print(*(each.slug for each in discover(Path('none')) if not each.problem))\n"
        "print(*(each.slug for each in discover_themes(Path('none')) if not each.problem))\n"
    )
    said = subprocess.run(
        [sys.executable, "-c", looked],
        cwd=tmp_path,
        env=environment() | {"PYTHONPATH": str(tmp_path / "there")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    inside = tmp_path / "there" / "deskcore" / "_bundled"
    assert said[0] == f"{inside / 'plugins'} {inside / 'themes'}"
    assert set(SHELF) | {"email", "spam", "saved_replies"} == set(said[1].split())
    assert {"linen"} < set(said[2].split())
