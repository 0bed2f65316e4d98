"""Making a channel of one account's row: settings, decrypted secrets, the network it may use."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from deskcore.config import desk_id
from deskcore.domain.kinds import IdentityKind
from deskcore.domain.messages import Inbound
from deskcore.domain.people import canonical_email
from deskcore.errors import NotFound
from deskcore.extensions import config
from deskcore.i18n import N_
from deskcore.models import ChannelAccount, Mailbox
from deskcore.plugin import stored
from deskcore.plugin.active import parsers, plugins
from deskcore.plugin.channel import (
    AccountView,
    Channel,
    Listening,
    Polled,
    Pushed,
    RawItem,
    TryLater,
)
from deskcore.plugin.guarded import GuardedChannel
from deskcore.plugin.settings import PluginSettings
from deskcore.services import secrets
from deskcore.services.jobs import RunAgain
from deskcore.services.prepared import light
from deskcore.services.unit import reading

_ADDRESSES = select(ChannelAccount.address)
_HELD_ELSEWHERE = timedelta(seconds=1)


def build(account: ChannelAccount) -> GuardedChannel:
    """Make the channel of an account as it is configured now.

    Raises NotFound when its plugin is not active, ConfigError when its secrets cannot be
    decrypted, PluginFailed when the channel cannot be made.
    """
    return open_with(account, _settings(account, with_secrets=True))


def for_sending(account: ChannelAccount) -> GuardedChannel:
    """Make the channel by which answers leave, or return the one that holds its connection.

    Raises what ``build`` does; RunAgain when the connection seems to stand in another process, or
    will in a moment; TryLater while there is none.
    """
    kind = plugins().channel_kind(account.channel).item
    if not (issubclass(kind, Listening) and kind.sends_over_it):
        return build(account)
    standing = plugins().held.get(account.id)
    if standing is not None:
        return standing
    if account.lease_until is not None and not account.failures:
        raise RunAgain(after=_HELD_ELSEWHERE)
    raise TryLater(N_("The connection is broken; this leaves as soon as it stands again."))


def is_held(account_id: int, channel: GuardedChannel) -> bool:
    """Whether answers leave by this connection already."""
    return plugins().held.get(account_id) is channel


@contextmanager
def held(account_id: int, channel: GuardedChannel) -> Iterator[None]:
    """Have answers leave by a connection that stands, while the block runs."""
    by_account = plugins().held
    by_account[account_id] = channel
    try:
        yield
    finally:
        if by_account.get(account_id) is channel:
            del by_account[account_id]


def build_by_id(account_id: int) -> GuardedChannel:
    """Make the channel of the account with this id; raises NotFound when there is none."""
    with reading() as session:
        account = session.get(ChannelAccount, account_id)
    if account is None:
        raise NotFound("This channel account does not exist any more.")
    return build(account)


def open_with(account: ChannelAccount, settings: PluginSettings) -> GuardedChannel:
    """Make the channel of an account with settings that may not be stored yet (a test)."""
    return plugins().open_channel(account.channel, view_of(account, settings))


def parse(account: ChannelAccount, raw: RawItem) -> list[Inbound]:
    """Say what one stored item of an account means; a worker has this done by a process apart.

    Raises what that process raises: PluginFailed, or Unreadable when it died of the item.
    """
    view = view_of(account)
    apart = parsers()
    if apart is None:
        return plugins().open_channel(account.channel, view).parse(raw)
    return apart.parse(account.channel, view, raw)


def view_of(
    account: ChannelAccount,
    settings: PluginSettings | None = None,
    own: frozenset[str] = frozenset(),
) -> AccountView:
    """Describe an account to its channel; without *settings* by those stored, with no secrets.

    Who describes many hands in the desk's *own* addresses, which are asked for without any.
    """
    if settings is None:
        settings = _settings(account, with_secrets=False)
    base = config().base_url.rstrip("/")
    path = hook_path(account, plugins().channel_kind(account.channel).item)
    if not own:
        with reading() as session:
            own = own_addresses(session)
    return AccountView(
        id=account.id or 0,
        name=account.name,
        address=account.address,
        settings=settings,
        own_addresses=own | {canonical_email(account.address)},
        connected_at=account.connected_at,
        desk_id=desk_id(config()),
        webhook=f"{base}{path}" if base and path else "",
    )


def is_served(channel: str) -> bool:
    """Whether somebody has to ask or to listen for news of this channel's accounts.

    False when the news come by themselves, or its plugin is away.
    """
    kind = plugins().registry.channels.get(channel)
    return kind is not None and issubclass(kind.item, (Polled, Listening))


def known_by(account: ChannelAccount) -> tuple[IdentityKind, str]:
    """Return by what an account's network knows people, and within what: "" is everywhere.

    Tickets are answered while a plugin is away, and the answers wait for it.
    """
    kind = plugins().registry.channels.get(account.channel)
    away = IdentityKind.EMAIL if account.channel == IdentityKind.EMAIL else IdentityKind.HANDLE
    people = IdentityKind(kind.item.people) if kind else away
    return people, str(account.id) if people == IdentityKind.HANDLE else ""


def is_mail(account: ChannelAccount) -> bool:
    """Whether who is written to can be anybody with a mail address."""
    return known_by(account)[0] == IdentityKind.EMAIL


def hook_path(account: ChannelAccount, kind: type[Channel]) -> str:
    """Return where the network of an account pushes to, "" when it does not."""
    if not issubclass(kind, Pushed):
        return ""
    own = f"/{account.hook_key or ''}" if kind.scope == "account" else ""
    return f"/in/{account.channel}{own}"


def own_key(account: ChannelAccount, key: str) -> str:
    """Return the form of a network's id that is unique in the desk; those of mail are already."""
    return key if not key or is_mail(account) else f"{account.id} {key}"


def is_sample(session: Session, account: ChannelAccount) -> bool:
    """Whether the account belongs to sample data: nothing of it is ever fetched or sent."""
    mailbox = session.get(Mailbox, account.mailbox_id)
    return mailbox is not None and mailbox.is_sample


def own_addresses(session: Session) -> frozenset[str]:
    """Return every address of the desk in canonical form."""
    rows = light(session, _ADDRESSES)
    return frozenset(canonical_email(row.address) for row in rows if row.address)


def _settings(account: ChannelAccount, *, with_secrets: bool) -> PluginSettings:
    kind = plugins().channel_kind(account.channel)
    values = dict(account.settings)
    if with_secrets:
        values.update(secrets.decrypt(account.secrets))
    return stored.load(kind.item.settings, values)
