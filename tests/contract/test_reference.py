"""The reference for plugin authors is what the code says today; so are the keys of configuration."""

from __future__ import annotations

import re

from deskcore.config import Config
from tests.contract.sources import ROOT
from tests.upkeep.reference import differences

# Moved by the environment alone; the page says so below its table.
NOT_IN_THE_FILE = {"instance"}


def test_the_reference_is_up_to_date() -> None:
    found = list(differences())
    assert found == [], "\n".join(["python -m tests.upkeep.reference writes it anew", *found])


def test_every_key_of_the_configuration_stands_once_on_its_page() -> None:
    page = (ROOT / "docs" / "admins" / "configuration.md").read_text(encoding="utf-8")
    cells = [
        line.split("|")[1] for line in page.splitlines() if re.match(r"\| `[a-z_]+`.*\|.*\|", line)
    ]
    told = [key for cell in cells for key in re.findall(r"`([a-z_]+)`", cell)]
    assert sorted(told) == sorted(set(Config.model_fields) - NOT_IN_THE_FILE)
