"""Hooks that tell the desk what a plugin brings; asked once, when a process starts.

The answers become entries of the registry, each with its owner. A fault, a wrong type or a name
that another plugin holds leaves the whole plugin out, with the reason on the plugins page.
"""

from __future__ import annotations

from flask import Blueprint

from deskcore.domain.people import Permission
from deskcore.plugin.channel import Channel
from deskcore.plugin.markers import hookspec
from deskcore.plugin.offers import Service
from deskcore.plugin.parts import JobType, PrivacyHandler, Subscription
from deskcore.plugin.settings import PluginSettings


@hookspec
def desk_channels() -> list[type[Channel]]:
    """Bring channels: ways in which messages reach the desk and leave it."""
    raise NotImplementedError


@hookspec
def desk_subscriptions() -> list[Subscription]:
    """Bring handlers of events; each runs in the worker, one ticket's events in order."""
    raise NotImplementedError


@hookspec
def desk_blueprints() -> list[Blueprint]:
    """Bring pages: blueprints named like the plugin, mounted below ``/p/<slug>``.

    A view without ``needs(...)`` is refused, and its blueprint with it.
    """
    raise NotImplementedError


@hookspec
def desk_settings() -> type[PluginSettings] | None:
    """Declare the plugin's own settings: the desk shows and stores them on the plugin's page.

    Those of a channel belong to its accounts and are declared by the channel instead.
    """
    raise NotImplementedError


@hookspec
def desk_permissions() -> list[Permission]:
    """Declare rights of the plugin's own, named ``slug.thing.verb``.

    ``roles`` have them until somebody gives them to others; owners have them always. Views and
    links name them; what people decided is kept while the plugin is inactive.
    """
    raise NotImplementedError


@hookspec
def desk_jobs() -> list[JobType]:
    """Bring background work, run in the worker by jobs named ``slug.job``, or by the clock.

    A job that fails is recorded as the plugin's fault and runs again, with growing delay, ten
    times; then it is shown as given up. While the plugin is inactive its jobs wait.
    """
    raise NotImplementedError


@hookspec
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Say what the plugin keeps of customers: it is asked when one is exported or erased.

    Both happen in the request of an administrator; ``export`` outside any transaction, ``erase``
    inside the one that erases everything. A fault of ``export`` is named in the export. A fault of
    ``erase`` undoes the erasure, and the administrator reads which plugin it was.
    """
    raise NotImplementedError


@hookspec
def desk_services() -> list[Service]:
    """Offer something to other plugins by one of the desk's protocols, as ``Catalogue``.

    Whoever asks does so in a request or in the worker, perhaps inside a transaction. A fault there
    is the offering plugin's; the asking one is told that there is no answer.
    """
    raise NotImplementedError
