"""Loading the wanted plugins; one that cannot be loaded is left out with its reason."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

from deskcore.domain.kinds import PluginState
from deskcore.plugin import requirements
from deskcore.plugin.brought import Unfit, ask
from deskcore.plugin.choice import Choice
from deskcore.plugin.culprits import Culprits
from deskcore.plugin.discovery import Found, discover
from deskcore.plugin.faults import PluginFailed
from deskcore.plugin.guard import Guard
from deskcore.plugin.hooks import Hooks
from deskcore.plugin.importing import IMPORT_TIMEOUT_S, import_plugin, watched
from deskcore.plugin.loaded import Loaded, PluginStatus, status_of
from deskcore.plugin.manager import DeskPluginManager
from deskcore.plugin.manifest import Manifest, incompatibility
from deskcore.plugin.recovery import Quarantine, is_safe_mode
from deskcore.plugin.registry import Clash, Registry

BOOT = "boot"
DROPPED = "plugins"


class LeftOut(Exception):
    """A plugin is not taken in; says in which state it is and why."""

    def __init__(self, state: PluginState, reason: str, *, details: str = "") -> None:
        super().__init__(reason)
        self.state = state
        self.reason = reason
        self.details = details


def load_plugins(
    *,
    instance: Path,
    choice: Choice,
    guard: Guard,
    safe_mode: bool = False,
    allow_private: bool = False,
    bundled: Path | None = None,
    import_timeout_s: float = IMPORT_TIMEOUT_S,
) -> Loaded:
    """Load the plugins of *choice*, each or not at all.

    Never raises for anything a plugin does. What the plugin does to the process itself (an exit,
    a crash, a hang) is seen at the next start, by ``recovery``.
    """
    found = discover(instance / DROPPED, bundled=bundled)
    is_safe = is_safe_mode(instance, configured=safe_mode)
    loading = _Loading(
        boot=instance / BOOT, guard=guard, import_timeout_s=import_timeout_s, choice=choice
    )
    taken = choice.slugs(found)
    for plugin in found:
        if plugin.problem:
            loading.note(plugin, LeftOut(PluginState.INVALID, plugin.problem))
        elif is_safe and plugin.slug in taken:
            loading.note(plugin, LeftOut(PluginState.INACTIVE, "The desk is in safe mode."))
        elif plugin.slug not in taken:
            loading.note(plugin, LeftOut(*choice.at_rest(plugin.slug)))
    if not is_safe:
        loading.load([plugin for plugin in found if plugin.slug in taken and not plugin.problem])
    loading.note_missing(taken - {plugin.slug for plugin in found})
    return loading.result(is_safe_mode=is_safe, allow_private=allow_private)


class _Loading:
    """One run of the loader: what it has taken in so far, and what it has left out."""

    def __init__(
        self, *, boot: Path, guard: Guard, import_timeout_s: float, choice: Choice
    ) -> None:
        self._boot = boot
        self._choice = choice
        self._guard = guard
        self._import_timeout_s = import_timeout_s
        self._manager = DeskPluginManager(guard)
        self._hooks = Hooks(self._manager)
        self._registry = Registry()
        self._statuses: list[PluginStatus] = []
        self._manifests: dict[str, Manifest] = {}
        self._modules: dict[str, str] = {}

    def load(self, plugins: Sequence[Found]) -> None:
        """Take the plugins in, those that others require first."""
        for plugin, problem in _in_order(plugins):
            try:
                if problem:
                    raise LeftOut(PluginState.INVALID, problem)
                self._take_in(plugin)
            except LeftOut as left_out:
                self._manager.unregister(plugin.slug)
                self.note(plugin, left_out)
            else:
                self._statuses.append(status_of(plugin, PluginState.ACTIVE))

    def note(self, plugin: Found, left_out: LeftOut) -> None:
        """List a plugin that is not taken in."""
        self._statuses.append(
            status_of(plugin, left_out.state, left_out.reason, details=left_out.details)
        )

    def note_missing(self, slugs: set[str]) -> None:
        """List plugins that are wanted but nowhere to be found."""
        for slug in sorted(slugs):
            reason = (
                "It is wanted by the configuration, but there is no such plugin."
                if self._choice.is_fixed
                else "Its folder or package is gone; everything it stored is still here."
            )
            self._statuses.append(
                PluginStatus(slug=slug, name=slug, state=PluginState.MISSING, reason=reason)
            )

    def result(self, *, is_safe_mode: bool, allow_private: bool) -> Loaded:
        """Give what came of it."""
        guards = frozenset(slug for slug, m in self._manifests.items() if "replies" in m.guards)
        return Loaded(
            hooks=Hooks(self._manager, guards=guards),
            registry=self._registry,
            guard=self._guard,
            boot=self._boot,
            statuses=tuple(sorted(self._statuses, key=lambda status: status.slug)),
            manifests=self._manifests,
            culprits=Culprits(self._modules),
            is_safe_mode=is_safe_mode,
            allow_private=allow_private,
            choice=self._choice,
        )

    def _take_in(self, plugin: Found) -> None:
        manifest = self._check(plugin)
        self._modules[plugin.module] = plugin.slug
        try:
            with watched(plugin, self._boot, timeout_s=self._import_timeout_s):
                module = self._guard.call(
                    plugin.slug, "import", lambda: import_plugin(plugin), doing="import"
                )
            objections = self._manager.register(plugin.slug, module)
            if objections:
                raise LeftOut(PluginState.QUARANTINED, " ".join(objections))
            self._registry.enter(plugin.slug, ask(self._hooks, plugin.slug))
        except PluginFailed as failed:
            raise LeftOut(
                PluginState.QUARANTINED, str(failed), details=failed.fault.traceback
            ) from failed
        except (Clash, Unfit) as objection:
            raise LeftOut(PluginState.QUARANTINED, str(objection)) from objection
        self._manifests[plugin.slug] = manifest

    def _check(self, plugin: Found) -> Manifest:
        """Look at everything that can be known without importing it."""
        if plugin.manifest is None:
            raise LeftOut(PluginState.INVALID, plugin.problem)
        if reason := incompatibility(plugin.manifest):
            raise LeftOut(PluginState.INCOMPATIBLE, reason)
        if reason := Quarantine(self._boot).reason(plugin.slug):
            raise LeftOut(PluginState.QUARANTINED, reason)
        if objection := self._choice.objection(plugin):
            raise LeftOut(PluginState.PAUSED, objection)
        if packages := requirements.missing(plugin.manifest.packages):
            raise LeftOut(PluginState.INVALID, packages_needed(packages))
        missing = [slug for slug in plugin.manifest.requires if slug not in self._manifests]
        if missing:
            raise LeftOut(
                PluginState.INVALID, f"It needs plugins that are not active: {', '.join(missing)}."
            )
        return plugin.manifest


def packages_needed(packages: Sequence[str]) -> str:
    """Say what is missing on the server and how it gets there."""
    return (
        f"It needs {', '.join(packages)}, which this Python does not have. Install it on the "
        f"server, then activate the plugin again: {requirements.command(packages)}"
    )


def _in_order(plugins: Sequence[Found]) -> Iterator[tuple[Found, str]]:
    """Yield each plugin after those it requires, with its problem if they go in a circle."""
    by_slug = {plugin.slug: plugin for plugin in plugins}
    needs = {
        plugin.slug: [slug for slug in plugin.manifest.requires if slug in by_slug]
        for plugin in plugins
        if plugin.manifest
    }
    circle: set[str] = set()
    while True:
        try:
            order = list(TopologicalSorter(needs).static_order())
            break
        except CycleError as error:
            circle.update(error.args[1])
            needs = {slug: wanted for slug, wanted in needs.items() if slug not in circle}
    for slug in sorted(circle):
        yield by_slug[slug], f"It requires a plugin that requires it: {', '.join(sorted(circle))}."
    for slug in order:
        if slug not in circle:
            yield by_slug[slug], ""
