"""What the echo channels say about themselves; the saboteurs say the same."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.channels.echo_listening.channel import EchoListening
from tests.channels.echo_polled.channel import EchoPolled
from tests.channels.echo_pushed.channel import EchoPushed
from tests.channels.simulator import SECRET, TOKEN, EchoNetwork, batch, signed

HERE = Path(__file__).resolve().parent


def said_of(kind: type) -> dict[str, Any]:
    """Return what an echo channel, or one made of it, tells the kit."""
    shape = next(each for each in (EchoPolled, EchoPushed, EchoListening) if issubclass(kind, each))
    values: dict[str, Any] = {
        "settings": {"host": "127.0.0.1", "port": 1, "encrypted": False, "token": TOKEN},
        "samples": HERE / shape.slug / "tests" / "samples",
        "far_side": EchoNetwork,
    }
    if shape is EchoPushed:
        values["settings"]["secret"] = SECRET
        values |= {"sign": signed, "batch": batch}
    return values
