"""Has a plugin switched by a process of its own and tells what came of it, also of its death."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, replace

from deskcore.config import Config
from deskcore.plugin.orders import Order, Outcome
from deskcore.plugin.recovery import last_words

# As long as a migration of a big table may take; a page does not wait that long.
PATIENCE_S = 900.0
_COMMAND = ("-P", "-m", "deskcore.cli.plugin_errand")


def run(config: Config, order: Order, *, patience_s: float = PATIENCE_S) -> Outcome:
    """Carry out an order; takes a second or two, and what a plugin's migration takes.

    A plugin that kills the process while it is asked to leave is not asked again.
    """
    outcome = _run(config, order, patience_s)
    died = not outcome.is_done and outcome.remark
    if not died or not order.tells_plugin or order.what not in {"deactivate", "uninstall"}:
        return outcome
    again = _run(config, replace(order, tells_plugin=False), patience_s)
    return replace(again, remark=outcome.remark)


def _run(config: Config, order: Order, patience_s: float) -> Outcome:
    reading, writing = os.pipe()
    asked = {"config": config.model_dump(mode="json"), "order": asdict(order)}
    with os.fdopen(reading, encoding="utf-8") as answer:
        with subprocess.Popen(
            [sys.executable, *_COMMAND, str(writing)],
            stdin=subprocess.PIPE,
            stdout=sys.stderr.fileno(),
            pass_fds=(writing,),
        ) as process:
            os.close(writing)
            try:
                process.communicate(json.dumps(asked).encode(), timeout=patience_s)
            except subprocess.TimeoutExpired:
                process.kill()
        told = answer.read()
    if told:
        return Outcome(**json.loads(told))
    words = last_words(config.instance / "boot", process.pid, process.returncode, order.slug)
    return Outcome(is_done=False, reason=words, remark=words)
