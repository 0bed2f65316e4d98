"""A desk with the catalogue switched on."""

from __future__ import annotations

import pytest

from deskcore.config import Config
from tests.catalogue.shelf import with_catalogue


@pytest.fixture
def config(config: Config) -> Config:
    """Switch it on."""
    return with_catalogue(config)
