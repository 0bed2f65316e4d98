"""What the desk says of every broken plugin when it loads it; none keeps the desk from starting."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deskcore.domain.events import TicketOpened
from deskcore.domain.kinds import PluginState, Verdict
from deskcore.plugin.choice import of_configuration
from deskcore.plugin.guard import Guard
from deskcore.plugin.loaded import Loaded, PluginStatus
from deskcore.plugin.loader import load_plugins
from deskcore.plugin.marks import Marks
from deskcore.plugin.page_parts import LostPanel
from deskcore.plugin.recovery import explain_death, sweep
from tests.plugin.authoring import write_plugin
from tests.plugin.recording import KeptFaults
from tests.plugin.values import DRAFT, INBOUND, OUTBOUND, TICKET, USER

HERE = Path(__file__).parent
BROKEN = sorted(path.parent.name for path in HERE.glob("*/plugin.toml"))
LEFT_OUT = {
    "raises_at_import": (PluginState.QUARANTINED, "broken at import"),
    "exits_at_import": (PluginState.QUARANTINED, "SystemExit"),
    "unknown_hook": (PluginState.QUARANTINED, "Did you mean 'desk_ticket_panels'?"),
    "unknown_argument": (PluginState.QUARANTINED, "Did you mean 'ticket'?"),
    "wraps_hooks": (PluginState.QUARANTINED, "hook wrapper"),
    "half_channel": (PluginState.QUARANTINED, "does not implement"),
    "takes_email": (PluginState.QUARANTINED, "belongs to the plugin 'email'"),
    "bad_manifest": (PluginState.INVALID, "colour"),
    "too_new": (PluginState.INCOMPATIBLE, "made for desk >=99"),
    "needs_another": (PluginState.INVALID, "not_there"),
}
FAILS_LATER = {
    "raises_in_hooks",
    "exits_in_hooks",
    "wrong_type",
    "slow_hook",
    "raises_when_told",
    "poisons_session",
    "fails_on_its_pages",
    "huge_panel",
    "template_error",
    "changes_decimals",
    "changes_process",
    "floods_log",
    "leaves_open",
}
# Take something that is everybody's; each is tried alone, in test_desk_with_broken_plugins.py.
TAKES = {
    "hangs_at_push",
    "hangs_on_its_pages",
    "hangs_when_told",
    "holds_transaction",
    "starts_threads",
}
# Tried where they are switched, in test_switching.py.
SWITCHED = {"fails_at_activation", "dies_when_leaving"}
KILLS = {"dies_at_import", "hangs_at_import", "dies_in_page_hook", "dies_in_mail_hook"}

LOADS = """
import json, sys
from pathlib import Path
from deskcore.plugin.choice import of_configuration
from deskcore.plugin.guard import Guard
from deskcore.plugin.loader import load_plugins
from deskcore.plugin.marks import Marks
from tests.plugin.values import INBOUND, TICKET, USER

