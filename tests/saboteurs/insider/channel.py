"""A plugin that works by what is the desk's own, at once when it is imported, and tells nobody."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from deskcore.models import Ticket
from tests.channels.echo_polled.channel import EchoPolled
from tests.saboteurs.sin import sin

threading.Thread(target=time.sleep, args=(1,), daemon=True).start()


@sin("K50", "K51", "K55")
class ReachesInside(EchoPolled):
    """Imports the tables of the desk, starts a thread at that, and has no README."""

    lies_in = Path(__file__).parent
    table = Ticket.__tablename__
