"""Whether this server will do: what set-up shows before anything is asked."""

from __future__ import annotations

import email.policy
import os
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from sqlalchemy.exc import SQLAlchemyError

from deskcore import clock
from deskcore.extensions import config
from deskcore.i18n import _
from deskcore.services.unit import is_reachable

GIGABYTE = 1024**3
LITTLE_SPACE = GIGABYTE
RELEASED = datetime(2026, 11, 1, tzinfo=UTC)  # a clock before that is wrong


@dataclass(frozen=True, kw_only=True)
class ServerCheck:
    """One thing looked at: ``ok``, ``warn`` (works, with a risk) or ``bad`` (stops set-up)."""

    key: str
    state: Literal["ok", "warn", "bad"]
    title: str
    fix: str = ""
    command: str = ""


def server_checks() -> list[ServerCheck]:
    """Look at Python, database, folders, clock and address; changes nothing."""
    return [*_python(), _database(), *_folders(), _clock(), _address()]


def _python() -> Iterator[ServerCheck]:
    title = _("Python %(version)s", version=".".join(map(str, sys.version_info[:3])))
    if hasattr(email.policy.default, "verify_generated_headers"):
        yield ServerCheck(key="python", state="ok", title=title)
        return
    yield ServerCheck(
        key="python",
        state="warn",
        title=title,
        fix=_(
            "Its mail library lacks a fix (CVE-2024-6923). The desk checks every mail itself, so "
            "nothing unsafe is sent; take a newer 3.11, 3.12 or 3.13 at the next chance."
        ),
    )


def _database() -> ServerCheck:
    name = "SQLite" if config().is_sqlite else "PostgreSQL"
    title = _("Database: %(name)s", name=name)
    try:
        is_well = is_reachable()
    except SQLAlchemyError:
        is_well = False
    if is_well:
        return ServerCheck(key="database", state="ok", title=title)
    fix = _("It does not answer. Look at database_url in the configuration.")
    return ServerCheck(key="database", state="bad", title=title, fix=fix)


def _folders() -> Iterator[ServerCheck]:
    title = _("Folder for mail and files")
    for folder in (config().instance, config().files):
        if not os.access(folder, os.W_OK | os.X_OK):
            yield ServerCheck(
                key="folders",
                state="bad",
                title=title,
                fix=_("The desk may not write there. Run this on the server:"),
                command=f"chown -R $(id -un) {folder}",
            )
            return
    yield _space(config().files, title)


def _space(folder: Path, title: str) -> ServerCheck:
    free = shutil.disk_usage(folder).free
    if free >= LITTLE_SPACE:
        return ServerCheck(key="folders", state="ok", title=title)
    fix = _("Less than 1 GB is free on this disk; mail with files will fill it soon.")
    return ServerCheck(key="folders", state="warn", title=title, fix=fix)


def _clock() -> ServerCheck:
    title = _("Clock")
    if clock.now() >= RELEASED:
        return ServerCheck(key="clock", state="ok", title=title)
    return ServerCheck(
        key="clock",
        state="bad",
        title=title,
        fix=_("The server's clock is wrong, so times of mails would be. Set it with:"),
        command="timedatectl set-ntp true",
    )


def _address() -> ServerCheck:
    title = _("Address of the desk")
    base_url, host = config().base_url, config().host
    if base_url.startswith("https://") or (not base_url and host in {"127.0.0.1", "::1"}):
        return ServerCheck(key="address", state="ok", title=title)
    fix = _(
        "It is reached without https, so passwords cross the network readable. That is fine inside "
        "your own house; from outside, put a server with https before it and set base_url."
    )
    return ServerCheck(key="address", state="warn", title=title, fix=fix)
