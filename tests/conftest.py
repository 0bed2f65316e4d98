"""What every test shares: the real servers. Everything else lives beside the tests it serves."""

from __future__ import annotations

pytest_plugins = ["tests.servers.fixtures"]
