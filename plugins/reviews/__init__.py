"""Reviews of the shop: they come in as tickets, and two people see every answer before it is public."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deskcore.api import CustomerId, Permission, Problem
from deskcore.plugin import (
    Asset,
    Channel,
    Column,
    CustomerRef,
    JobType,
    Link,
    Panel,
    Placeholder,
    PrivacyHandler,
    ReplyDraft,
    RowRef,
    SearchTerm,
    Subscription,
    TicketKind,
    TicketRef,
    Widget,
    hookimpl,
)
from plugins.reviews import kinds, places, rights
from plugins.reviews.settings import ReviewsSettings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flask import Blueprint


@hookimpl
def desk_ticket_kinds() -> list[TicketKind]:
    """Bring reviews, answered by two people or by one, and follow-ups."""
    return kinds.KINDS


@hookimpl
def desk_channels() -> list[type[Channel]]:
    """Bring the sites that reviews come from."""
    from plugins.reviews.channel_google import Google
    from plugins.reviews.channel_site import Site
    from plugins.reviews.channel_woo import Woo

    return [Site, Woo, Google]


@hookimpl
def desk_permissions() -> list[Permission]:
    """Say who may read, draft, approve and publish."""
    return rights.PERMISSIONS


@hookimpl
def desk_settings() -> type[ReviewsSettings]:
    """Bring what holds for all sites."""
    return ReviewsSettings


@hookimpl
def desk_blueprints() -> list[Blueprint]:
    """Bring the pages."""
    from plugins.reviews.views import blueprints

    return blueprints()


@hookimpl
def desk_nav_items() -> list[Link]:
    """Offer the list, and what waits for approval."""
    return places.PAGES


@hookimpl
def desk_ticket_panels(ticket: TicketRef) -> list[Panel]:
    """Show the review beside its own ticket, and reviews of the customer beside any other."""
    return places.panels(ticket)


@hookimpl
def desk_customer_panels(customer: CustomerRef) -> list[Panel]:
    """Show a customer's reviews, and whether they may be asked for one."""
    return places.of_customer(customer)


@hookimpl
def desk_customer_links(customer_id: CustomerId) -> list[Link]:
    """Lead to what a customer has written."""
    return places.links(customer_id)


@hookimpl
def desk_list_columns(tickets: Sequence[RowRef]) -> list[Column]:
    """Say the stars in the rows of reviews."""
    reviews = places.reviews_among(tickets)
    if not reviews:
        return []
    from plugins.reviews.lookups import columns

    return columns(reviews)


@hookimpl
def desk_dashboard_widgets() -> list[Widget]:
    """Show what is open and what waits to those who run the desk."""
    return [places.FIGURES]


@hookimpl
def desk_placeholders() -> list[Placeholder]:
    """Let texts name the author, the product and the stars."""
    from plugins.reviews.lookups import placeholders

    return placeholders()


@hookimpl
def desk_search_terms() -> list[SearchTerm]:
    """Find tickets by stars."""
    from plugins.reviews.lookups import terms

    return terms()


@hookimpl
def desk_assets() -> list[Asset]:
    """Bring how stars and differences look, and the preview that follows what is typed."""
    return places.ASSETS


@hookimpl
def desk_reply_check(draft: ReplyDraft, ticket: TicketRef) -> list[Problem]:
    """Object to every answer to a review that is not the approved one, on its way from our page."""
    if not kinds.is_review(ticket.kind):
        return []
    from plugins.reviews.answers import approved_words, objections

    return objections(ticket.number, draft.text, approved_words(ticket.id))


@hookimpl
def desk_subscriptions() -> list[Subscription]:
    """Be told of reviews, statuses and answers."""
    from plugins.reviews.arrivals import subscriptions

    return subscriptions()


@hookimpl
def desk_jobs() -> list[JobType]:
    """Open to deputies what waits too long, and ask customers for reviews."""
    from plugins.reviews import asking, deputies

    return [deputies.job(), asking.job()]


@hookimpl
def desk_privacy_handlers() -> list[PrivacyHandler]:
    """Tell and forget what is kept of a customer."""
    from plugins.reviews.privacy import handler

    return [handler()]
