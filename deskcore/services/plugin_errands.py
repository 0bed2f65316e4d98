"""Has a plugin switched by a process of its own and tells what came of it, also of its death."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from deskcore.config import Config
from deskcore.plugin.orders import Order, Outcome
from deskcore.plugin.recovery import last_words
from deskcore.services.errands import ask

# As long as a migration of a big table may take; a page does not wait that long.
PATIENCE_S = 900.0
_MODULE = "deskcore.cli.plugin_errand"


def run(config: Config, order: Order, *, patience_s: float = PATIENCE_S) -> Outcome:
    """Carry out an order; takes a second or two, and what a plugin's migration takes.

    A plugin that kills the process while it is asked to leave is not asked again.
    """
    outcome = _run(config, order, patience_s)
    died = not outcome.is_done and outcome.remark
    if not died or not order.tells_plugin or order.what != "deactivate":
        return outcome
    again = _run(config, replace(order, tells_plugin=False), patience_s)
    return replace(again, remark=outcome.remark)


def _run(config: Config, order: Order, patience_s: float) -> Outcome:
    asked = {"config": config.model_dump(mode="json"), "order": asdict(order)}
    answer = ask(_MODULE, asked, patience_s=patience_s)
    if answer.text:
        return Outcome(**json.loads(answer.text))
    words = last_words(config.instance / "boot", answer.pid, answer.code, order.slug)
    return Outcome(is_done=False, reason=words, remark=words)
