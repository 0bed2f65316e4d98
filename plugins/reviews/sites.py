"""The sites there are, each an account of one of the plugin's channels, with its rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from deskcore.api import SYSTEM, Actor
from deskcore.api.data import accounts_of
from plugins.reviews.site import SiteSettings

ANY, WOO, GOOGLE = "reviews_site", "reviews_woo", "reviews_google"
CHANNELS = (ANY, WOO, GOOGLE)


@dataclass(frozen=True, kw_only=True)
class Site:
    """One site; ``posts`` says that answers go there by themselves."""

    id: int
    name: str
    channel: str
    four_eyes: bool = True
    deputy_hours: int = 0
    longest: int = 1000
    replaces: bool = True
    page: str = ""
    posts: bool = False


def sites(actor: Actor = SYSTEM, *, among: Collection[int] | None = None) -> dict[int, Site]:
    """Return the sites that somebody may see, by the ids of their accounts, as they are set up now.

    Whoever wants only those *among* some accounts asks no further than these.
    """
    found: dict[int, Site] = {}
    for channel in CHANNELS:
        if among is not None and found.keys() >= set(among):
            break
        for account in accounts_of(actor, channel):
            rules = account.settings
            if isinstance(rules, SiteSettings):
                found[account.id] = Site(
                    id=account.id,
                    name=account.name,
                    channel=channel,
                    four_eyes=rules.four_eyes,
                    deputy_hours=rules.deputy_hours,
                    longest=rules.longest,
                    replaces=rules.replaces,
                    page=rules.page,
                    posts=channel == GOOGLE,
                )
    return found


def site_of(account_id: int) -> Site:
    """Return a site; of one that is disconnected the strictest rules hold."""
    gone = Site(id=account_id, name="–", channel=ANY, replaces=False)
    return sites(among=[account_id]).get(account_id, gone)
