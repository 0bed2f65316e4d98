"""Changes what one plugin is, in a process of its own: what the plugin does there ends only that.

A plugin becomes active when a whole desk could be built with it and its tables were made; else
nothing has changed and the reason is told. Running processes notice the new set by themselves.
"""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from deskcore.config import Config
from deskcore.errors import Conflict, DeskError
from deskcore.plugin.loader import BOOT
from deskcore.plugin.orders import Order, Outcome
from deskcore.switching import activate, leave
from deskcore.switching.look import Refused, look

_STEPS = {
    "activate": activate.activate,
    "resume": activate.activate,
    "upgrade": activate.upgrade,
    "deactivate": leave.deactivate,
    "uninstall": leave.uninstall,
}


def carry_out(config: Config, order: Order) -> Outcome:
    """Carry out one order; everything that stands against it comes back as a sentence."""
    try:
        with _one_at_a_time(config):
            return _STEPS[order.what](look(config, order), order)
    except Refused as refused:
        return Outcome(is_done=False, reason=str(refused), details=refused.details)
    except DeskError as error:
        return Outcome(is_done=False, reason=str(error))


@contextmanager
def _one_at_a_time(config: Config) -> Iterator[None]:
    folder = config.instance / BOOT
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / "switching.lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Conflict(
                "Another plugin is being switched right now. Nothing was changed; try again in a "
                "moment."
            ) from None
        yield
