"""What a plugin needs from others' Python packages, and how to get what is missing.

The desk installs nothing by itself: it says the command, and the plugin waits.
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version

from packaging.requirements import Requirement


def missing(packages: Sequence[str]) -> list[str]:
    """Return the requirements (PEP 508) that the running Python does not meet."""
    return [package for package in packages if not _is_met(Requirement(package))]


def command(packages: Sequence[str]) -> str:
    """Return what to type on the server to install them into the Python that runs the desk."""
    return shlex.join([sys.executable, "-m", "pip", "install", *packages])


def _is_met(requirement: Requirement) -> bool:
    if requirement.marker is not None and not requirement.marker.evaluate():
        return True
    try:
        installed = version(requirement.name)
    except PackageNotFoundError:
        return False
    return requirement.specifier.contains(installed, prereleases=True)
