"""``desk run``, ``desk web`` and ``desk worker``: the desk at work, until it is told to stop."""

from __future__ import annotations

from collections.abc import Sequence

import click

from deskcore.cli.setting_up import configured
from deskcore.serve import Kind, Supervisor


@click.command()
def run() -> None:
    """Start the desk: pages and background work together."""
    _serve(("web", "worker"))


@click.command()
def web() -> None:
    """Start only what serves pages; mail waits for a worker elsewhere."""
    _serve(("web",))


@click.command()
def worker() -> None:
    """Start only the background work: fetching, filing, sending."""
    _serve(("worker",))


def _serve(kinds: Sequence[Kind]) -> None:
    code = Supervisor(configured(), kinds).run()
    raise SystemExit(code)
