"""``python -m tests.shelf.wheel [slug …]``: the shelf from an installed wheel, away from this tree.

Builds the desk's wheel, installs it into a fresh environment, and has ``desk plugins check`` judge each
plugin from an empty folder. Prints every report, and ends with 1 unless each of them is gold.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).resolve().parents[2]
SHELF = (
    "web_form",
    "telegram",
    "xmpp",
    "catalogue",
    "cross_sell",
    "reviews",
    "stock_notes",
)
# What pip and the servers need of the caller's environment; nothing that leads back to this tree.
_KEPT = ("LANG", "PATH", "TMPDIR")


@dataclass(frozen=True, kw_only=True)
class Installed:
    """A desk that pip installed from a wheel, and an empty folder to call it from."""

    folder: Path

    @property
    def python(self) -> Path:
        """Its interpreter."""
        return self.folder / "python" / "bin" / "python"

    @property
    def home(self) -> Path:
        """Where commands are called: there is nothing here."""
        return self.folder / "empty"

    def call(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Call the interpreter; what it says is kept."""
        return subprocess.run(
            [str(self.python), *arguments],
            cwd=self.home,
            env=environment() | {"HOME": str(self.home), "DESK_INSTANCE": str(self.home / "desk")},
            capture_output=True,
            text=True,
            check=False,
        )

    def check(self, slug: str) -> tuple[str, bool]:
        """Judge a plugin; returns the report, and whether it is gold."""
        done = self.call("-m", "deskcore", "plugins", "check", slug, "--level", "gold")
        return done.stdout + done.stderr, done.returncode == 0

    def place_of(self, module: str) -> Path:
        """Say where a module is imported from."""
        return Path(self.call("-c", f"import {module}; print({module}.__file__)").stdout.strip())


def environment() -> dict[str, str]:
    """Return what a command of somebody else is told: where programs are, and how pip is set up."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in _KEPT or name.startswith(("PIP_", "LC_"))
    }


def built(folder: Path, *, extra: Sequence[str] = ()) -> Path:
    """Build the wheel from a copy of what is kept here, and nothing that tools left; returns it."""
    source = folder / "source"
    for name in _kept_files():
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, source / name)
    wheels = folder / "wheels"
    _pip(sys.executable, "wheel", "--no-deps", *extra, "--wheel-dir", str(wheels), str(source))
    [wheel] = wheels.glob("deskcore-*.whl")
    return wheel


def installed(wheel: Path, folder: Path) -> Installed:
    """Install the wheel as an author of plugins does, with the versions that are pinned."""
    made = Installed(folder=folder)
    made.home.mkdir()
    venv.create(folder / "python", with_pip=True)
    pinned = ROOT / "constraints.txt"
    _pip(str(made.python), "install", "--constraint", str(pinned), f"{wheel}[test]")
    return made


def contents(wheel: Path) -> set[str]:
    """List what is in the wheel, without what pip says of it."""
    names = zipfile.ZipFile(wheel).namelist()
    return {name for name in names if ".dist-info/" not in name}


def expected() -> set[str]:
    """List what a wheel has to hold: the package, and beside its code the plugins and themes."""
    return {
        name if name.startswith("deskcore/") else f"deskcore/_bundled/{name}"
        for name in _kept_files()
        if name.startswith(("deskcore/", "plugins/", "themes/"))
        and not Path(name).name.startswith(".")
    }


def _kept_files() -> list[str]:
    told = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [name for name in told.split("\0") if name and (ROOT / name).is_file()]


def _pip(python: str, *arguments: str) -> None:
    done = subprocess.run(
        [python, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def main(slugs: Sequence[str]) -> int:
    """Judge the named plugins, or all seven; returns the exit code."""
    below = []
    with TemporaryDirectory(prefix="desk-wheel-") as made:
        desk = installed(built(Path(made)), Path(made))
        print(f"deskcore comes from {desk.place_of('deskcore').relative_to(made)}\n", flush=True)
        for slug in slugs or SHELF:
            said, is_gold = desk.check(slug)
            print(said, flush=True)
            below += [] if is_gold else [slug]
    print(f"Not gold: {', '.join(below)}" if below else "Each of them is gold.")
    return 1 if below else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
