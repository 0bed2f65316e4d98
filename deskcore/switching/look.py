"""What is known before a plugin is switched: which there are, which are wanted, who asks."""

from __future__ import annotations

from dataclasses import dataclass

from deskcore.app import create_app
from deskcore.config import Config
from deskcore.domain.people import SYSTEM, Actor
from deskcore.errors import DeskError, NotAllowed, NotFound
from deskcore.plugin.choice import Choice
from deskcore.plugin.discovery import Found, discover
from deskcore.plugin.loader import DROPPED
from deskcore.plugin.orders import Order
from deskcore.prepare import require_schema, without_plugins
from deskcore.services import access, plugin_records
from deskcore.services.unit import reading


class Refused(DeskError):
    """Nothing was changed; the text says why, ``details`` where."""

    def __init__(self, reason: str, details: str = "") -> None:
        super().__init__(reason)
        self.details = details


@dataclass(frozen=True, kw_only=True)
class Looked:
    """One plugin among all; ``found`` is None when only the database still knows it."""

    config: Config
    actor: Actor
    found: Found | None
    there: tuple[Found, ...]
    choice: Choice

    @property
    def active(self) -> set[str]:
        """The slugs that are to run."""
        return self.choice.slugs(self.there)

    @property
    def slugs(self) -> frozenset[str]:
        """Every slug that is there or was ever met."""
        return frozenset(each.slug for each in self.there) | self.choice.kept.keys()


def look(config: Config, order: Order) -> Looked:
    """Look at everything without loading a plugin; refuses what nobody may or can change."""
    if config.plugins is not None:
        raise Refused(
            "The configuration on the server says which plugins are active (plugins in config.toml, "
            "or DESK_PLUGINS). Remove that line to switch them in the desk."
        )
    with create_app(without_plugins(config), has_pages=False).app_context():
        require_schema()
        actor = _actor(order.user_id)
        access.require(actor, "plugins.manage")
        choice = plugin_records.choice(None)
    there = tuple(discover(config.instance / DROPPED))
    of_slug = [each for each in there if each.slug == order.slug]
    if not of_slug and order.slug not in choice.kept:
        raise NotFound(f"There is no plugin {order.slug!r}.")
    # Of two with one slug the one that may be loaded is meant.
    found = min(of_slug, key=lambda each: bool(each.problem), default=None)
    return Looked(config=config, actor=actor, found=found, there=there, choice=choice)


def _actor(user_id: int) -> Actor:
    if not user_id:
        return SYSTEM
    with reading() as session:
        actor = access.actor_of(session, user_id)
    if actor is None:
        raise NotAllowed("Whoever asked for this cannot sign in any more.")
    return actor
