"""A plugin's manifest: what the desk knows of a plugin before it imports a line of it.

Unknown keys are errors, so that a typo cannot pass for a setting.
"""

from __future__ import annotations

import platform
import tomllib
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from deskcore import __version__
from deskcore.errors import DeskError

FILE_NAME = "plugin.toml"
SLUG = r"^[a-z][a-z0-9_]{1,39}$"
MAX_BYTES = 64 * 1024
FROM_SETTING = "setting:"
ANYWHERE = "*"
# The number of the plugin interface; it grows when something is taken away or means something else.
# The one before goes on working, so that a desk and its plugins need not be upgraded in one night.
API = 1

File = TypeVar("File", bound=BaseModel)
Category = Literal[
    "channel", "sales", "reviews", "stock", "automation", "insight", "access", "other"
]


class ManifestError(DeskError):
    """The manifest is missing or wrong; the text says where and how."""


def _version_range(value: str) -> str:
    try:
        SpecifierSet(value)
    except InvalidSpecifier:
        raise ValueError(f"{value!r} is not a range of versions such as '>=1.0,<2'") from None
    return value


def _version(value: str) -> str:
    try:
        Version(value)
    except InvalidVersion:
        raise ValueError(f"{value!r} is not a version such as '1.2.0'") from None
    return value


def _requirement(value: str) -> str:
    try:
        Requirement(value)
    except InvalidRequirement:
        raise ValueError(f"{value!r} is not a requirement such as 'slixmpp>=1.8'") from None
    return value


Slug = Annotated[str, Field(pattern=SLUG)]
Line = Annotated[str, Field(min_length=1, max_length=200)]
Range = Annotated[str, AfterValidator(_version_range)]
VersionText = Annotated[str, AfterValidator(_version)]


class Manifest(BaseModel):
    """The ``[plugin]`` table of ``plugin.toml``.

    ``api`` is the number of the interface it was written for. ``guards`` names what must close when this plugin breaks. ``network`` lists the hosts its
    ``Net`` may reach; ``setting:imap_host`` means the host written in that setting, ``*`` any public
    one (for addresses that strangers send), ``*:5443`` a port of the web beyond the usual. ``packages`` are requirements of Python (PEP 508). ``starts_active`` counts for bundled plugins only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: Line
    version: VersionText
    summary: Line
    author: str = ""
    license: str = ""
    homepage: str = ""
    category: Category = "other"
    desk: Range
    api: Annotated[int, Field(ge=1)] = 1
    python: Range = ""
    requires: tuple[Slug, ...] = ()
    packages: tuple[Annotated[str, AfterValidator(_requirement)], ...] = ()
    starts_active: bool = False
    replaces: str = ""
    guards: tuple[Literal["replies"], ...] = ()
    data: tuple[str, ...] = ()
    network: tuple[str, ...] = ()
    quality: Literal["bronze", "silver", "gold", "platinum"] = "bronze"

    @property
    def more_ports(self) -> frozenset[int]:
        """The ports of the web that may be asked at beyond the usual ones."""
        named = (host.partition(f"{ANYWHERE}:") for host in self.network)
        return frozenset(int(port) for rest, _, port in named if not rest and port.isdecimal())


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")

    plugin: Manifest


def read_manifest(folder: Path, *, slug: str) -> Manifest:
    """Read ``plugin.toml`` of a plugin's folder; raises ``ManifestError`` with one sentence.

    *slug* is what the place of the plugin calls it: its folder's or its entry point's name.
    """
    manifest = read_toml(folder / FILE_NAME, _File).plugin
    if manifest.slug != slug:
        raise ManifestError(
            f"The slug {manifest.slug!r} differs from the plugin's place, {slug!r}."
        )
    return manifest


def read_toml(path: Path, kind: type[File]) -> File:
    """Read a manifest of whatever *kind*; raises ``ManifestError`` with one sentence."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{path.name} cannot be read: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise ManifestError(f"{path.name} is longer than {MAX_BYTES} bytes.")
    try:
        return kind.model_validate(tomllib.loads(content.decode("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ManifestError(f"{path.name}: '{key}': {first['msg']}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{path.name} is not valid TOML: {error}.") from None


def other_desk(wanted: str) -> str:
    """Say that a range of versions does not hold this desk's; empty when it does."""
    if __version__ not in SpecifierSet(wanted, prereleases=True):
        return f"It is made for desk {wanted}; this is desk {__version__}."
    return ""


def incompatibility(manifest: Manifest, *, api: int = API) -> str:
    """Say why this desk cannot run the plugin; empty when it can.

    *api* is the desk's number: it runs plugins of that number and of the one before.
    """
    if manifest.api > api:
        return (
            f"It is made for number {manifest.api} of the plugin interface; this desk has "
            f"{api}. Upgrade the desk, or take an older version of the plugin."
        )
    if manifest.api < api - 1:
        return (
            f"It is made for number {manifest.api} of the plugin interface; this desk has "
            f"{api} and still runs {api - 1}. Look for a newer version of the plugin."
        )
    if reason := other_desk(manifest.desk):
        return reason
    running = platform.python_version()
    if running not in SpecifierSet(manifest.python, prereleases=True):
        return f"It is made for Python {manifest.python}; this is Python {running}."
    return ""
