"""What one plugin brings when the desk starts: asked of it, and looked at before it is entered."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint

from deskcore.domain.people import ROLES, Permission
from deskcore.domain.placeholders import OWN_SUBJECTS
from deskcore.domain.query import OPERATORS
from deskcore.errors import DeskError
from deskcore.plugin import fit_kinds
from deskcore.plugin.channel import Channel
from deskcore.plugin.hooks import Hooks
from deskcore.plugin.offers import PROTOCOLS, Service
from deskcore.plugin.page_parts import Asset
from deskcore.plugin.parts import JobType, PrivacyHandler, Subscription
from deskcore.plugin.settings import PluginSettings
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.plugin.ticket_parts import Placeholder, SearchTerm, TicketField

_ONE_WORD = r"[a-z_]+"
_FIELD = r"[a-z][a-z0-9_]{0,39}"
SOONEST = timedelta(seconds=1)
LARGEST_ASSET = 200_000  # bytes; everybody fetches it with the first page
_REQUIRED_OF_CHANNELS = ("slug", "label", "settings", "can")


class Unfit(DeskError):
    """A plugin brings something that cannot be what it says; the text is for its author."""


@dataclass(frozen=True, kw_only=True)
class BroughtAsset:
    """A style sheet or script as it is served, at ``p/<slug>/<name>``."""

    slug: str
    asset: Asset
    body: bytes

    @property
    def path(self) -> str:
        """Where it is among the desk's own."""
        return f"p/{self.slug}/{self.asset.name}"


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
    assets: Sequence[BroughtAsset] = ()
    ticket_fields: Sequence[TicketField] = ()
    ticket_kinds: Sequence[TicketKind] = ()
    search_terms: Sequence[SearchTerm] = ()
    placeholders: Sequence[Placeholder] = ()


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
    ticket_fields = hooks.ticket_fields_of(slug)
    _check_fields(slug, ticket_fields)
    ticket_kinds = hooks.ticket_kinds_of(slug)
    for problem in fit_kinds.problems(slug, ticket_kinds):
        raise Unfit(problem)
    search_terms = hooks.search_terms_of(slug)
    for term in search_terms:
        _check_term(term)
    placeholders = hooks.placeholders_of(slug)
    for placeholder in placeholders:
        _check_placeholder(slug, placeholder)
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
        assets=[_read_asset(hooks, slug, asset) for asset in hooks.assets_of(slug)],
        ticket_fields=ticket_fields,
        ticket_kinds=ticket_kinds,
        search_terms=search_terms,
        placeholders=placeholders,
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


def _read_asset(hooks: Hooks, slug: str, asset: Asset) -> BroughtAsset:
    folder = (hooks.folder_of(slug) / "static").resolve()
    path = (folder / asset.name).resolve()
    if path.suffix not in {".css", ".js"} or not path.is_relative_to(folder) or not path.is_file():
        raise Unfit(f"{asset.name!r} is no style sheet or script in its folder static.")
    if path.stat().st_size > LARGEST_ASSET:
        raise Unfit(f"{asset.name!r} has more than {LARGEST_ASSET} bytes.")
    return BroughtAsset(slug=slug, asset=asset, body=path.read_bytes())


def _check_fields(slug: str, fields: Iterable[TicketField]) -> None:
    for field in fields:
        _check_name(slug, field.name, _ONE_WORD, "the ticket field", "field")
        if (field.kind == "option") != bool(field.options):
            raise Unfit(
                f"The ticket field {field.name!r} has options without the kind, or the other way."
            )


def _check_term(term: SearchTerm) -> None:
    if not re.fullmatch(r"[a-z][a-z_]{1,19}", term.name) or term.name in OPERATORS:
        raise Unfit(f"The search term {term.name!r} must be a word that the desk does not use.")


def _check_placeholder(slug: str, placeholder: Placeholder) -> None:
    _check_name(slug, placeholder.name, _FIELD, "the placeholder", "field")
    if slug in OWN_SUBJECTS:
        raise Unfit(f"The placeholder {placeholder.name!r} would be taken for one of the desk's.")


def _check_service(service: Service) -> None:
    if service.protocol not in PROTOCOLS:
        raise Unfit(f"It offers {service.protocol!r}, which is none of the desk's protocols.")
    if not isinstance(service.offer, service.protocol):
        raise Unfit(f"It offers a {service.protocol.__name__} that lacks methods of one.")


def _check_name(slug: str, name: str, rest: str, sort: str, form: str) -> None:
    """Raise ``Unfit`` unless a name says whose it is: by it the desk knows what to remove."""
    if not re.fullmatch(rf"{slug}\.{rest}", name):
        raise Unfit(f"{sort[0].upper()}{sort[1:]} {name!r} must be named {slug}.{form}.")
