"""What every test shares: real servers and fresh databases. The rest lives beside its tests."""

from __future__ import annotations

pytest_plugins = ["tests.servers.fixtures", "tests.databases", "tests.web.styleguide.fixtures"]
