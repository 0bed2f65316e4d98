"""The port a desk listens on: opened once by the parent, kept by all its children."""

from __future__ import annotations

import socket

from deskcore.config import Config
from deskcore.errors import Unavailable

BACKLOG = 1024


def listen(config: Config) -> socket.socket:
    """Open the desk's port; raises Unavailable with a sentence when that cannot be."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            config.host, config.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listening = socket.socket(family, kind, protocol)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(place)
        listening.listen(BACKLOG)
    except OSError as error:
        reason = error.strerror or str(error)
        raise Unavailable(
            f"The desk cannot listen on {config.host}, port {config.port}: {reason}. "
            "Is another one running? Choose another with DESK_PORT."
        ) from error
    return listening


def as_listening(config: Config, listening: socket.socket | None) -> Config:
    """Return *config* with the port that was really taken, for the links in mails."""
    if listening is None:
        return config
    return config.model_copy(update={"port": listening.getsockname()[1]})
