"""``desk trace``: watch each call of a plugin's code in a desk that runs."""

from __future__ import annotations

import fcntl
import json
import os
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic, sleep
from typing import BinaryIO

import click

from deskcore.cli.setting_up import configured
from deskcore.errors import NotFound
from deskcore.plugin.discovery import discover
from deskcore.plugin.loader import DROPPED
from deskcore.plugin.tracing import FOLDER, SUFFIX, Call

_LOOK_S = 0.1


@click.command()
@click.option("--plugin", "slug", required=True, help="The short name of the plugin.")
@click.option("--seconds", type=float, help="Stop by itself after so long.")
def trace(slug: str, seconds: float | None) -> None:
    """Print each hook and channel call of a plugin, with its time and outcome, until Ctrl-C.

    Processes of this machine begin to tell within a second, each when it next calls a plugin.
    """
    config = configured()
    if slug not in {found.slug for found in discover(config.instance / DROPPED)}:
        raise NotFound(f"There is no plugin {slug} here; 'desk plugins list' names them.")
    calls: dict[str, list[float]] = defaultdict(list)
    click.echo(f"Watching {slug}. Ctrl-C ends it.", err=True)
    with _asking(config.instance / FOLDER, slug) as file, suppress(KeyboardInterrupt):
        for call in _told(file, seconds):
            calls[call.place].append(call.ms)
            click.echo(
                f"{call.at[11:23]} {call.process:<24} {call.place:<28} {call.ms:>9.2f} ms  "
                f"{call.outcome}"
            )
    _sum_up(calls)


@contextmanager
def _asking(folder: Path, slug: str) -> Iterator[BinaryIO]:
    """Have a file that processes write to, locked while it is read; gone afterwards."""
    folder.mkdir(mode=0o700, exist_ok=True)
    begun = folder / f"{slug}.{os.getpid()}"
    path = begun.with_name(begun.name + SUFFIX)
    try:
        with begun.open("w+b") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            begun.rename(path)
            yield file
    finally:
        path.unlink(missing_ok=True)


def _told(file: BinaryIO, seconds: float | None) -> Iterator[Call]:
    ends = None if seconds is None else monotonic() + seconds
    while ends is None or monotonic() < ends:
        line = file.readline()
        if line.endswith(b"\n"):
            yield Call(**json.loads(line))
        else:
            file.seek(-len(line), os.SEEK_CUR)
            sleep(_LOOK_S)


def _sum_up(calls: dict[str, list[float]]) -> None:
    if not calls:
        click.echo("It was not called.", err=True)
    for place, times in sorted(calls.items(), key=lambda item: -sum(item[1])):
        mean, longest = sum(times) / len(times), max(times)
        click.echo(
            f"{place}: {len(times)} calls, {mean:.2f} ms each, {longest:.2f} ms the longest",
            err=True,
        )
