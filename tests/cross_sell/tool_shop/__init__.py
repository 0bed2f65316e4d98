"""A made-up shop of kitchen tools: what is sold and in stock, as tests set it."""

from __future__ import annotations

from deskcore.plugin import Service, hookimpl


@hookimpl
def desk_services() -> list[Service]:
    """Offer both to whoever asks."""
    from .shop import services

    return services()
