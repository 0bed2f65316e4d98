"""Changes how its process is set up, at its import and at work."""

from __future__ import annotations

import io
import os
import signal
import sys
import warnings

from deskcore.api import UserRef
from deskcore.plugin import Panel, TicketRef, hookimpl

os.chdir("/")
os.umask(0o777)
sys.path.insert(0, "/nowhere")
warnings.simplefilter("ignore")
signal.signal(signal.SIGTERM, signal.SIG_IGN)


@hookimpl
def desk_ticket_panels(ticket: TicketRef, user: UserRef) -> list[Panel]:
    os.chdir("/")
    sys.stdout = io.StringIO()
    return []
