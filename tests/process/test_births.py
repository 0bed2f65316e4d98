"""What a desk does whose children cannot be born: before it ever served, and while others serve."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from deskcore import children, signals
from deskcore.children import Kind, Place, say_ready
from deskcore.config import load_config
from deskcore.serve import Supervisor
from tests.process.crashing import eventually
from tests.process.forking import PRELOADED

AWAY = "away"  # a file of this name, with an exit code in it: no child can be born


class Births(Supervisor):
    """A parent whose children only live or die; each writes its id down when it is ready."""

    folder: Path

    def _live(self, kind: Kind, pipe: int) -> None:
        away = self.folder / AWAY
        if away.exists():
            with (self.folder / "vain").open("a") as vain:
                vain.write(".")
            os._exit(int(away.read_text()))
        told = signals.as_bytes(signal.SIGTERM)
        say_ready(pipe, None)
        (self.folder / f"{kind}-{os.getpid()}").touch()
        signals.wait_for(signal.SIGTERM, told)


def parent(folder: Path) -> None:
    """Be the parent, in a process of its own."""
    children.BACK_OFF_S = (0.05, 0.1, 0.2, 0.4, 0.8, 1.0)
    config = load_config(instance=folder / "instance", database_url="sqlite://")
    births = Births(config, [Place(kind="web"), Place(kind="worker")], None, os.pipe())
    births.folder = folder
    os._exit(births.go_on())


@contextmanager
def running(folder: Path) -> Iterator[multiprocessing.process.BaseProcess]:
    (folder / "instance" / "boot").mkdir(parents=True)
    server = multiprocessing.get_context("forkserver")
    server.set_forkserver_preload(PRELOADED)  # there is one for all tests, and any may be the first
    process = server.Process(target=parent, args=(folder,))
    process.start()
    try:
        yield process
    finally:
        process.terminate()
        process.join(40)


def ids(folder: Path, kind: Kind) -> list[int]:
    return [int(path.name.partition("-")[2]) for path in folder.glob(f"{kind}-*")]


def attempts(folder: Path) -> int:
    vain = folder / "vain"
    return len(vain.read_text()) if vain.exists() else 0


def test_a_desk_that_never_served_ends_at_once_when_something_outside_is_away(
    tmp_path: Path,
) -> None:
    (tmp_path / AWAY).write_text(str(os.EX_UNAVAILABLE))
    with running(tmp_path) as process:
        process.join(30)
        assert process.exitcode == os.EX_UNAVAILABLE
    assert attempts(tmp_path) <= 2


def test_pages_are_served_on_while_no_worker_can_be_born_and_one_comes_when_it_can(
    tmp_path: Path,
) -> None:
    with running(tmp_path) as process:
        assert eventually(lambda: bool(ids(tmp_path, "web") and ids(tmp_path, "worker")))
        [web], [worker] = ids(tmp_path, "web"), ids(tmp_path, "worker")
        (tmp_path / AWAY).write_text(str(os.EX_UNAVAILABLE))
        os.kill(worker, signal.SIGKILL)
        assert eventually(lambda: attempts(tmp_path) >= 6)
        os.kill(web, 0)  # it lives
        (tmp_path / AWAY).unlink()
        assert eventually(lambda: len(ids(tmp_path, "worker")) == 2)
        assert process.is_alive()
        assert ids(tmp_path, "web") == [web]


@pytest.mark.parametrize("code", [os.EX_CONFIG, os.EX_SOFTWARE])
def test_a_desk_whose_worker_cannot_come_back_gives_up_with_the_reason(
    tmp_path: Path, code: int
) -> None:
    with running(tmp_path) as process:
        assert eventually(lambda: bool(ids(tmp_path, "web") and ids(tmp_path, "worker")))
        [worker] = ids(tmp_path, "worker")
        (tmp_path / AWAY).write_text(str(code))
        os.kill(worker, signal.SIGKILL)
        process.join(40)
        assert process.exitcode == code
    assert attempts(tmp_path) == 4  # the death that nobody asked for was the first of five
