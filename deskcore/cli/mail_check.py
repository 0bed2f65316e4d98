"""Signing in to every mailbox, both ways, in a process of its own: plugins are loaded there.

``python -m deskcore.cli.mail_check`` prints one line of JSON for each thing it looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict

from sqlalchemy import select

from deskcore.app import create_app
from deskcore.cli.setting_up import configured
from deskcore.domain.kinds import AccountState
from deskcore.errors import DeskError
from deskcore.models import ChannelAccount, Mailbox
from deskcore.plugin.channel import ChannelFailure, HealthCheck
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.net import network_allowed
from deskcore.services import channels
from deskcore.services.unit import reading

PATIENCE_S = 120.0


def mail_checks() -> Iterator[HealthCheck]:
    """Look at the mailboxes; whatever a plugin does there, it ends neither us nor the doctor."""
    command = [sys.executable, "-m", "deskcore.cli.mail_check"]
    try:
        ended = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired:
        yield _unfinished(f"No answer in {PATIENCE_S:g} seconds.")
        return
    for line in ended.stdout.splitlines():
        yield HealthCheck(**json.loads(line))
    if ended.returncode:
        yield _unfinished(f"The look at the mailboxes ended early, with {ended.returncode}.")


def _unfinished(message: str) -> HealthCheck:
    cure = "If a plugin does that, leave it out: plugins in the configuration, or SAFE_MODE."
    return HealthCheck(name="mailboxes", ok=False, message=message, cure=cure)


def _print_checks() -> None:
    with create_app(configured()).app_context(), network_allowed():
        for account in _accounts():
            for check in _check(account):
                sys.stdout.write(json.dumps(asdict(check)) + "\n")
                sys.stdout.flush()


def _accounts() -> list[ChannelAccount]:
    statement = (
        select(ChannelAccount)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(ChannelAccount.state != AccountState.OFF, Mailbox.is_sample.is_(False))
        .order_by(ChannelAccount.id)
    )
    with reading() as session:
        return list(session.scalars(statement))


def _check(account: ChannelAccount) -> Iterator[HealthCheck]:
    try:
        found = channels.build(account).check()
    except (ChannelFailure, DeskError, PluginFailed) as failure:
        yield HealthCheck(name=account.address, ok=False, message=str(failure))
        return
    for check in found:
        name = f"{account.address}: {check.name}"
        yield HealthCheck(name=name, ok=check.ok, message=check.message, cure=check.cure)


if __name__ == "__main__":
    _print_checks()
