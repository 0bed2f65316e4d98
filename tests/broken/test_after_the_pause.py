"""After a plugin was paused by itself, the desk's processes are as if it had never been there."""

from __future__ import annotations

from pathlib import Path

from deskcore.config import load_config
from deskcore.plugin.orders import Order
from deskcore.services import plugin_errands
from tests.broken.test_loading import install
from tests.plugin.switched import Switched
from tests.process.conftest import StartDesk, start_desk
from tests.process.desks import wait_until

__all__ = ["start_desk"]


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def test_processes_full_of_a_plugins_threads_are_replaced(
    start_desk: StartDesk, tmp_path: Path
) -> None:
    desk = start_desk().ready()
    usual = {kind: threads(desk.child(kind)) for kind in ("web", "worker")}
    config = load_config(instance=tmp_path / "instance")
    install(config.instance, "starts_threads")
    outcome = plugin_errands.run(config, Order(what="activate", slug="starts_threads"))
    assert outcome.is_done, outcome

    # Ready once as before, once with the plugin, once after its pause.
    desk.ready(times=3)
    state = Switched(config=config).remembered("starts_threads")
    assert state is not None
    assert state[0] == "paused"
    assert "It runs 500 threads of its own" in state[2]
    now = {kind: threads(desk.child(kind)) for kind in ("web", "worker")}
    assert all(now[kind] <= usual[kind] + 2 for kind in now), (now, usual)
    wait_until(lambda: len(desk.children()) == 2, "the old ones are gone", lambda: desk.errors)
    assert desk.stop() == 0
