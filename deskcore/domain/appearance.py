"""What the owner chose of the desk's looks, as one value that can be stored and compared."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields

from deskcore.domain.accent import STRONGEST, Level
from deskcore.domain.tokens import FONTS, TokenLayer

# Four radii from small to large, in rem; "soft" is core's own.
CORNERS: Mapping[str, tuple[str, ...]] = {
    "sharp": ("0.0625rem", "0.125rem", "0.1875rem", "0.25rem"),
    "soft": ("0.375rem", "0.5rem", "0.75rem", "1rem"),
    "round": ("0.5rem", "0.875rem", "1.25rem", "1.75rem"),
}
RADII = ("r-sm", "r-md", "r-lg", "r-xl")
DENSITIES = ("comfortable", "cosy", "compact")
SCHEME_CHOICES = ("auto", "light", "dark")
CONTRASTS = ("normal", "more")
LARGEST_HUE, FULL = 359, 100


@dataclass(frozen=True, kw_only=True)
class Preset:
    """An accent with a name, to begin with."""

    key: str
    hue: int
    strength: int


PRESETS = (
    Preset(key="pine", hue=172, strength=43),
    Preset(key="petrol", hue=222, strength=42),
    Preset(key="cobalt", hue=262, strength=72),
    Preset(key="aubergine", hue=325, strength=58),
    Preset(key="brick", hue=32, strength=56),
    Preset(key="graphite", hue=262, strength=6),
)


@dataclass(frozen=True, kw_only=True)
class Appearance:
    """The owner's choices; an empty one leaves it to the theme.

    ``strength`` is that of the accent in percent. ``logo`` names a stored picture by its digest.
    ``header`` and ``footer`` are texts of public pages by language, ``css`` is for those alone.
    """

    has_accent: bool = False
    hue: int = PRESETS[0].hue
    strength: int = PRESETS[0].strength
    corner: str = ""
    font: str = ""
    density: str = "comfortable"
    scheme: str = "auto"
    contrast: str = "normal"
    logo: str = ""
    logo_type: str = ""
    header: Mapping[str, str] = field(default_factory=dict)
    footer: Mapping[str, str] = field(default_factory=dict)
    css: str = ""

    @property
    def level(self) -> Level:
        """The contrast that everybody gets."""
        return "more" if self.contrast == "more" else "normal"

    @property
    def tokens(self) -> TokenLayer:
        """The choices that are tokens, to be laid over those of the theme."""
        found: dict[str, str] = {}
        if self.has_accent:
            chroma = self.strength / FULL * STRONGEST
            found |= {"accent-hue": str(self.hue), "accent-chroma": f"{chroma:.5g}"}
        if self.corner:
            found |= dict(zip(RADII, CORNERS[self.corner], strict=True))
        if self.font:
            found |= {"font-ui": FONTS[self.font], "font-title": FONTS[self.font]}
        return TokenLayer(light=found, dark=found)


def to_text(appearance: Appearance) -> str:
    """Write the choices as they are stored: the same choices are the same characters."""
    return json.dumps(asdict(appearance), ensure_ascii=False, sort_keys=True, indent=1)


def from_text(text: str) -> Appearance:
    """Read stored choices; what a later release knew besides is passed over."""
    known = {each.name for each in fields(Appearance)}
    return Appearance(**{name: value for name, value in json.loads(text).items() if name in known})
