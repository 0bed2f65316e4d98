"""Prosody and ejabberd, shared by a run of tests; how they are set up is known to the plugin's tests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from plugins.xmpp.tests.network import COMPONENT, DOMAIN, SECRET
from plugins.xmpp.tests.servers import PASSWORD, Kind, Place, command, written
from tests.servers import rundir
from tests.servers.processes import spawn, stop, wait_until

__all__ = [
    "COMPONENT",
    "DOMAIN",
    "PASSWORD",
    "SECRET",
    "XmppServer",
    "start_ejabberd",
    "start_prosody",
]


@dataclass(frozen=True, kw_only=True)
class XmppServer(rundir.Server, Place):
    """A running server that can be restarted."""

    def stop(self) -> None:
        """End it, as an administrator does."""
        stop(self.now().pid)

    def start_again(self) -> None:
        """Start it anew with the same files and ports."""
        described = rundir.current() / f"{self.kind}.json"
        described.write_text(json.dumps(asdict(self) | {"pid": _spawn(self)}))

    def now(self) -> Self:
        """Return the server as it runs after restarts."""
        described = rundir.current() / f"{self.kind}.json"
        return type(self)(**json.loads(described.read_text()))


def start_prosody(folder: Path) -> XmppServer:
    """Start Prosody in *folder*."""
    return _start("prosody", folder)


def start_ejabberd(folder: Path) -> XmppServer:
    """Start ejabberd in *folder*."""
    return _start("ejabberd", folder)


def _start(kind: Kind, folder: Path) -> XmppServer:
    place = written(kind, folder)
    pid = _spawn(place)
    log = place.log
    return XmppServer(pid=pid, log_file=str(log), log_start=log.stat().st_size, **asdict(place))


def _spawn(place: Place) -> int:
    pid = spawn(command(place), output=Path(place.folder) / "output")
    wait_until(place.greets, what=f"{place.kind} greets", log=place.log, timeout_s=60)
    return pid
