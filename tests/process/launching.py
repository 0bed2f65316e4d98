"""Starts the command ``desk`` from a process that has imported it already.

Half of a start is importing, and the suite starts some hundreds of desks. The standard library's
fork server imports once; from ``deskcore.cli.main`` on, what runs in its child is the command.
Errands and parsers of such a desk are forked as well. That the installed command starts too, and
they with it, is seen by the tests that ask for it.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.process.forking import FORKING, PRELOADED, STARTING


class Launched:
    """A started command: what ``subprocess.Popen`` would offer of it."""

    def __init__(
        self,
        arguments: Sequence[str],
        environment: Mapping[str, str],
        out: Path,
        err: Path,
        changes: Mapping[str, object],
        *,
        folder: Path | None = None,
    ) -> None:
        """Start ``desk`` with *arguments* as the leader of a session; its output is appended.

        *changes* are values by their full names, as ``deskcore.serve.GOOD_LIFE_S``. With *folder*
        it is called there, by ``python -m deskcore``, whose modules come from that folder first.
        """
        for path in (out, err):
            path.touch()  # whoever reads it need not wait for the child
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload(PRELOADED)
        self._process = server.Process(
            target=_become,
            args=(list(arguments), dict(environment), str(out), str(err), dict(changes), folder),
        )
        self._process.start()
        assert self._process.pid is not None
        self.pid = self._process.pid
        while self.poll() is None and os.getpgid(self.pid) != self.pid:
            time.sleep(0.001)  # whoever kills it kills its group

    def poll(self) -> int | None:
        """Return the exit code, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return the exit code; raises ``subprocess.TimeoutExpired``."""
        self._process.join(timeout)
        code = self.poll()
        if code is None:
            raise subprocess.TimeoutExpired("desk", timeout or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Tell it something, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)


def _become(
    arguments: list[str],
    environment: dict[str, str],
    out: str,
    err: str,
    changes: dict[str, object],
    folder: Path | None,
) -> None:
    """Be the command, in the fork server's child."""
    os.setsid()
    if folder is not None:
        os.chdir(folder)
        sys.path.insert(0, str(folder))
    signal.signal(signal.SIGINT, signal.default_int_handler)
    for descriptor, path in ((1, out), (2, err)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, descriptor)
        os.close(file)
    os.environ.clear()
    os.environ.update(environment)
    sys.dont_write_bytecode = "PYTHONDONTWRITEBYTECODE" in environment
    time.tzset()
    sys.argv = ["desk", *arguments]
    code = 1
    try:
        from deskcore import cli  # noqa: PLC0415  the fork server has it, the tests' process need not

        for module in STARTING:
            vars(module)["subprocess"] = FORKING
        for name, value in changes.items():
            place, _, attribute = name.rpartition(".")
            setattr(sys.modules[place], attribute, value)
        cli.main()
        code = 0
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(bool(ended.code))
    except BaseException:  # noqa: BLE001  said as Python says it, by the command's own hook
        sys.excepthook(*sys.exc_info())
    finally:
        atexit._run_exitfuncs()  # the fork server's children leave without them
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