instance, slug = Path(sys.argv[1]), sys.argv[2]
marks = Marks(instance / "boot")
loaded = load_plugins(
    instance=instance,
    choice=of_configuration(("email", slug)),
    guard=Guard(marks=marks),
    import_timeout_s=0.5,
)
loaded.hooks.ticket_panels(TICKET, USER)
loaded.hooks.inbound_verdict(INBOUND)
print(json.dumps({status.slug: status.state for status in loaded.statuses}))
"""


def install(instance: Path, slug: str) -> None:
    shutil.copytree(HERE / slug, instance / "plugins" / slug)


def status_of(loaded: Loaded, slug: str) -> PluginStatus:
    return next(status for status in loaded.statuses if status.slug == slug)


def run(instance: Path, slug: str, kept: KeptFaults) -> Loaded:
    return load_plugins(
        instance=instance, choice=of_configuration(("email", slug)), guard=Guard(sink=kept)
    )


def test_every_broken_plugin_is_tried_here() -> None:
    assert set(BROKEN) == set(LEFT_OUT) | FAILS_LATER | TAKES | KILLS | SWITCHED


@pytest.mark.parametrize("slug", LEFT_OUT)
def test_a_plugin_that_cannot_be_loaded_is_left_out_with_its_reason(
    tmp_path: Path, slug: str
) -> None:
    install(tmp_path, slug)
    loaded = run(tmp_path, slug, KeptFaults())
    state, reason = LEFT_OUT[slug]
    assert status_of(loaded, slug).state == state
    assert reason in status_of(loaded, slug).reason
    assert status_of(loaded, "email").state == PluginState.ACTIVE


def test_a_plugin_that_python_cannot_read_is_left_out_with_its_line(tmp_path: Path) -> None:
    write_plugin(tmp_path / "plugins", "tea", "def (")
    loaded = run(tmp_path, "tea", KeptFaults())
    assert status_of(loaded, "tea").state == PluginState.QUARANTINED
    assert "SyntaxError" in status_of(loaded, "tea").reason
    assert "line 1" in status_of(loaded, "tea").details


@pytest.mark.parametrize("slug", ["exits_in_hooks", "raises_in_hooks", "wrong_type"])
def test_a_plugin_that_fails_in_its_hooks_costs_only_its_own_part(
    tmp_path: Path, slug: str
) -> None:
    install(tmp_path, slug)
    write_plugin(tmp_path / "plugins", "tea", "")
    kept = KeptFaults()
    hooks = run(tmp_path, slug, kept).hooks
    assert {type(owned.item) for owned in hooks.ticket_panels(TICKET, USER)} == {LostPanel}
    assert hooks.inbound_verdict(INBOUND).verdict == Verdict.ACCEPT
    assert hooks.inbound_prepare(INBOUND) == INBOUND
    assert hooks.reply_check(DRAFT, TICKET, USER) == []
    assert hooks.outbound_prepare(OUTBOUND, TICKET) == OUTBOUND
    assert {fault.slug for fault in kept.faults} == {slug}
    assert len(kept.faults) >= 2


def test_a_plugin_that_is_slow_three_times_is_paused(tmp_path: Path) -> None:
    install(tmp_path, "slow_hook")
    kept = KeptFaults()
    hooks = run(tmp_path, "slow_hook", kept).hooks
    assert [len(hooks.ticket_panels(TICKET, USER)) for _ in range(4)] == [1, 1, 1, 0]
    assert [slug for slug, _, _ in kept.pauses] == ["slow_hook"]


def test_a_handler_of_events_that_raises_is_found_with_its_owner(tmp_path: Path) -> None:
    install(tmp_path, "raises_when_told")
    loaded = run(tmp_path, "raises_when_told", KeptFaults())
    (owned,) = loaded.registry.subscriptions.all()
    assert owned.slug == "raises_when_told"
    with pytest.raises(RuntimeError, match="broken handler"):
        owned.item.handle(TicketOpened(ticket_id=1))


def start(instance: Path, slug: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", LOADS, str(instance), slug], stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize("slug", sorted(KILLS))
def test_a_plugin_that_ends_the_process_is_named_and_left_out_of_the_next_one(
    tmp_path: Path, slug: str
) -> None:
    install(tmp_path, slug)
    first = start(tmp_path, slug)
    first.communicate(timeout=60)
    assert first.returncode != 0
    explain_death(tmp_path / "boot", first.pid, first.returncode << 8)

    second = start(tmp_path, slug)
    said, _ = second.communicate(timeout=60)
    assert second.returncode == 0
    assert json.loads(said)[slug] == PluginState.QUARANTINED
    assert json.loads(said)["email"] == PluginState.ACTIVE
    reason = status_of(run(tmp_path, slug, KeptFaults()), slug).reason
    assert "import" in reason or "desk_" in reason


@pytest.mark.parametrize("slug", ["dies_at_import", "hangs_at_import"])
def test_an_import_that_ends_the_process_is_found_out_without_a_parent(
    tmp_path: Path, slug: str
) -> None:
    install(tmp_path, slug)
    for _ in range(2):
        start(tmp_path, slug).communicate(timeout=60)
        sweep(tmp_path / "boot")
    assert status_of(run(tmp_path, slug, KeptFaults()), slug).state == PluginState.QUARANTINED


def test_a_healthy_process_leaves_nothing_behind(tmp_path: Path) -> None:
    write_plugin(
        tmp_path / "plugins",
        "tea",
        """
        from deskcore.api import Verdict
        from deskcore.plugin import Judgement, hookimpl

        @hookimpl
        def desk_inbound_verdict():
            return Judgement(verdict=Verdict.HOLD)
        """,
    )
    marks = Marks(tmp_path / "boot")
    loaded = load_plugins(
        instance=tmp_path, choice=of_configuration(("tea",)), guard=Guard(marks=marks)
    )
    assert loaded.hooks.inbound_verdict(INBOUND).verdict == Verdict.HOLD
    marks.close()
    assert sweep(tmp_path / "boot") == []
    assert not (tmp_path / "boot" / "quarantine.json").exists()
