"""The shop of a test run. All tests that use it belong to one group, so there is one desk."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.shop import Shop, opened_shop
from tests.servers.dovecot import Dovecot
from tests.servers.postfix import Postfix


@pytest.fixture(scope="session")
def shop(
    browser: Browser,
    dovecot: Dovecot,
    postfix: Postfix,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Shop]:
    """Give the shared desk; tests keep apart by tickets of their own."""
    with opened_shop(tmp_path_factory.mktemp("shop"), browser, dovecot, postfix) as opened:
        yield opened
