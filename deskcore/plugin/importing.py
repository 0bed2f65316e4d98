"""Importing one plugin, with a dog that bites when the import does not come back."""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Timer
from types import ModuleType

from deskcore.plugin.discovery import NAMESPACE, Found, open_namespace
from deskcore.plugin.recovery import HUNG, Quarantine

IMPORT_TIMEOUT_S = 20.0


def import_plugin(found: Found) -> ModuleType:
    """Import the plugin's package from its own folder; whatever it raises comes out.

    A package of that name from another folder (a replaced plugin) is forgotten first, and a
    half-imported one afterwards.
    """
    if found.source == "installed":
        return importlib.import_module(found.module)
    there = sys.modules.get(found.module)
    if there is not None and there.__file__ == str(found.folder / "__init__.py"):
        return there
    _forget(found.module)
    try:
        return _execute(found)
    except BaseException:
        _forget(found.module)
        raise


@contextmanager
def watched(found: Found, boot: Path, *, timeout_s: float = IMPORT_TIMEOUT_S) -> Iterator[None]:
    """End this process when the block takes too long; the plugin is left out of the next one.

    An import that hangs cannot be broken off from inside: only a new process is free of it.
    """

    def bite() -> None:
        Quarantine(boot).add(
            found.slug, "import", f"Its import did not come back within {timeout_s:g} seconds."
        )
        os._exit(HUNG)

    dog = Timer(timeout_s, bite)
    dog.daemon = True
    dog.start()
    try:
        yield
    finally:
        dog.cancel()


def _execute(found: Found) -> ModuleType:
    namespace = open_namespace(found.folder.parent)
    spec = importlib.util.spec_from_file_location(
        found.module,
        found.folder / "__init__.py",
        submodule_search_locations=[str(found.folder)],
    )
    if spec is None or spec.loader is None:
        raise ImportError(f"{found.folder} is not a package")
    module = importlib.util.module_from_spec(spec)
    sys.modules[found.module] = module
    spec.loader.exec_module(module)
    setattr(namespace, found.module.removeprefix(f"{NAMESPACE}."), module)
    return module


def _forget(module: str) -> None:
    for name in [name for name in sys.modules if name == module or name.startswith(f"{module}.")]:
        del sys.modules[name]
