"""Knows some teas and where they are: whom stock notes ask in tests."""

from __future__ import annotations

from deskcore.plugin import Catalogue, Service, Stock, hookimpl


@hookimpl
def desk_services() -> list[Service]:
    """Offer what is sold and what is there."""
    from .offer import Counter, Teas

    return [
        Service(protocol=Catalogue, offer=Teas()),
        Service(protocol=Stock, offer=Counter()),
    ]
