"""What stands around every page: the reader's look and the entries of the nav.

The web layer says what these are (a ``Chrome``); templates only draw them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Look:
    """How this reader wants pages: ``theme`` light, dark or auto; ``keys`` off ends shortcuts.

    ``reader`` tells people on one device apart, so that nobody is offered another's draft.
    ``seen_as`` is the name of whom the reader looks as, empty when they are themselves.
    """

    theme: str = "auto"
    density: str = "comfortable"
    keys: bool = True
    reader: str = ""
    seen_as: str = ""


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry of the nav; ``count`` None shows no number. ``shortcut`` as in ``g i``."""

    key: str
    label: str
    url: str
    icon: str
    count: int | str | None = None
    is_current: bool = False
    shortcut: str = ""


@dataclass(frozen=True, kw_only=True)
class NavSection:
    """A titled group of the nav; an empty one is not drawn."""

    title: str
    entries: tuple[NavItem, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Shell:
    """The agent's shell: who is signed in and where they can go.

    ``bar_items`` are the places in the bar of phones, three at most.
    """

    user_name: str = ""
    user_initials: str = ""
    sections: tuple[NavSection, ...] = ()
    bar_items: tuple[NavItem, ...] = ()
    user_items: tuple[NavItem, ...] = ()
    home_url: str = "/"
    search_url: str = "/search"
    new_url: str = ""
    sign_out_url: str = "/sign-out"


@dataclass(frozen=True, kw_only=True)
class Alarm:
    """What stands in red above every page: what is not as usual, and how to end it.

    Without ``url`` the reader cannot end it. ``name`` is what it is about, empty for safe mode.
    """

    text: str
    name: str = ""
    url: str = ""
    link: str = ""


class Chrome(Protocol):
    """Where a page gets its surroundings from; asked at most once per request each."""

    def site_name(self) -> str:
        """Name the desk as its owner calls it."""

    def look(self) -> Look:
        """Give the look of whoever asks, signed in or not."""

    def notice(self) -> str:
        """Say what stands above every page while the desk cannot do its work, else nothing."""

    def alarm(self) -> Alarm | None:
        """Say that the desk, or this browser, does without plugins; None when it does not."""

    def count(self, view: str) -> int | str | None:
        """Return how much stands in a view, None for a view that has no number."""

    def shell(self) -> Shell:
        """Gather the shell of the signed-in agent; called only when a template draws it."""


class PlainChrome:
    """The surroundings of a desk that nobody has signed in to."""

    def site_name(self) -> str:
        """Name the desk by the product."""
        return "Deskcore"

    def look(self) -> Look:
        """Follow the browser."""
        return Look()

    def notice(self) -> str:
        """Say nothing."""
        return ""

    def alarm(self) -> Alarm | None:
        """Be as usual."""
        return None

    def count(self, view: str) -> int | str | None:
        """Count nothing."""
        return None

    def shell(self) -> Shell:
        """Give an empty shell."""
        return Shell()


def initials(name: str) -> str:
    """Give one or two letters for a name: first of the first and of the last word."""
    words = [word for word in name.split() if word[:1].isalnum()]
    if not words:
        return name.strip()[:1].upper() or "?"
    return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()
