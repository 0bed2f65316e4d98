"""Reviews that are pasted in by hand come the way of all others."""

from __future__ import annotations

import json
import secrets

from deskcore.api import Actor, Invalid, Problem, _, now
from deskcore.api.data import hand_in, require
from deskcore.plugin import RawItem
from plugins.reviews.review import link, mail_address, tenths_of
from plugins.reviews.rights import DRAFT
from plugins.reviews.sites import ANY, Site, sites

PARTS = ("stars", "author", "email", "title", "text", "product", "link", "date")


def offered(actor: Actor) -> list[Site]:
    """Return the sites whose reviews are pasted in, as far as somebody sees them."""
    return [site for site in sites(actor).values() if site.channel == ANY]


def paste(actor: Actor, account_id: int, said: dict[str, str]) -> int:
    """Take a review in; returns the number of its ticket.

    One with an address on the web is known by it: pasted again, it is the same review, changed.
    """
    require(actor, DRAFT)
    problems = []
    if account_id not in {site.id for site in offered(actor)}:
        problems.append(Problem(field="site", message=_("Choose one of the sites listed.")))
    if not (said.get("text", "").strip() or said.get("stars")):
        problems.append(Problem(field="text", message=_("Enter what it says, or its stars.")))
    if said.get("link", "").strip() and not link(said["link"]):
        problems.append(Problem(field="link", message=_("An address begins with https://.")))
    if said.get("email", "").strip() and not mail_address(said["email"]):
        problems.append(Problem(field="email", message=_("This is not a mail address.")))
    if said.get("stars") and tenths_of(said["stars"]) is None:
        problems.append(Problem(field="stars", message=_("Choose from one star to five.")))
    if problems:
        raise Invalid(problems)
    entry = {part: said.get(part, "").replace("\r\n", "\n").strip() for part in PARTS}
    name = entry["link"][:200] or f"pasted {secrets.token_hex(8)}"
    content = json.dumps({"pasted": {"id": name, **entry}}, sort_keys=True).encode()
    item = RawItem(
        external_id=f"{name}@{secrets.token_hex(4)}",
        cursor=None,
        received_at=now(),
        content=content,
    )
    return hand_in(actor, account_id, item)
