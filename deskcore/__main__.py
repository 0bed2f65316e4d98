"""``python -m deskcore`` is the command ``desk``."""

from __future__ import annotations

from deskcore.cli import main

main()
