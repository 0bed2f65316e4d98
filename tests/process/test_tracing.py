"""``desk trace`` beside a desk that runs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

from tests.process.crashing import DeskFolder
from tests.process.desks import Desk, wait_until


def test_calls_of_a_plugin_are_printed_while_the_desk_works(
    tmp_path: Path, database_url: str
) -> None:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    told = {"DESK_PORT": "0", "DESK_DATABASE_URL": database_url}
    desk = Desk(instance=folder.instance, environment=told)
    command = [sys.executable, "-m", "deskcore", "trace", "--plugin", "email"]
    try:
        desk.ready()
        with subprocess.Popen(
            command,
            env=folder.environment,
            cwd=Path(__file__).parents[2],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        ) as trace:
            wait_until(lambda: list((folder.instance / "trace").glob("email.*")), "it asks")
            os.kill(
                desk.process.pid, signal.SIGHUP
            )  # fresh processes ask every plugin what it brings
            assert trace.stdout is not None
            first = next(line for line in trace.stdout if "desk_channels" in line)
            trace.send_signal(signal.SIGINT)
            _, err = trace.communicate(timeout=60)
        assert trace.returncode == 0, err
        assert " ms  well" in first
        assert "desk_channels: " in err
        assert list((folder.instance / "trace").iterdir()) == []
        assert desk.stop() == 0
    finally:
        desk.kill()


def test_a_plugin_that_is_not_there_is_named(tmp_path: Path, database_url: str) -> None:
    folder = DeskFolder(instance=tmp_path / "instance", database_url=database_url)
    done = subprocess.run(
        [sys.executable, "-m", "deskcore", "trace", "--plugin", "coffee"],
        env=folder.environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "There is no plugin coffee here" in done.stderr
