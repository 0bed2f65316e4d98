"""A desk with offers and a shop that knows what is sold: what the tests of this folder share."""

from __future__ import annotations

import shutil
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from deskcore.config import Config
from deskcore.plugin.discovery import NAMESPACE
from plugins.cross_sell.offer import Words, Written
from plugins.cross_sell.settings import OfferSettings

SHOP = "tool_shop"
HERE = Path(__file__).parent / SHOP
KETTLE = "Which size has the lid of my kettle Klara?"
DESCALER = Written(
    name="Descaler with a kettle",
    value="DES-1",
    texts={
        "en": Words(
            body="A descaler keeps it clean: {{offer.product}}, {{offer.price}}.", terms="One each."
        ),
        "cs": Words(body="K ní se hodí {{offer.product}}."),
    },
    code="CLEAN10",
)
FILTER = Written(name="Filter", value="FIL-2", texts={"en": Words(body="A spare filter")})


@pytest.fixture
def config(config: Config) -> Config:
    """Give the configuration of a desk with offers and the shop."""
    for name in [name for name in sys.modules if name.startswith(f"{NAMESPACE}.{SHOP}")]:
        del sys.modules[name]  # an earlier test's folder had it too
    shutil.copytree(HERE, config.instance / "plugins" / SHOP)
    active = ("email", "spam", "saved_replies", "cross_sell", SHOP)
    return config.model_copy(update={"plugins": active})


def shelf() -> Any:
    """Return the shop's module, which the open desk has loaded."""
    return import_module(f"{NAMESPACE}.{SHOP}.shop")


def stocked(**counts: int) -> None:
    """Put so many of each on the shelves; ``DES_1`` is DES-1."""
    shop = shelf()
    shop.COUNTS.clear()
    shop.SPOKEN_OF.clear()
    shop.TROUBLE.clear()
    shop.COUNTS.update({key.replace("_", "-"): count for key, count in counts.items()})


def settings(**changed: object) -> OfferSettings:
    """Return the settings with some changed."""
    return OfferSettings(**changed)  # type: ignore[arg-type]  # as each test says
