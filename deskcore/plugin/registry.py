"""What the active plugins brought: every entry has one name and one owner."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import Any, Generic, TypeVar

from flask import Blueprint

from deskcore.domain.people import Permission
from deskcore.errors import DeskError
from deskcore.plugin.brought import Brought, BroughtAsset
from deskcore.plugin.channel import Channel
from deskcore.plugin.offers import Service
from deskcore.plugin.parts import JobType, Owned, PrivacyHandler, Subscription
from deskcore.plugin.settings import PluginSettings
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.plugin.ticket_parts import Placeholder, SearchTerm, TicketField

T = TypeVar("T")


class Clash(DeskError):
    """Two plugins want one name; the text names both."""


class Entries(Generic[T]):
    """Entries of one sort by name, in the order they were registered."""

    def __init__(self, sort: str, *, named_by: str = "name") -> None:
        self._sort = sort
        self._name_of = attrgetter(named_by)
        self._entries: dict[str, Owned[T]] = {}

    def check(self, slug: str, items: Sequence[T]) -> None:
        """Raise ``Clash`` when a name is taken, or given twice by *slug*."""
        seen: set[str] = set()
        for name in map(self._name_of, items):
            holder = self._entries.get(name)
            if holder is not None or name in seen:
                owner = holder.slug if holder else slug
                raise Clash(
                    f"The {self._sort} {name!r} of the plugin {slug!r} exists already: "
                    f"it belongs to the plugin {owner!r}."
                )
            seen.add(name)

    def add(self, slug: str, items: Sequence[T]) -> None:
        """Enter items; ``check`` comes first."""
        for item in items:
            self._entries[self._name_of(item)] = Owned(slug=slug, item=item)

    def get(self, name: str) -> Owned[T] | None:
        """Return the entry of that name."""
        return self._entries.get(name)

    def all(self) -> list[Owned[T]]:
        """Return every entry."""
        return list(self._entries.values())


class Registry:
    """Everything by its name; settings by their plugin's slug."""

    def __init__(self) -> None:
        self.channels: Entries[type[Channel]] = Entries("channel", named_by="slug")
        self.subscriptions: Entries[Subscription] = Entries("subscription")
        self.blueprints: Entries[Blueprint] = Entries("blueprint")
        self.permissions: Entries[Permission] = Entries("right")
        self.jobs: Entries[JobType] = Entries("job")
        self.privacy_handlers: Entries[PrivacyHandler] = Entries("privacy handler")
        self.ticket_fields: Entries[TicketField] = Entries("ticket field")
        self.ticket_kinds: Entries[TicketKind] = Entries("kind of tickets")
        self.search_terms: Entries[SearchTerm] = Entries("search term")
        self.placeholders: Entries[Placeholder] = Entries("placeholder")
        self.assets: list[BroughtAsset] = []
        self.services: list[Owned[Service]] = []
        self.settings: dict[str, type[PluginSettings]] = {}

    def enter(self, slug: str, brought: Brought) -> None:
        """Enter everything a plugin brings, or nothing: raises ``Clash``."""
        sorts: tuple[tuple[Entries[Any], Sequence[Any]], ...] = (
            (self.channels, brought.channels),
            (self.subscriptions, brought.subscriptions),
            (self.blueprints, brought.blueprints),
            (self.permissions, brought.permissions),
            (self.jobs, brought.jobs),
            (self.privacy_handlers, brought.privacy_handlers),
            (self.ticket_fields, brought.ticket_fields),
            (self.ticket_kinds, brought.ticket_kinds),
            (self.search_terms, brought.search_terms),
            (self.placeholders, brought.placeholders),
        )
        for entries, items in sorts:
            entries.check(slug, items)
        for entries, items in sorts:
            entries.add(slug, items)
        self.assets += brought.assets
        self.services += [Owned(slug=slug, item=service) for service in brought.services]
        if brought.settings is not None:
            self.settings[slug] = brought.settings
