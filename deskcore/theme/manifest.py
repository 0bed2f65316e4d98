"""A theme's manifest: who made it, what it stands on, which desk it is made for.

Unknown keys are errors, so that a typo cannot pass for a setting. A theme has no code: nothing of
it is ever imported.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from deskcore.plugin.manifest import (
    SLUG,
    Line,
    ManifestError,
    Range,
    Slug,
    VersionText,
    read_toml,
)

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
    file = read_toml(folder / FILE_NAME, ThemeFile)
    if file.theme.slug != slug:
        raise ManifestError(
            f"The slug {file.theme.slug!r} differs from the theme's place, {slug!r}."
        )
    return file
