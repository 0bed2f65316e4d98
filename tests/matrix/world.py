"""Who and what stands in the desk of the matrix, and the words that say who may read what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from deskcore.services.access import PERMISSIONS
from plugins.catalogue.rights import PERMISSIONS as OF_CATALOGUE
from plugins.cross_sell.places import MANAGE as MAKE_OFFERS
from plugins.reviews.rights import PERMISSIONS as OF_REVIEWS
from plugins.saved_replies.places import MANAGE
from plugins.spam import desk_permissions
from plugins.stock_notes.places import RIGHTS
from plugins.web_form.places import MANAGE as BUILD
from tests.matrix.careful import desk_permissions as permissions_of_careful

NOBODY = frozenset[str]()
ADMINS = frozenset({"owner", "admin"})
WORKERS = frozenset({"owner", "admin", "agent_a", "agent_b", "agent_none"})
PEOPLE = WORKERS | {"viewer"}
# Have shown a password that is right, and owe a code of their app, or an app.
HALF_WAY = frozenset({"at_code", "at_set_up"})
STRANGERS = HALF_WAY | {"deactivated", "invited", "ended", "stranger"}
EVERYBODY = PEOPLE | STRANGERS
# Who sees the tickets of each mailbox.
SEES = {"a": ADMINS | {"agent_a", "viewer"}, "b": ADMINS | {"agent_b"}}


@dataclass(frozen=True, kw_only=True)
class Marker:
    """A word that stands in one thing only; *is_shown* when some page must hold it."""

    word: str
    readers: frozenset[str]
    is_shown: bool = True


@dataclass(frozen=True, kw_only=True)
class Thing:
    """One object that an address can name, and who may reach it given the right."""

    kind: str
    key: int | str
    readers: frozenset[str]


@dataclass(kw_only=True)
class World:
    """The furnished desk: people by name, things by kind, markers in the order they were made."""

    user_ids: dict[str, int] = field(default_factory=dict)
    emails: dict[str, str] = field(default_factory=dict)
    things: dict[str, list[Thing]] = field(default_factory=dict)
    markers: list[Marker] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    words: dict[str, str] = field(default_factory=dict)
    # What the phone of each is given to make codes of; and what nobody is shown any more.
    seeds: dict[str, str] = field(default_factory=dict)
    seeds_in_use: list[str] = field(default_factory=list)

    def mark(self, what: str, readers: Iterable[str], *, is_shown: bool = True) -> str:
        """Make a word of its own for *what* and say who may read it."""
        word = f"zq{what.replace('_', '').replace(' ', '')}{len(self.markers)}z".lower()
        self.markers.append(Marker(word=word, readers=frozenset(readers), is_shown=is_shown))
        self.words[what] = word
        return word

    def mark_number(self, number: int, readers: Iterable[str]) -> None:
        """Take a ticket's number as a word of its own."""
        self.markers.append(Marker(word=str(number), readers=frozenset(readers)))

    def put(self, kind: str, key: int | str, readers: Iterable[str]) -> None:
        """Remember a thing, first come first asked for."""
        thing = Thing(kind=kind, key=key, readers=frozenset(readers))
        self.things.setdefault(kind, []).append(thing)

    def hidden_from(self, role: str) -> list[str]:
        """Return the words that *role* must meet nowhere."""
        return [marker.word for marker in self.markers if role not in marker.readers]

    def shown_to(self, role: str) -> set[str]:
        """Return the words that *role* must meet on some page."""
        return {m.word for m in self.markers if m.is_shown and role in m.readers}


def may(role: str, permission: str) -> bool:
    """Whether *role* holds a right, by the table of docs/security.md and not by the code's own."""
    return role in HOLDERS[permission]


HOLDERS: dict[str, frozenset[str]] = {
    "ticket.read": PEOPLE,
    "ticket.reply": WORKERS,
    "ticket.note": WORKERS,
    "ticket.change": WORKERS,
    "ticket.delete": ADMINS,
    "customer.change": WORKERS,
    "customer.erase": ADMINS,
    "attention.handle": WORKERS,
    "spam.sender.ban": ADMINS,
    "saved_replies.reply.manage": ADMINS,
    "web_form.form.manage": ADMINS,
    "catalogue.product.read": PEOPLE,
    "catalogue.stock.count": WORKERS,
    "catalogue.product.change": ADMINS,
    "catalogue.product.import": ADMINS,
    "reviews.review.read": PEOPLE,
    "reviews.answer.draft": WORKERS,
    "reviews.answer.approve": ADMINS,
    "reviews.answer.deputize": WORKERS,
    "reviews.answer.publish": WORKERS,
    "reviews.site.manage": ADMINS,
    "stock_notes.stock.see": PEOPLE,
    "stock_notes.stock.note": WORKERS,
    "stock_notes.customers.tell": WORKERS,
    "stock_notes.lists.manage": ADMINS,
    "cross_sell.offer.manage": ADMINS,
    "careful.drawer.open": ADMINS,
    "mailbox.manage": ADMINS,
    "people.manage": ADMINS,
    "plugins.manage": ADMINS,
    "desk.manage": ADMINS,
    "audit.read": ADMINS,
    "owner.manage": frozenset({"owner"}),
    "signed in": PEOPLE,
    "anybody": EVERYBODY,
}
ROLES = {
    "owner": "owner", "admin": "admin", "agent_a": "agent", "agent_b": "agent",
    "agent_none": "agent", "viewer": "viewer", "deactivated": "agent", "invited": "agent",
    "at_code": "agent", "at_set_up": "agent",
}  # fmt: skip
VISITORS = (*ROLES, "ended", "stranger")


def undescribed_rights() -> set[str]:
    """Return the rights of the code that the table does not know, or knows differently."""
    own = [*desk_permissions(), *permissions_of_careful(), MANAGE, BUILD, MAKE_OFFERS]
    of_plugins = [*own, *OF_CATALOGUE, *OF_REVIEWS, *RIGHTS]
    rights = [*PERMISSIONS.values(), *of_plugins]
    known = {right.name: {ROLES[role] for role in HOLDERS.get(right.name, ())} for right in rights}
    return {right.name for right in rights if set(right.roles) != known[right.name]}
