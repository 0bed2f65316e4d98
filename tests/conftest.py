"""What every test shares: real servers and fresh databases. The rest lives beside its tests."""

from __future__ import annotations

import gc

pytest_plugins = [
    "tests.servers.fixtures",
    "tests.databases",
    "tests.installed",
    "tests.passwords",
    "tests.process.warm",
    "tests.web.styleguide.fixtures",
    "tests.hostile.counts",
    "deskcore.testing.plugin",
]

# What is collected and imported lives to the end: looking through it again and again for garbage
# took a fifth of the time of the tests.
gc.disable()


def pytest_collection_finish() -> None:
    """Leave the tests themselves out of every look for garbage from here on."""
    gc.collect()
    gc.freeze()
    gc.enable()
