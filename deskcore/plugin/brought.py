"""What one plugin brings when the desk starts: asked of it, and looked at before it is entered."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint

from deskcore.domain.people import ROLES, Permission
from deskcore.errors import DeskError
from deskcore.plugin.channel import Channel
from deskcore.plugin.hooks import Hooks
from deskcore.plugin.offers import PROTOCOLS, Service
from deskcore.plugin.parts import JobType, PrivacyHandler, Subscription
from deskcore.plugin.settings import PluginSettings

_ONE_WORD = r"[a-z_]+"
SOONEST = timedelta(seconds=1)
_REQUIRED_OF_CHANNELS = ("slug", "label", "settings", "can")


class Unfit(DeskError):
    """A plugin brings something that cannot be what it says; the text is for its author."""


@dataclass(frozen=True, kw_only=True)
class Brought:
    """Everything that a plugin registers, each part of the right kind."""

    channels: Sequence[type[Channel]] = ()
    subscriptions: Sequence[Subscription] = ()
    blueprints: Sequence[Blueprint] = ()
    settings: type[PluginSettings] | None = None
    permissions: Sequence[Permission] = ()
    jobs: Sequence[JobType] = ()
    privacy_handlers: Sequence[PrivacyHandler] = ()
    services: Sequence[Service] = ()


def ask(hooks: Hooks, slug: str) -> Brought:
    """Ask a plugin for everything it brings; raises ``PluginFailed`` or ``Unfit``."""
    channels = hooks.channels_of(slug)
    for channel in channels:
        _check_channel(channel)
    settings = hooks.settings_of(slug)
    _check_settings(settings)
    permissions = hooks.permissions_of(slug)
    _check_permissions(slug, permissions)
    jobs = hooks.jobs_of(slug)
    _check_jobs(slug, jobs)
    privacy_handlers = hooks.privacy_handlers_of(slug)
    for handler in privacy_handlers:
        _check_name(slug, handler.name, _ONE_WORD, "what it keeps", "thing")
    services = hooks.services_of(slug)
    for service in services:
        _check_service(service)
    return Brought(
        channels=channels,
        subscriptions=hooks.subscriptions_of(slug),
        blueprints=hooks.blueprints_of(slug),
        settings=settings[0] if settings else None,
        permissions=permissions,
        jobs=jobs,
        privacy_handlers=privacy_handlers,
        services=services,
    )


def _check_channel(channel: type) -> None:
    if not issubclass(channel, Channel):
        raise Unfit(f"{channel.__name__} is not a Channel.")
    missing = [name for name in _REQUIRED_OF_CHANNELS if not hasattr(channel, name)]
    if missing:
        raise Unfit(f"The channel {channel.__name__} does not say its {', '.join(missing)}.")
    if inspect.isabstract(channel):
        methods = ", ".join(sorted(channel.__abstractmethods__))
        raise Unfit(f"The channel {channel.__name__} does not implement {methods}.")


def _check_settings(settings: Sequence[type]) -> None:
    if len(settings) > 1:
        raise Unfit("It declares more than one class of settings.")
    for kind in settings:
        if not issubclass(kind, PluginSettings):
            raise Unfit(f"{kind.__name__} is not a class of PluginSettings.")


def _check_permissions(slug: str, permissions: Iterable[Permission]) -> None:
    for permission in permissions:
        _check_name(slug, permission.name, r"[a-z_]+\.[a-z_]+", "the right", "thing.verb")
        strangers = set(permission.roles) - set(ROLES)
        if strangers:
            raise Unfit(
                f"The right {permission.name} names no role of the desk: {strangers.pop()}."
            )


def _check_jobs(slug: str, jobs: Iterable[JobType]) -> None:
    for job in jobs:
        _check_name(slug, job.name, _ONE_WORD, "the job", "job")
        if job.every is not None and job.every < SOONEST:
            raise Unfit(f"The job {job.name} comes round more than once a second.")


def _check_service(service: Service) -> None:
    if service.protocol not in PROTOCOLS:
        raise Unfit(f"It offers {service.protocol!r}, which is none of the desk's protocols.")
    if not isinstance(service.offer, service.protocol):
        raise Unfit(f"It offers a {service.protocol.__name__} that lacks methods of one.")


def _check_name(slug: str, name: str, rest: str, sort: str, form: str) -> None:
    """Raise ``Unfit`` unless a name says whose it is: by it the desk knows what to remove."""
    if not re.fullmatch(rf"{slug}\.{rest}", name):
        raise Unfit(f"{sort[0].upper()}{sort[1:]} {name!r} must be named {slug}.{form}.")
