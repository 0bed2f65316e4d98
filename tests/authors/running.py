"""A desk in a Python of its own, into which an author installs with pip, and its owner's browser."""

from __future__ import annotations

import re
import subprocess
import sys
import sysconfig
import time
import venv
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from packaging.version import Version

from tests.authors.outside import ENVIRONMENT
from tests.channels.accounts import push
from tests.faults.visitor import Answer, Visitor, give_owner
from tests.process.crashing import DeskFolder
from tests.process.desks import Desk, wait_until

T = TypeVar("T")
_TEST = re.compile(r"/admin/mailboxes/tests/([\w-]+)")
_HOOK = re.compile(r"/in/acme/[\w-]+")
_TICKET = re.compile(r'href="/t/(\d+)')


@dataclass(frozen=True, kw_only=True)
class OwnPython:
    """A virtual environment that sees the libraries of this one, and nothing that it changes."""

    folder: Path

    @classmethod
    def made_in(cls, folder: Path) -> OwnPython:
        """Make it; pip and what builds wheels come from this environment."""
        built_by = Version(metadata.version("setuptools"))
        assert built_by >= Version("70.1"), "setuptools is too old: `bash tests/run` renews it"
        venv.create(folder, with_pip=False)
        own = cls(folder=folder)
        (own.packages / "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n")
        return own

    @property
    def executable(self) -> Path:
        """Its interpreter."""
        return self.folder / "bin" / "python"

    @property
    def packages(self) -> Path:
        """Where pip installs to."""
        [found] = self.folder.glob("lib/python*/site-packages")
        return found

    def pip_install(self, plugin: Path) -> None:
        """Install a folder as its author would, but for the network, which is not there."""
        alone = ("--no-index", "--no-deps", "--no-build-isolation", "--no-cache-dir", "--quiet")
        command = [sys.executable, "-m", "pip", "--python", str(self.executable), "install"]
        done = subprocess.run(
            [*command, "--disable-pip-version-check", *alone, str(plugin)],
            env={"PATH": "/usr/bin:/bin", **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr


@dataclass(frozen=True, kw_only=True)
class Shop:
    """A running desk with an owner at its pages."""

    desk: Desk
    folder: DeskFolder

    @cached_property
    def owner(self) -> Visitor:
        """The owner's browser, signed in."""
        visitor = Visitor(self.desk.address)
        visitor.sign_in()
        return visitor

    def page(self, path: str, *, status: int = 200) -> str:
        """Open a page."""
        return self._text(self.owner.get(path), status)

    def form(
        self,
        page: str,
        path: str,
        fields: Mapping[str, str] = MappingProxyType({}),
        status: int = 200,
    ) -> str:
        """Send a form of *page*; returns the page that comes of it."""
        self.page(page)
        return self._text(self.owner.post(path, **fields), status)

    def switch(self, what: str, *, status: int = 200) -> str:
        """Press a button on the plugin's page."""
        return self.form("/admin/plugins/acme", f"/admin/plugins/acme/{what}", status=status)

    def connect(self, settings: dict[str, object], **secrets: str) -> str:
        """Connect an account of the plugin by its form; returns where the network is to push."""
        typed = {name: str(value) for name, value in settings.items() if value is not False}
        account = {"channel": "acme", "address": "shop"}
        new = "/admin/mailboxes/new"
        begun = self.form(f"{new}?channel=acme", new, account | typed | secrets)
        test = f"/admin/mailboxes/tests/{_TEST.findall(begun)[0]}"
        done = self.until(test, lambda text: "Connect this mailbox" in text)
        assert "The mailbox works" in done, done
        teams = re.findall(r'name="team_ids" value="(\d+)"', done)
        kept = self.form(test, f"{test}/keep", {"name": "Acme", "team_ids": teams[0]})
        return _HOOK.findall(kept)[0]

    def pushed(self, hook: str, body: bytes, headers: dict[str, str]) -> None:
        """Have the network push."""
        address = self.desk.address.rstrip("/") + hook
        assert push(address, body, headers)[:2] == (200, b"ok"), self.desk.errors[-3000:]

    def ticket(self) -> str:
        """Wait for the ticket in the list of open ones; returns its page's path."""
        listed = self.until("/v/open", lambda text: _TICKET.search(text) is not None)
        return f"/t/{_TICKET.findall(listed)[0]}"

    def reply(self, ticket: str, text: str) -> None:
        """Answer a ticket by its form."""
        page = self.page(ticket)
        fields = {
            name: re.findall(rf'name="{name}"[^>]*value="([^"]*)"', page)[0]
            for name in ("to", "seen_upto", "form_key", "version")
        }
        said = {"mode": "reply", "then": "stay", "body": text}
        self.form(ticket, f"{ticket}/reply", fields | said)

    def until(self, path: str, look: Callable[[str], bool]) -> str:
        """Open a page until it says what it should."""

        def opened() -> str | None:
            text = self.page(path)
            return text if look(text) else None

        return wait_until(opened, path, lambda: self.page(path) + self.desk.errors[-3000:])

    def _text(self, answer: Answer, status: int) -> str:
        assert answer.status == status, (answer.status, answer.text, self.desk.errors[-3000:])
        return answer.text


@contextmanager
def a_shop(folder: DeskFolder, python: OwnPython) -> Iterator[Shop]:
    """Run a desk by that Python until the block ends."""
    folder.instance.mkdir(parents=True, exist_ok=True)
    with folder.opened():
        give_owner()
    desk = Desk(
        instance=folder.instance,
        environment={**folder.environment, **ENVIRONMENT},
        under=(str(python.executable),),
    )
    try:
        yield Shop(desk=desk.ready(), folder=folder)
    finally:
        desk.kill()


class Stopwatch:
    """How long each step took, in the order they were taken."""

    def __init__(self) -> None:
        self._began = time.monotonic()
        self._steps: list[tuple[str, float]] = []

    def step(self, name: str) -> None:
        """Say that a step is done."""
        self._steps.append((name, time.monotonic() - self._began))

    def __str__(self) -> str:
        lines, before = [], 0.0
        for name, at in self._steps:
            lines.append(f"  {at - before:6.1f} s  {name}")
            before = at
        return "\n".join(["", *lines, f"  {before:6.1f} s  all of it; a person has 900"])
