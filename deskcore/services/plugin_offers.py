"""Asking for what plugins offer to one another, whoever does; an empty list is nobody."""

from __future__ import annotations

from typing import cast

from deskcore.plugin import offers
from deskcore.plugin.active import plugins
from deskcore.plugin.offers import Catalogue, Stock


def catalogues() -> list[Catalogue]:
    """Return whatever knows what is sold."""
    return cast("list[Catalogue]", _offered(Catalogue))


def stocks() -> list[Stock]:
    """Return whatever knows what is there."""
    return cast("list[Stock]", _offered(Stock))


def _offered(protocol: object) -> list[object]:
    return offers.offered(plugins().registry.services, protocol, plugins().guard)
