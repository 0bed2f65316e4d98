"""What ``setup.cfg`` cannot say: the desk's own plugins and themes go into a wheel as data of it."""

from pathlib import Path
from shutil import copytree, ignore_patterns, rmtree

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithShelf(build_py):
    """Lays ``plugins`` and ``themes`` where an installed desk looks: ``deskcore/_bundled``.

    They are no packages of the top: what is called ``plugins`` belongs to whoever runs a desk.
    """

    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return  # a checkout has them beside the package
        bundled = Path(self.build_lib) / "deskcore" / "_bundled"
        rmtree(bundled, ignore_errors=True)
        for name in ("plugins", "themes"):
            copytree(name, bundled / name, ignore=ignore_patterns("__pycache__", "*.pyc", ".*"))


setup(cmdclass={"build_py": BuildWithShelf})
