"""``desk run``, ``desk web`` and ``desk worker``: the desk at work, until it is told to stop."""

from __future__ import annotations

from collections.abc import Sequence

import click

from deskcore import resting
from deskcore.children import Kind
from deskcore.cli.setting_up import configured
from deskcore.logs import set_up_logging
from deskcore.serve import Supervisor


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


@click.command(hidden=True)
@click.argument("memory", type=click.IntRange(min=0))
def resume(memory: int) -> None:
    """Go on after a rest: for the desk itself, which wrote down where it was."""
    rest = resting.recall(memory)
    set_up_logging(rest.config.log_format, rest.config.log_level)
    raise SystemExit(Supervisor.of_resting(rest).go_on())


def _serve(kinds: Sequence[Kind]) -> None:
    code = Supervisor.of_new(configured(), kinds).run()
    raise SystemExit(code)
