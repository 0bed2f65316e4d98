"""The web process: waitress on a socket that the parent listens on."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from time import monotonic
from types import FrameType
from weakref import WeakKeyDictionary

from flask import Flask
from waitress import wasyncore
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import create_server

from deskcore import clock
from deskcore.children import RELIEVED
from deskcore.config import Config
from deskcore.logs import get_logger
from deskcore.renewal import Renewal
from deskcore.services.wake import Bell

log = get_logger(__name__)

DRAIN_S = 10.0  # when the desk stops
LEISURE_S = 60.0  # when another child serves: what an owner switches may take that long
FIRST_WORD_S = 1.0
HEADERS_S = 10.0
_SLOW_CLIENT_S = 60
_ONE_MEGABYTE = 1024 * 1024  # beyond the limit of a request, so that the page that says so is ours


class WebServer:
    """Serves the app until it is relieved or stopped, then finishes the answers that were begun."""

    def __init__(self, app: Flask, listening: socket.socket, config: Config) -> None:
        self._bell = Bell(config.instance)
        self._renewal: Renewal | None = app.extensions.get("desk_renewal")
        self._server = create_server(
            app,
            sockets=[listening],
            threads=config.web_threads,
            connection_limit=1000,
            channel_request_lookahead=1,
            channel_timeout=_SLOW_CLIENT_S,
            cleanup_interval=10,
            max_request_body_size=config.max_request_bytes + _ONE_MEGABYTE,
            asyncore_use_poll=True,
            # Whom they name is decided in the app, by how many proxies the owner says there are.
            clear_untrusted_proxy_headers=config.trusted_proxies == 0,
            ident=None,
        )
        self._is_leaving = False
        self._ends_at = 0.0
        self._begun = WeakKeyDictionary[HTTPRequestParser, float]()

    def run(self, on_ready: Callable[[], None]) -> None:
        """Serve; returns when it was told to stop and every begun answer is out."""
        signal.signal(signal.SIGTERM, self._leave)
        signal.signal(RELIEVED, self._leave)
        self._bell.ring_after_commits()
        on_ready()
        log.info("web ready", pid=os.getpid())
        while not self._is_leaving:
            self._turn()
        self._server.accepting = False
        self._part()
        if self._renewal is not None:
            self._renewal.ended()  # a request may be waiting for the successor
        while self._is_busy() and monotonic() < self._ends_at:
            self._turn(timeout_s=0.1)
            self._part()
        self._server.task_dispatcher.shutdown(timeout=1)
        log.info("web stopped")

    def _turn(self, timeout_s: float = 1.0) -> None:
        """Wait for the sockets once."""
        wasyncore.loop(timeout=timeout_s, use_poll=True, map=self._server._map, count=1)  # noqa: SLF001  waitress loops without end otherwise
        self._cut_dawdlers()

    def _cut_dawdlers(self) -> None:
        """End connections that take too long over their headers.

        Waitress ends those that are silent for a minute: a byte now and then would keep one open.
        """
        now = monotonic()
        for channel in self._server.active_channels.values():
            request = channel.request
            if (
                request is not None
                and not request.headers_finished
                and now - self._begun.setdefault(request, now) > HEADERS_S
            ):
                channel.will_close = True

    def _is_busy(self) -> bool:
        """Whether somebody waits for an answer, may have begun to ask for one, or has gone away.

        A connection that was taken from the queue and has said nothing yet is given a moment:
        its request may be under way, and nobody else will ever see it. What somebody began who
        closed the page meanwhile is done to its end.
        """
        at_work: int = self._server.task_dispatcher.active_count
        return at_work > 0 or any(map(_is_in_use, self._server.active_channels.values()))

    def _part(self) -> None:
        """Have every connection end with the answer that it waits for, and the idle ones now.

        Whoever keeps one open would go on asking a process that is no longer up to date.
        """
        for channel in list(self._server.active_channels.values()):
            for request in list(channel.requests):
                request.headers["CONNECTION"] = "close"  # as if the client had asked for it
            if not _is_in_use(channel):
                channel.will_close = True

    def _leave(self, number: int, _frame: FrameType | None) -> None:
        self._is_leaving = True
        self._ends_at = monotonic() + (LEISURE_S if number == RELIEVED else DRAIN_S)
        self._server.pull_trigger()


def _is_in_use(channel: HTTPChannel) -> bool:
    now = clock.now().timestamp()
    return bool(
        channel.requests
        or channel.request is not None
        or channel.total_outbufs_len
        or (channel.last_activity == channel.creation_time > now - FIRST_WORD_S)
    )
