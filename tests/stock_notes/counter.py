"""A desk with stock notes, and with a plugin that knows teas and where they are."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from deskcore.config import Config
from deskcore.plugin.discovery import NAMESPACE
from tests.databases import opened

OFFERS = "tea_counter"
SLUG = "stock_notes"
HERE = Path(__file__).parent / OFFERS


def install(instance: Path) -> None:
    """Drop the plugin that offers into a desk's folder."""
    for name in [name for name in sys.modules if name.startswith(f"{NAMESPACE}.{OFFERS}")]:
        del sys.modules[name]
    shutil.copytree(HERE, instance / "plugins" / OFFERS)


@pytest.fixture
def config(config: Config) -> Config:
    """Give the configuration of such a desk."""
    install(config.instance)
    return config.model_copy(update={"plugins": ("email", "spam", SLUG, OFFERS)})


@pytest.fixture
def desk(config: Config) -> Iterator[Flask]:
    """Give that desk, which nobody has set up."""
    with opened(config, has_pages=True) as app:
        yield app


def offer() -> Any:
    """Return the module of the offering plugin that the desk has loaded."""
    return import_module(f"{NAMESPACE}.{OFFERS}.offer")
