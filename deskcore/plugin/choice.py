"""Which of the plugins that are there shall run: what the configuration or the database says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from deskcore.domain.kinds import PluginState
from deskcore.plugin.discovery import Found


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What the desk remembers of a plugin: active, inactive or paused, and at which version.

    An empty ``version`` is one that nobody has looked at yet.
    """

    state: PluginState
    version: str = ""
    reason: str = ""


@dataclass(frozen=True, kw_only=True)
class Choice:
    """The set of plugins that is wanted.

    ``configured`` is the configuration's own list and holds alone when there is one. Otherwise
    ``kept`` says it, and a plugin that was never met runs when it comes with the desk and its
    manifest says ``starts_active``. ``generation`` counts the changes of plugins and of the theme
    that running processes follow; None for a command, which follows nothing.
    """

    configured: tuple[str, ...] | None = None
    kept: Mapping[str, Kept]
    generation: int | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether the configuration decides, so that nobody can switch anything in the desk."""
        return self.configured is not None

    def wants(self, found: Found) -> bool:
        """Whether this plugin is to run."""
        if self.configured is not None:
            return found.slug in self.configured
        kept = self.kept.get(found.slug)
        if kept is not None:
            return kept.state == PluginState.ACTIVE
        starts = found.manifest is not None and found.manifest.starts_active
        return starts and found.source == "bundled"

    def slugs(self, found: Sequence[Found]) -> set[str]:
        """Name every plugin that is to run, those that are nowhere to be found among them."""
        if self.configured is not None:
            return set(self.configured)
        active = {slug for slug, kept in self.kept.items() if kept.state == PluginState.ACTIVE}
        return active | {plugin.slug for plugin in found if self.wants(plugin)}

    def at_rest(self, slug: str) -> tuple[PluginState, str]:
        """Return the state of a plugin that is not to run, and why; empty when nobody said."""
        kept = None if self.is_fixed else self.kept.get(slug)
        return (kept.state, kept.reason) if kept is not None else (PluginState.INACTIVE, "")

    def objection(self, found: Found) -> str:
        """Say why a wanted plugin is not the one that was activated; empty when it is.

        Code of another version would meet tables that are not its own.
        """
        kept = None if self.is_fixed else self.kept.get(found.slug)
        version = found.manifest.version if found.manifest else ""
        if kept is None or not kept.version or kept.version == version:
            return ""
        return (
            f"Version {version} lies in its folder, version {kept.version} was active. Upgrade it."
        )


def of_configuration(slugs: Iterable[str]) -> Choice:
    """Return the choice of a configuration that names the plugins."""
    return Choice(configured=tuple(slugs), kept={})
