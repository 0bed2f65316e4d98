"""A desk with a mailbox whose mail is judged."""

from __future__ import annotations

import pytest
from flask import Flask

from tests.spam import mails


@pytest.fixture
def shop(app: Flask) -> mails.Shop:
    mails._told.clear()
    return mails.Shop()
