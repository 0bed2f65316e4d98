"""What came of loading: who is in, who is not and why, and what they brought."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from deskcore.clock import now
from deskcore.domain.kinds import PluginState
from deskcore.errors import NotFound
from deskcore.plugin.channel import AccountView, Channel, WebhookRequest
from deskcore.plugin.choice import Choice
from deskcore.plugin.culprits import Culprits
from deskcore.plugin.discovery import Found, Source
from deskcore.plugin.guard import Guard
from deskcore.plugin.guarded import GuardedChannel, route
from deskcore.plugin.hooks import Hooks
from deskcore.plugin.manifest import ANYWHERE, FROM_SETTING, Manifest
from deskcore.plugin.net import ANY_PORT, WEB_PORTS, Net
from deskcore.plugin.parts import Owned
from deskcore.plugin.recovery import Quarantine
from deskcore.plugin.registry import Registry
from deskcore.plugin.settings import PluginSettings


@dataclass(frozen=True, kw_only=True)
class PluginStatus:
    """One plugin in the list: where it is in its life, why, and for admins the traceback."""

    slug: str
    name: str
    state: PluginState
    source: Source | None = None
    version: str = ""
    summary: str = ""
    reason: str = ""
    details: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Loaded:
    """The plugins of one app. ``manifests`` holds those of the active ones.

    ``held`` are the connections that stand in this process and that answers leave by, by account.
    """

    hooks: Hooks
    registry: Registry
    guard: Guard
    boot: Path
    statuses: tuple[PluginStatus, ...]
    manifests: dict[str, Manifest]
    culprits: Culprits
    is_safe_mode: bool = False
    allow_private: bool = False
    choice: Choice
    loaded_at: datetime = field(default_factory=now)
    held: dict[int, GuardedChannel] = field(default_factory=dict)

    def statuses_now(self) -> list[PluginStatus]:
        """Return the statuses as they are by now, one per plugin there is.

        A plugin that was active when this process started may have been paused in it since, or
        may have ended another process of the desk.
        """
        quarantine = Quarantine(self.boot)
        return [self._since(status, quarantine) for status in self.statuses]

    def channel_kind(self, slug: str) -> Owned[type[Channel]]:
        """Return a channel class with its plugin; ``NotFound`` when no active plugin has it."""
        kind = self.registry.channels.get(slug)
        if kind is None:
            raise NotFound(f"The channel {slug!r} is not available: its plugin is not active.")
        return kind

    def channel_plugins(self) -> tuple[str, ...]:
        """Return the plugins that brought channels, and those they require."""
        needed = [kind.slug for kind in self.registry.channels.all()]
        for slug in needed:  # grows meanwhile
            needed += [each for each in self.manifests[slug].requires if each not in needed]
        return tuple(needed)

    def open_channel(self, slug: str, account: AccountView) -> GuardedChannel:
        """Make the channel of one account, with the network its manifest declares."""
        kind = self.channel_kind(slug)
        net = self.net(kind.slug, account.settings)
        return GuardedChannel(kind, account, net, self.guard)

    def route(self, channel: str, request: WebhookRequest) -> str | None:
        """Ask a pushed channel which account a push to its app's address is for."""
        return route(self.channel_kind(channel), request, self.guard)

    def net(self, plugin: str, settings: PluginSettings) -> Net:
        """Make the network door of a plugin: only hosts that its manifest and settings name."""
        manifest = self.manifests[plugin]
        hosts = (
            str(getattr(settings, host.removeprefix(FROM_SETTING), ""))
            if host.startswith(FROM_SETTING)
            else host
            for host in manifest.network
        )
        public_ports = WEB_PORTS | manifest.more_ports
        return Net(
            plugin=plugin,
            allow_private=self.allow_private,
            hosts=None if ANYWHERE in manifest.network else frozenset(hosts),
            # An owner who has servers of their own has them on ports of their own.
            web_ports=ANY_PORT if self.allow_private else public_ports,
            public_ports=public_ports,
        )

    def _since(self, status: PluginStatus, quarantine: Quarantine) -> PluginStatus:
        if status.state != PluginState.ACTIVE:
            return status
        if reason := quarantine.reason(status.slug):
            return replace(status, state=PluginState.QUARANTINED, reason=reason)
        if self.guard.is_paused(status.slug):
            reason = self.guard.why_paused(status.slug)
            return replace(status, state=PluginState.PAUSED, reason=reason)
        return status


def status_of(
    found: Found, state: PluginState, reason: str = "", *, details: str = ""
) -> PluginStatus:
    """Describe a plugin that is there."""
    return PluginStatus(
        slug=found.slug,
        name=found.name,
        state=state,
        source=found.source,
        version=found.manifest.version if found.manifest else "",
        summary=found.manifest.summary if found.manifest else "",
        reason=reason,
        details=details,
    )
