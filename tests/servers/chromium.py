"""Debian's Chromium, driven by Playwright; its own network log tells what it visited."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.servers import rundir

# The first is the same without the window that nobody sees, and takes less of the processor.
PROGRAMS = ("/usr/bin/chromium-headless-shell", "/usr/bin/chromium")
# No sandbox: tests run as root too. Nothing is looked up or asked outside this machine.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
)
_launches = count()


@contextmanager
def launched() -> Iterator[Browser]:
    """Start one browser and end it with the block."""
    log = log_folder() / f"{os.getpid()}-{next(_launches)}.netlog"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program(),
            args=[*FLAGS, f"--log-net-log={log}"],
        )
        yield browser
        browser.close()


def program() -> str:
    """Return where Chromium is."""
    return next(filter(os.path.exists, PROGRAMS))


def log_folder() -> Path:
    """Return where the browsers of this run write their network logs."""
    folder = rundir.current() / "chromium"
    folder.mkdir(exist_ok=True)
    return folder
