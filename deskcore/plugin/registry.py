"""What the active plugins brought: every entry has one name and one owner."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from flask import Blueprint

from deskcore.errors import DeskError
from deskcore.plugin.channel import Channel
from deskcore.plugin.parts import Owned, Subscription
from deskcore.plugin.settings import PluginSettings

T = TypeVar("T")


class Clash(DeskError):
    """Two plugins want one name; the text names both."""


class Entries(Generic[T]):
    """Entries of one sort by name, in the order they were registered."""

    def __init__(self, sort: str) -> None:
        self._sort = sort
        self._entries: dict[str, Owned[T]] = {}

    def check(self, slug: str, names: Iterable[str]) -> None:
        """Raise ``Clash`` when a name is taken, or given twice by *slug*."""
        seen: set[str] = set()
        for name in names:
            holder = self._entries.get(name)
            if holder is not None or name in seen:
                owner = holder.slug if holder else slug
                raise Clash(
                    f"The {self._sort} {name!r} of the plugin {slug!r} exists already: "
                    f"it belongs to the plugin {owner!r}."
                )
            seen.add(name)

    def add(self, slug: str, name: str, item: T) -> None:
        """Enter an item; ``check`` comes first."""
        self._entries[name] = Owned(slug=slug, item=item)

    def get(self, name: str) -> Owned[T] | None:
        """Return the entry of that name."""
        return self._entries.get(name)

    def all(self) -> list[Owned[T]]:
        """Return every entry."""
        return list(self._entries.values())


class Registry:
    """Channels by slug, subscriptions and blueprints by name, settings by their plugin's slug."""

    def __init__(self) -> None:
        self.channels: Entries[type[Channel]] = Entries("channel")
        self.subscriptions: Entries[Subscription] = Entries("subscription")
        self.blueprints: Entries[Blueprint] = Entries("blueprint")
        self.settings: dict[str, type[PluginSettings]] = {}

    def enter(
        self,
        slug: str,
        channels: list[type[Channel]],
        subscriptions: list[Subscription],
        blueprints: list[Blueprint],
    ) -> None:
        """Enter everything a plugin brings, or nothing: raises ``Clash``."""
        self.channels.check(slug, (channel.slug for channel in channels))
        self.subscriptions.check(slug, (subscription.name for subscription in subscriptions))
        self.blueprints.check(slug, (blueprint.name for blueprint in blueprints))
        for channel in channels:
            self.channels.add(slug, channel.slug, channel)
        for subscription in subscriptions:
            self.subscriptions.add(slug, subscription.name, subscription)
        for blueprint in blueprints:
            self.blueprints.add(slug, blueprint.name, blueprint)
