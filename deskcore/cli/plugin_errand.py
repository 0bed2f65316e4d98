"""One order on one plugin, in a process of its own: ``python -m deskcore.cli.plugin_errand FD``.

The configuration and the order come as JSON on standard input, the outcome goes to descriptor FD:
whatever the plugin prints cannot be taken for it.
"""

from __future__ import annotations

import json
import os
import sys
from dataclasses import asdict

from deskcore.children import leave
from deskcore.config import Config
from deskcore.logs import set_up_logging
from deskcore.plugin.orders import Order
from deskcore.switching import carry_out


def main() -> None:
    """Carry it out, tell, and end without waiting for threads that the plugin left."""
    asked = json.load(sys.stdin)
    config = Config(**asked["config"])
    set_up_logging(config.log_format, config.log_level)
    outcome = carry_out(config, Order(**asked["order"]))
    with os.fdopen(int(sys.argv[1]), "w", encoding="utf-8") as answer:
        json.dump(asdict(outcome), answer)
    leave()


if __name__ == "__main__":
    main()
