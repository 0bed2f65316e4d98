"""Every test of this folder has a desk with offers and a shop."""

from __future__ import annotations

import pytest
from flask import Flask

from deskcore.domain.people import Actor
from tests.cross_sell.shop import config, stocked
from tests.factories import a_mailbox, a_user
from tests.web.conftest import desk, owner, set_up, visitor

__all__ = ["config", "desk", "owner", "set_up", "visitor"]


@pytest.fixture
def admin(app: Flask) -> Actor:
    """Give somebody who writes offers; everything is in stock."""
    stocked(DES_1=5, FIL_2=5, CUP_3=5, KET_17=5)
    return a_user("admin", name="Petr Dvořák")


@pytest.fixture
def mailbox(app: Flask) -> int:
    """Give a mailbox for tickets to lie in."""
    return a_mailbox()
