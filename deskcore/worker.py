"""The worker process: job threads, the clock's work, and a fetcher for every account.

Everything it does is written in the database before and after; it may be killed at any moment.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from threading import Event, Thread

from flask import Flask
from huey.consumer import Consumer
from sqlalchemy.exc import SQLAlchemyError

from deskcore import signals
from deskcore.config import Config
from deskcore.errors import DeskError
from deskcore.fetching import Fetchers
from deskcore.logs import get_logger
from deskcore.plugin.net import network_allowed
from deskcore.plugin.parsers import Parsers
from deskcore.plugin.rooms import WORKER_WAIT_S
from deskcore.services import (
    awaited_files,
    backlog,
    channel_accounts,
    connection_tests,
    events,
    health,
    inbound,
    jobs,
    leases,
    link_requests,
    plugin_health,
    remote_images,
    request_links,
    retention,
    sending,
    settings_checks,
    ticks,
    upkeep,
)
from deskcore.services.leases import Holder
from deskcore.services.wake import Bell

log = get_logger(__name__)

# Modules that bring handlers: importing them is what registers their jobs.
BRING_JOBS = (
    awaited_files,
    backlog,
    connection_tests,
    events,
    health,
    inbound,
    link_requests,
    plugin_health,
    remote_images,
    request_links,
    retention,
    sending,
    settings_checks,
    upkeep,
)

LOOK_S = 1.0
RENEW_S = 15.0
DRAIN_S = 20.0


class DeskConsumer(Consumer):  # type: ignore[misc]  # huey ships no types
    """Huey's threads without its signal handlers, which belong to the process."""

    def _set_signal_handlers(self) -> None:
        return


class Worker:
    """One worker process at work."""

    def __init__(self, app: Flask, config: Config) -> None:
        self._parsers = app.extensions["desk_parsers"] = Parsers(app.extensions["desk_plugins"])
        app.extensions["desk_plugins"].guard.rooms.wait_s = WORKER_WAIT_S
        self._app = app
        self._boot = config.instance / "boot"
        self._stopping = Event()
        self._holder = Holder(self._boot)
        self._bell = Bell(config.instance, self._work)
        self._fetchers = Fetchers(app, self._holder.name, config.poll_seconds)
        self._consumer = DeskConsumer(
            self._bell.huey,
            # Two more than any plugin can be inside of: one alone would do all others' work in a row.
            workers=config.worker_threads + 2,
            periodic=False,
            initial_delay=0.05,
            max_delay=0.25,
            scheduler_interval=60,
            shutdown_timeout=DRAIN_S,
        )

    def run(self, on_ready: Callable[[], None]) -> None:
        """Work until SIGTERM; returns when what was begun is finished or the time is over."""
        heard = signals.as_bytes(signal.SIGTERM)
        self._bell.ring_after_commits()
        with self._app.app_context():
            self._calmly(self._release_dead)
        keeper = Thread(target=self._keep, name="keeper", daemon=True)
        renewer = Thread(target=self._renew, name="renewer", daemon=True)
        self._consumer.start()
        keeper.start()
        renewer.start()
        on_ready()
        log.info("worker ready", pid=os.getpid())
        signals.wait_for(signal.SIGTERM, heard)
        self._stopping.set()
        self._consumer.stop(graceful=True)
        self._fetchers.stop(timeout_s=2.0)
        with self._app.app_context():
            self._holder.close()
        log.info("worker stopped")

    def _work(self) -> None:
        """Run what is due, in a job thread; every job begun wakes the next thread."""
        with self._app.app_context(), network_allowed():
            events.dispatch()
            while not self._stopping.is_set() and jobs.run_next(
                self._holder.name, on_claimed=self._bell.ring
            ):
                events.dispatch()

    def _keep(self) -> None:
        """Look every second for what no bell told of: time that came, accounts that changed."""
        while not self._stopping.wait(LOOK_S):
            with self._app.app_context(), network_allowed():
                for look in (
                    ticks.enqueue_due,
                    self._release_dead,
                    self._fetchers.look,
                    self._parsers.look,
                    self._sweep,
                ):
                    self._calmly(look)

    def _renew(self) -> None:
        """Tell that this process lives; in a thread of its own, since a look may wait long."""
        while not self._stopping.wait(RENEW_S):
            with self._app.app_context():
                self._calmly(lambda: jobs.renew(self._holder.name))
                self._calmly(lambda: channel_accounts.renew_leases(self._holder.name))

    def _sweep(self) -> None:
        if jobs.has_due() or events.has_unplaced():
            self._bell.ring()

    def _release_dead(self) -> None:
        leases.release_dead(self._boot)

    def _calmly(self, look: Callable[[], None]) -> None:
        """Outlive a database that is away: the next look comes anyway."""
        try:
            look()
        except (SQLAlchemyError, DeskError) as error:
            log.warning("a look failed, the next one comes", exc_info=error)
