"""Begins the desk's helping programs as forks of a process that has imported them already.

An errand on a plugin and a parser of mails are interpreters of their own. The suite starts many
hundreds, and most of their time went into imports. Here they are processes of their own all the
same: with their own id, files, environment and death, only born faster. It is a fork of the fork
server, so that whoever kills a desk's group of processes does not kill it.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from multiprocessing import reduction
from types import SimpleNamespace, TracebackType
from typing import Any, Self

from deskcore.plugin import parsers
from deskcore.services import errands

ERRAND, READER = "deskcore.cli.plugin_errand", "deskcore.plugin.reader"
# All that a fork server of the tests knows; what of it a child needs, it has.
PRELOADED = ["deskcore.cli", "deskcore.cli.run", ERRAND, READER, "deskcore.cli.theme_errand"]
# The modules that start them.
STARTING = (parsers, errands)


class Popen:
    """What errands and parsers use of ``subprocess.Popen``, for one of their commands."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        pass_fds: Sequence[int],
        env: Mapping[str, str] | None = None,
        stdin: int | None = None,
        stdout: int | None = None,
        stderr: int | None = None,
    ) -> None:
        """Begin the module that *command* names; its last word is the file it is passed."""
        [passed] = pass_fds
        assert command[-1] == str(passed)
        reading = writing = None
        if stdin == subprocess.PIPE:
            reading, writing = os.pipe()
            stdin = reading
        given = [_file(one, number) for number, one in enumerate((stdin, stdout, stderr))]
        server = multiprocessing.get_context("forkserver")
        server.set_forkserver_preload(PRELOADED)
        self._process = server.Process(
            target=_become,
            args=(command[-2], dict(os.environ if env is None else env), given, _Passed(passed)),
        )
        try:
            self._process.start()
        finally:
            if reading is not None:
                os.close(reading)
        self._writing = writing
        assert self._process.pid is not None
        self.pid = self._process.pid

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait for its end."""
        self.wait()

    @property
    def returncode(self) -> int | None:
        """What it ended with, as far as that is known."""
        return self._process.exitcode

    def poll(self) -> int | None:
        """Return what it ended with, or None while it runs."""
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end and return what it ended with."""
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(READER, timeout or 0)
        return code

    def communicate(self, said: bytes, timeout: float) -> None:
        """Tell it something short and wait for its end."""
        assert self._writing is not None
        with os.fdopen(self._writing, "wb") as pipe:
            pipe.write(said)
        self.wait(timeout)

    def kill(self) -> None:
        """End it at once."""
        self._process.kill()


class _Passed:
    """An open file that the child gets as well, under a number of its own."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def __reduce__(self) -> tuple[Any, ...]:
        return _taken, (reduction.DupFd(self._descriptor),)


def _taken(passed: Any) -> int:
    return int(passed.detach())


def _file(wanted: int | None, number: int) -> object:
    """Return what the child makes its file *number* of: a passed one, or nothing's."""
    if wanted == subprocess.DEVNULL:
        return None
    return _Passed(number if wanted is None else wanted)


def _become(module: str, environment: dict[str, str], given: list[int | None], passed: int) -> None:
    """Be the command, in the fork server's child."""
    for number, file in enumerate(given):
        os.dup2(os.open(os.devnull, os.O_RDWR) if file is None else file, number)
    sys.stdin = os.fdopen(0, closefd=False)  # the fork server closed its own
    os.environ.clear()
    os.environ.update(environment)
    time.tzset()
    sys.argv = [module, str(passed)]
    importlib.import_module(module).main()


# What a starting module has in place of ``subprocess``.
FORKING = SimpleNamespace(**{**vars(subprocess), "Popen": Popen})
