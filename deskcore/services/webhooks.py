"""The door for platforms that tell the desk of news: proved, stored, answered, filed later.

The order loses nothing: a push is believed first, stored next, and answered last. Whatever goes
wrong in between is answered so that the platform sends it again; twice is harmless.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from datetime import timedelta
from threading import Lock
from time import monotonic

from sqlalchemy import ColumnElement, select, update

from deskcore.domain.kinds import AccountState
from deskcore.domain.people import canonical_email
from deskcore.errors import DeskError, NotFound
from deskcore.models import ChannelAccount, Mailbox
from deskcore.plugin.active import plugins
from deskcore.plugin.channel import Answer, Pushed, Rejected, WebhookRequest
from deskcore.services import channels, inbound
from deskcore.services.throttle import network_of
from deskcore.services.unit import reading, unit_of_work

FREE_REFUSALS = 30
WINDOW = timedelta(minutes=1)
MOST_NETWORKS = 1000
MOST_ACCOUNTS = 50  # of one app, asked in turn about a push that names none


class NotAuthentic(DeskError):
    """A push that nobody we know has signed; nothing of it is stored."""

    def __init__(self, account_id: int) -> None:
        super().__init__("This push is not authentic.")
        self.account_id = account_id


class Refusals:
    """How often each network was refused lately, as far as one process knows.

    Who is refused too often is not even counted any more: nobody can keep the database busy.
    """

    def __init__(self, free: int = FREE_REFUSALS) -> None:
        self._free = free
        self._lock = Lock()
        self._times: dict[str, deque[float]] = {}

    def is_over(self, address: str) -> bool:
        """Count one refusal; True when there were too many from there in the last minute."""
        network, now = network_of(address), monotonic()
        with self._lock:
            if network not in self._times and len(self._times) >= MOST_NETWORKS:
                self._times.pop(next(iter(self._times)))
            times = self._times.setdefault(network, deque(maxlen=self._free))
            is_full = len(times) == self._free
            if is_full and now - times[0] < WINDOW.total_seconds():
                return True
            times.append(now)
            return False


def take_in(channel: str, key: str, request: WebhookRequest) -> Answer:
    """Take a push to an account's own address; returns what the platform wants to hear.

    Raises NotFound when nobody listens there, NotAuthentic, and PluginFailed, Unavailable or a
    ChannelFailure when the platform has to send it again.
    """
    _pushed(channel)
    for account in _accounts(channel, ChannelAccount.hook_key == key):
        return _take_in(account, request)
    raise NotFound("")


def take_in_for_app(channel: str, request: WebhookRequest) -> Answer:
    """Take a push to the address that all accounts of one app share; raises as ``take_in`` does.

    Its channel says whose it is. What is nobody's in particular ("") is for the first account that
    believes it: a platform that tries the address before it knows any account.
    """
    if _pushed(channel).scope != "app":
        raise NotFound("")
    named = plugins().route(channel, request)
    if named is None:
        raise NotFound("")
    is_it = ChannelAccount.address == canonical_email(named)
    refused: NotAuthentic | None = None
    for account in _accounts(channel, *([is_it] if named else [])):
        try:
            return _take_in(account, request)
        except NotAuthentic as error:
            refused = refused or error
    raise refused or NotFound("")


def note_refusal(account_id: int) -> None:
    """Count a push that was not authentic, for the page of its account."""
    with unit_of_work() as unit:
        unit.session.execute(
            update(ChannelAccount)
            .where(ChannelAccount.id == account_id)
            .values(refused_count=ChannelAccount.refused_count + 1, refused_at=unit.now)
        )


def _take_in(account: ChannelAccount, request: WebhookRequest) -> Answer:
    opened = channels.build(account)
    try:
        opened.verify(request)
    except Rejected as error:
        raise NotAuthentic(account.id) from error
    push = opened.unpack(request)
    if push.items:
        inbound.store(account.id, push.items)
    return push.answer


def _pushed(channel: str) -> type[Pushed]:
    kind = plugins().channel_kind(channel).item
    if not issubclass(kind, Pushed):
        raise NotFound("")
    return kind


def _accounts(channel: str, *conditions: ColumnElement[bool]) -> Sequence[ChannelAccount]:
    """Return the accounts that take pushes: who cannot sign in now may still be written to."""
    statement = (
        select(ChannelAccount)
        .join(Mailbox, Mailbox.id == ChannelAccount.mailbox_id)
        .where(
            ChannelAccount.channel == channel,
            ChannelAccount.state != AccountState.OFF,
            Mailbox.is_sample.is_(False),
            Mailbox.archived_at.is_(None),
            *conditions,
        )
        .order_by(ChannelAccount.id)
        .limit(MOST_ACCOUNTS)
    )
    with reading() as session:
        return session.scalars(statement).all()
