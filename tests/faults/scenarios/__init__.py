"""The faults themselves, a module for each part of the desk they hit."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path


def load() -> None:
    """Import every module of scenarios; each registers its faults."""
    for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
        import_module(f"{__name__}.{path.stem}")
