"""Hooks that tell the desk what a plugin brings.

The answers become entries of the registry, each with its owner.

When: once, when a process starts.
Where: in every process, outside any transaction.
Fault: leaves the whole plugin out, with the reason on the plugins page; so does an answer of
    another type, or a name that another plugin holds.
Since: 1
"""

from __future__ import annotations

import click
from flask import Blueprint

from deskcore.domain.people import Permission
from deskcore.plugin.channel import Channel
from deskcore.plugin.markers import hookspec
from deskcore.plugin.offers import Service
from deskcore.plugin.page_parts import Asset
from deskcore.plugin.parts import JobType, PrivacyHandler, Subscription
from deskcore.plugin.settings import PluginSettings
from deskcore.plugin.ticket_kinds import TicketKind
from deskcore.plugin.ticket_parts import Placeholder, SearchTerm, TicketField


@hookspec
def desk_channels() -> list[type[Channel]]:
    """Bring channels: ways in which messages reach the desk and leave it.

    A channel's slug belongs to one plugin. How one is written is told in
    [channels](../channels.md).
    """
    raise NotImplementedError


@hookspec
def desk_subscriptions() -> list[Subscription]:
    """Bring handlers of [events](events.md).

    ``handle(event)`` runs in the worker, after the commit of what happened, one ticket's events in
    order. It runs again when it raises, with growing delay.
    """
    raise NotImplementedError


@hookspec
def desk_blueprints() -> list[Blueprint]:
    """Bring pages: blueprints named like the plugin, mounted below ``/p/<slug>``.

    Every view says by ``needs("…")`` which right it asks for, one of the desk's or of the plugin's
    own. A blueprint all of whose views say ``public`` instead is for customers, and lies below
    ``/c/<slug>``. [What pages are held to](../README.md#pages) tells the rest. ``deskcore.api.web`` has what
    pages are made of; templates live in ``templates/plugins/<slug>/`` of the plugin.

    Fault: leaves the pages out, with the reason on the plugins page; the rest of the plugin works.
    """
    raise NotImplementedError


@hookspec
def desk_settings() -> type[PluginSettings] | None:
    """Declare the plugin's own [settings](settings.md): shown, tried and stored on the plugin's page.

    Those of a channel belong to its accounts and are declared by the channel instead.
    """
    raise NotImplementedError


@hookspec
def desk_permissions() -> list[Permission]:
    """Declare rights of the plugin's own, named ``slug.thing.verb``.

    ``roles`` have them until somebody decides otherwise on the page *Roles*; owners have them
    always. Views and links name them, ``can(actor, name)`` and ``require(actor, name)`` of
    ``deskcore.api.data`` ask for them. What people decided is kept while the plugin is inactive, and
    removed when it is uninstalled.
    """
    raise NotImplementedError


@hookspec
def desk_jobs() -> list[JobType]:
    """Bring background work, named ``slug.job``: done when somebody asks for it, or by the clock.

    A page or a subscription asks by ``unit.enqueue("shop.shelf", {"only": "Assam"})`` in its
    transaction, and the worker calls ``run(only="Assam")`` after the commit, outside any transaction,
    with the network open. Work that raises is recorded as the plugin's fault and runs again with
    growing delay, ``TryLater(after=…)`` at its own time; after ten times it is shown as given up.
    While the plugin is inactive its work waits.
    """
    raise NotImplementedError


@hookspec
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Say what the plugin keeps of customers: it is asked when one is exported or erased.

    They are named ``slug.thing``. ``export(customer)`` gives back JSON values, and files by name;
    ``erase(session, customer)`` removes them and returns how many things went. Both happen in the
    request of an administrator: ``export`` outside any transaction, ``erase`` inside the one that
    erases everything. A fault of ``export`` is named in the export. A fault of ``erase`` undoes the
    erasure, and the administrator reads which plugin it was.
    """
    raise NotImplementedError


@hookspec
def desk_commands() -> list[click.Command]:
    """Bring commands, run as ``desk x <slug> <command>`` on the server.

    What people should read is raised as ``click.ClickException`` or one of the desk's errors.

    When: somebody calls ``desk x``.
    Where: in a process of its own that has loaded every plugin, outside any transaction, with the
        network open.
    Fault: is recorded, and said to whoever called.
    """
    raise NotImplementedError


@hookspec
def desk_assets() -> list[Asset]:
    """Bring style sheets and scripts: files of the plugin's folder ``static``.

    They are part of the plugin's ``own`` pages, or with ``where="workspace"`` of all pages where
    tickets are read, never of the administration. The desk serves them beside its own, packed and
    cached for good, so its content security policy allows them; nothing inline runs. Scripts are
    modules; classes and attributes should begin with the plugin's slug.
    """
    raise NotImplementedError


@hookspec
def desk_ticket_fields() -> list[TicketField]:
    """Declare further fields of tickets, named ``slug.field``.

    The desk keeps their values, shows them beside the ticket, lets people change them with the
    subject, tells changes in the ticket's history and finds tickets by them. ``set_fields(unit,
    ticket_id, values)`` and ``values_of(session, ticket_id)`` of ``deskcore.api.data`` write and read
    them. Values wait while the plugin is inactive, and are removed when it is uninstalled.
    """
    raise NotImplementedError


@hookspec
def desk_placeholders() -> list[Placeholder]:
    """Bring placeholders of texts that people keep, as ``{{shop.order}}``, named ``slug.field``.

    The desk has some of its own, as ``{{customer.name}}`` and ``{{ticket.number}}``. ``value`` is asked
    when an agent puts such a text into an answer, in a request, read only, and answers with plain
    text of at most 1000 characters. Where it fails or says nothing the placeholder stays and is shown
    as unfilled; a failure counts as a fault in a page. ``placeholders()`` and ``fill(actor, number,
    texts)`` of ``deskcore.api.data`` are how a plugin shows and fills them.
    """
    raise NotImplementedError


@hookspec
def desk_ticket_kinds() -> list[TicketKind]:
    """Bring kinds of tickets, named ``slug.kind``, each with a flow of its own.

    The desk keeps to the flow wherever a status is set or an answer queued, says why it refuses
    something, and asks no plugin meanwhile. ``open_ticket(unit, …)`` and ``change_status(unit, …)`` of
    ``deskcore.api.data`` open and move such tickets; a channel of the same plugin opens them by
    ``InboundMessage.kind``. [Kinds of tickets](../ticket-kinds.md) tells the rest, and what becomes of
    the tickets while the plugin is away.
    """
    raise NotImplementedError


@hookspec
def desk_search_terms() -> list[SearchTerm]:
    """Bring operators of the search, as ``stock:low``.

    ``SearchTerm.condition`` is given what was typed after the colon and the columns it may speak of,
    in a request that searches, read only; it gives ``None`` for a value that means nothing. Tickets
    that the reader may not see are left out by the desk. When it fails, nothing is found and the page
    says so; that counts as a fault in a page.
    """
    raise NotImplementedError


@hookspec
def desk_services() -> list[Service]:
    """Offer something to other plugins by one of the desk's protocols: they do not import this one.

    A ``Catalogue`` knows what is sold, a ``Stock`` what is there. Another plugin asks
    ``catalogues()`` or ``stocks()`` of ``deskcore.api.data`` for whatever is offered; the list may be
    empty. Whoever asks does so in a request or in the worker, perhaps inside a transaction. A call
    that fails is the offering plugin's fault, and raises ``Unavailable`` in the asking one.
    [Offering and asking](../offers.md) tells the rest.
    """
    raise NotImplementedError
