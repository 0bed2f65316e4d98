"""Every hook there is; a hook comes with its first user, never before."""

from __future__ import annotations

import inspect
from types import ModuleType

from deskcore.plugin.hookspecs import lifecycle, pipeline, places, registration
from deskcore.plugin.markers import PROJECT

MODULES = (lifecycle, registration, places, pipeline)


def arguments_by_hook(*modules: ModuleType) -> dict[str, tuple[str, ...]]:
    """Return the hooks declared in *modules* with the names of their arguments."""
    return {
        name: tuple(inspect.signature(function).parameters)
        for module in modules
        for name, function in vars(module).items()
        if hasattr(function, f"{PROJECT}_spec")
    }
