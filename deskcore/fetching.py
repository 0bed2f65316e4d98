"""Bringing messages in: a thread for each account that is asked or listened to, none waits.

A fetcher whose account was changed is retired: a new one with a higher fencing number takes over
at once, and the old one, which may still wait at its server, cannot write any more. The same
happens to a held connection that has been silent for longer than its channel says it may be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from threading import Event, Thread
from time import monotonic

from flask import Flask
from sqlalchemy.exc import OperationalError, SQLAlchemyError

from deskcore.errors import Conflict, DeskError, Unavailable
from deskcore.failpoints import failpoint
from deskcore.i18n import N_
from deskcore.logs import get_logger, log_context
from deskcore.plugin.channel import (
    Alive,
    Blocked,
    ChannelFailure,
    RawItem,
    Refused,
    SignInFailed,
    TryLater,
)
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guarded import GuardedChannel
from deskcore.plugin.net import network_allowed
from deskcore.services import channel_accounts, channels, inbound, outgoing
from deskcore.services.channel_accounts import Wanted

log = get_logger(__name__)

BATCH_ITEMS = 50
BATCH_BYTES = 16 * 1024 * 1024  # what one batch may hold in memory
_UNWRITTEN = 2
_TELL_ALIVE_S = 30.0  # how often a connection that stands is written down
_SHORT_S = 60.0  # what ends sooner has not got better
_BACK_OFF_S = (2.0, 5.0, 15.0, 60.0, 300.0, 900.0)


@dataclass(kw_only=True)
class Fetcher:
    """The serving of one account in one state of its settings, under one fencing number."""

    account: Wanted
    fence: int
    owner: str
    poll_s: float
    stop: Event = field(default_factory=Event)
    unacknowledged: str = ""
    thread: Thread | None = None
    connection: GuardedChannel | None = None
    heard_at: float = 0.0
    told_at: float = 0.0
    is_shaky: bool = False

    def start(self, app: Flask) -> None:
        """Begin in a thread of its own, which does not keep the process alive."""
        self.thread = Thread(
            target=self._run, args=(app,), name=f"fetcher-{self.account.id}", daemon=True
        )
        self.thread.start()

    @property
    def is_alive(self) -> bool:
        """Whether the thread is at work."""
        return self.thread is not None and self.thread.is_alive()

    @property
    def is_silent(self) -> bool:
        """Whether a held connection has said nothing for too long: it may have died unnoticed."""
        held = self.connection
        return held is not None and monotonic() - self.heard_at > held.silence_s

    def tell_silence(self) -> None:
        """Write down that the connection says nothing any more."""
        words = N_("Nothing was heard from the network for too long; the desk connects anew.")
        channel_accounts.note_failure(self.account.id, self.fence, words)
        log.warning("a held connection was silent for too long", account=self.account.id)

    def hang_up(self, app: Flask) -> None:
        """Stop, and end a held connection from outside; waits for nothing."""
        self.stop.set()
        if (held := self.connection) is not None:
            Thread(target=_close, args=(app, held), name="hanging-up", daemon=True).start()

    def _run(self, app: Flask) -> None:
        with app.app_context(), network_allowed(), log_context(account=self.account.id):
            while not self.stop.is_set():
                wait_s = self._serve()
                self.stop.wait(wait_s)

    def _serve(self) -> float:
        """Serve until something goes wrong; return how long to leave the account alone then."""
        try:
            channel = channels.build_by_id(self.account.id)
            try:
                take_in = self._hold if channel.is_listening else self._rounds
                take_in(channel)
            finally:
                self.connection = None
                channel.close()
        except SignInFailed as error:
            channel_accounts.pause(self.account.id, str(error), fence=self.fence)
            log.warning("channel account paused: sign-in failed")
            self.stop.set()
        except Conflict:
            log.info("another fetcher has taken over")
            self.stop.set()
        except (ChannelFailure, DeskError, PluginFailed) as error:
            return self._failed(error, str(error))
        except OperationalError as error:
            return self._failed(error, N_("The database takes no mail; it waits at its server."))
        except Exception as error:
            # The fence of the way in: one account's failure never stops another's.
            return self._failed(error, "The mailbox could not be read: an error of the desk.")
        return 0.0

    def _failed(self, error: Exception, words: str) -> float:
        is_plain = isinstance(error, (Blocked, Unavailable, OperationalError))
        tell_at = 1 if is_plain else channel_accounts.FAILURES_BEFORE_TELLING
        try:
            count = channel_accounts.note_failure(
                self.account.id, self.fence, words, tell_at=tell_at
            )
        except SQLAlchemyError:
            count = _UNWRITTEN  # what cannot be written down is tried again soon
        wait_s = _BACK_OFF_S[min(count, len(_BACK_OFF_S)) - 1]
        if isinstance(error, TryLater) and error.after is not None:
            wait_s = max(wait_s, error.after.total_seconds())
        log.warning("fetching failed", exc_info=error, failures=count, wait_s=wait_s)
        return wait_s

    def _hold(self, channel: GuardedChannel) -> None:
        """Hold a connection and store what it says, each item before the next is listened for."""
        began = self.heard_at = monotonic()
        self.told_at = 0.0
        self.connection = channel
        try:
            with ExitStack() as standing:
                for heard in channel.listen(channel_accounts.cursor_of(self.account.id)):
                    # What was heard is kept, also while the channel lets go of its connection.
                    if self.stop.is_set() and not isinstance(heard, RawItem):
                        return
                    self._take(heard, began)
                    if channel.sends_over_it and not channels.is_held(self.account.id, channel):
                        standing.enter_context(channels.held(self.account.id, channel))
                        outgoing.hurry(self.account.id)
        finally:
            self.is_shaky = monotonic() - began < _SHORT_S
        if not self.stop.is_set():
            raise TryLater(N_("The connection ended; the desk connects anew."))

    def _take(self, heard: RawItem | Alive, began: float) -> None:
        if isinstance(heard, RawItem):
            inbound.store(self.account.id, [heard], fence=self.fence)
            self.is_shaky = False
        self.heard_at = monotonic()
        self.is_shaky = self.is_shaky and self.heard_at - began < _SHORT_S
        self._tell_alive()

    def _tell_alive(self) -> None:
        """Write down now and then that the connection stands, unless the last ones did not last."""
        if not self.is_shaky and self.heard_at - self.told_at > _TELL_ALIVE_S:
            channel_accounts.note_success(self.account.id, self.fence)
            self.told_at = self.heard_at

    def _rounds(self, channel: GuardedChannel) -> None:
        while not self.stop.is_set():
            self._fetch(channel)
            channel_accounts.note_success(self.account.id, self.fence, self.unacknowledged)
            began = monotonic()
            poll_s = self._poll_s(channel)
            if not channel.wait(poll_s):
                self.stop.wait(poll_s - (monotonic() - began))

    def _poll_s(self, channel: GuardedChannel) -> float:
        """Return how often to look: as the account says, if its channel has such a setting."""
        own = getattr(channel.account.settings, "check_every", None)
        return own.total_seconds() if isinstance(own, timedelta) else self.poll_s

    def _fetch(self, channel: GuardedChannel) -> None:
        cursor = channel_accounts.cursor_of(self.account.id)
        for batch in in_batches(channel.receive(cursor)):
            failpoint("inbound.received")
            if self.stop.is_set():
                return
            inbound.store(self.account.id, batch, fence=self.fence)
            self._acknowledge(channel, batch)
            failpoint("inbound.acknowledged")

    def _acknowledge(self, channel: GuardedChannel, batch: list[RawItem]) -> None:
        """Tell the source; one that does not want to be told is no reason to stop taking mail."""
        try:
            channel.acknowledge(batch)
            self.unacknowledged = ""
        except Refused as error:
            self.unacknowledged = str(error)


class Fetchers:
    """All fetchers of one worker, kept in step with the accounts there are."""

    def __init__(self, app: Flask, owner: str, poll_s: float) -> None:
        self._app = app
        self._owner = owner
        self._poll_s = poll_s
        self._by_account: dict[int, Fetcher] = {}
        self._retired: list[Fetcher] = []

    def look(self) -> None:
        """Start what is missing, retire what changed; takes a moment, call it every second."""
        wanted = {account.id: account for account in channel_accounts.wanted(self._owner)}
        for account_id, fetcher in list(self._by_account.items()):
            now = wanted.get(account_id)
            if fetcher.is_silent:
                fetcher.tell_silence()
                self._retire(fetcher)
            elif (
                now is None or now.generation != fetcher.account.generation or not fetcher.is_alive
            ):
                self._retire(fetcher)
        for account in wanted.values():
            if account.is_free and account.id not in self._by_account:
                self._start(account)
        self._retired = [fetcher for fetcher in self._retired if fetcher.is_alive]

    def stop(self, timeout_s: float) -> None:
        """Let every fetcher finish the batch it is at; one that waits at its server is left."""
        fetchers = [*self._by_account.values(), *self._retired]
        for fetcher in fetchers:
            fetcher.hang_up(self._app)
        deadline = monotonic() + timeout_s
        for fetcher in fetchers:
            if fetcher.thread is not None:
                fetcher.thread.join(max(0.0, deadline - monotonic()))

    def _retire(self, fetcher: Fetcher) -> None:
        fetcher.hang_up(self._app)
        channel_accounts.release_lease(fetcher.account.id, self._owner, fetcher.fence)
        del self._by_account[fetcher.account.id]
        self._retired.append(fetcher)

    def _start(self, account: Wanted) -> None:
        if not channels.is_served(account.channel):
            return
        fence = channel_accounts.claim_lease(account.id, self._owner)
        if fence is None:
            return  # another worker serves it
        fetcher = Fetcher(account=account, fence=fence, owner=self._owner, poll_s=self._poll_s)
        self._by_account[account.id] = fetcher
        fetcher.start(self._app)


def _close(app: Flask, connection: GuardedChannel) -> None:
    with app.app_context(), network_allowed(), suppress(PluginFailed, ChannelFailure):
        connection.close()


def in_batches(items: Iterable[RawItem]) -> Iterator[list[RawItem]]:
    """Group items for one commit each; what had come before a failure is given out first."""
    batch: list[RawItem] = []
    size = 0
    source = iter(items)
    while True:
        try:
            item = next(source, None)
        except (ChannelFailure, PluginFailed):
            if batch:
                yield batch
            raise
        if item is None:
            break
        batch.append(item)
        size += len(item.content)
        if len(batch) >= BATCH_ITEMS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
