"""A theme's manifest: who made it, what it stands on, which desk it is made for.

Unknown keys are errors, so that a typo cannot pass for a setting. A theme has no code: nothing of
it is ever imported.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from packaging.specifiers import SpecifierSet
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deskcore import __version__
from deskcore.plugin.manifest import MAX_BYTES, SLUG, Line, ManifestError, Range, Slug, VersionText

FILE_NAME = "theme.toml"

# What a token may be written as; which ones there are and what each may hold is checked elsewhere.
TokenValue = str | int | float


class ThemeManifest(BaseModel):
    """The ``[theme]`` table of ``theme.toml``.

    ``parent`` is the slug of the theme it stands on, empty for the core's own pages. ``supports``
    names what it was made for beside the light look. ``screenshot`` is a file in its folder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slug: Slug
    name: Line
    version: VersionText
    summary: Annotated[str, Field(max_length=200)] = ""
    author: Annotated[str, Field(max_length=200)] = ""
    license: Annotated[str, Field(max_length=80)] = ""
    homepage: Annotated[str, Field(pattern=r"^(https?://\S+)?$", max_length=300)] = ""
    desk: Range
    parent: Annotated[str, Field(pattern=rf"{SLUG[:-1]}$|^$")] = ""
    supports: tuple[Literal["dark", "rtl"], ...] = ()
    screenshot: Annotated[str, Field(pattern=r"^([\w-]+\.(png|jpg|webp))?$")] = ""


class ThemeFile(BaseModel):
    """The whole of ``theme.toml``: the manifest, and the tokens that the theme sets."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    theme: ThemeManifest
    tokens: Mapping[str, Mapping[str, TokenValue]] = {}


def read_theme(folder: Path, *, slug: str) -> ThemeFile:
    """Read ``theme.toml`` of a theme's folder; raises ``ManifestError`` with one sentence.

    *slug* is what the place of the theme calls it: its folder's or its entry point's name.
    """
    path = folder / FILE_NAME
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ManifestError(f"{FILE_NAME} cannot be read: {error.strerror}.") from None
    if len(content) > MAX_BYTES:
        raise ManifestError(f"{FILE_NAME} is longer than {MAX_BYTES} bytes.")
    try:
        file = ThemeFile.model_validate(tomllib.loads(content.decode("utf-8")))
    except ValidationError as error:
        first = error.errors()[0]
        key = ".".join(str(part) for part in first["loc"])
        raise ManifestError(f"{FILE_NAME}: '{key}': {first['msg']}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ManifestError(f"{FILE_NAME} is not valid TOML: {error}.") from None
    if file.theme.slug != slug:
        raise ManifestError(
            f"The slug {file.theme.slug!r} differs from the theme's place, {slug!r}."
        )
    return file


def incompatibility(manifest: ThemeManifest) -> str:
    """Say why this desk cannot wear the theme; empty when it can."""
    if __version__ not in SpecifierSet(manifest.desk, prereleases=True):
        return f"It is made for desk {manifest.desk}; this is desk {__version__}."
    return ""
