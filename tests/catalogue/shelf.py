"""What stands in the catalogue of a test."""

from __future__ import annotations

from deskcore.config import Config
from deskcore.domain.people import Actor
from plugins.catalogue import products, shops
from plugins.catalogue.values import Written
from tests.factories import a_user


def with_catalogue(config: Config) -> Config:
    """Switch the catalogue on beside what is always on."""
    return config.model_copy(update={"plugins": ("email", "saved_replies", "catalogue")})


def an_admin() -> Actor:
    """Make somebody who may do everything in the catalogue."""
    return a_user("admin", name="Petr Dvořák")


def a_product(actor: Actor, sku: str, name: str, **more: object) -> int:
    """Put a product into the catalogue; returns its id."""
    return products.create(actor, Written(sku=sku, name=name, **more))  # type: ignore[arg-type]  # fields of it


def a_place(actor: Actor, name: str) -> int:
    """Add a place; returns its id."""
    return shops.create(actor, name, "")
