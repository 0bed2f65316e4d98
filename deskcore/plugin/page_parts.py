"""What plugins put into pages: typed parts, drawn by core's templates, so a theme can restyle them.

Labels are English and translated when they are shown; addresses are those of the plugin's pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from deskcore.domain.kinds import Category, MessageId, TicketId


@dataclass(frozen=True, kw_only=True)
class Panel:
    """A box: beside a ticket, or on a customer's page; lower ``order`` is higher.

    It holds one of: a ``body``, escaped when it is plain text; a ``template`` of the plugin
    (``plugins/<slug>/...``), drawn with ``values``; what a page of the plugin at ``url`` answers
    with ``fragment(...)``, fetched when the box comes into view. Whoever lacks the right
    *permission* is not shown it; without one everybody is who sees the page.
    """

    title: str
    body: str | Markup = ""
    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict, hash=False)
    url: str = ""
    permission: str = ""
    icon: str = "plug"
    order: int = 100

    def __post_init__(self) -> None:
        # Text that is made when it is shown is made now: what fails then takes the page with it.
        object.__setattr__(self, "title", str(self.title))
        if not isinstance(self.body, str):
            object.__setattr__(self, "body", str(self.body))
        if sum(map(bool, (self.body, self.template, self.url))) > 1:
            raise ValueError("A panel has a body, a template or a url, one of them.")
        if self.url:
            _check_address(self.url)


class LostPanel(Panel):
    """Stands where a plugin failed to give its panels."""


@dataclass(frozen=True, kw_only=True)
class Link:
    """A way to a page of the plugin, shown to whoever has the right *permission*.

    ``label`` is English and translated when shown; ``icon`` is one of the desk's own.
    """

    label: str
    url: str
    permission: str
    icon: str = "plug"
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class Action:
    """Something to do with a ticket at one press: posts to ``url``, after the question ``confirm``."""

    label: str
    url: str
    permission: str
    icon: str = "zap"
    confirm: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        _check_address(self.url)


@dataclass(frozen=True, kw_only=True)
class ComposerTool:
    """A button below the text of an answer: opens a dialog with what ``url`` answers.

    The view there answers with ``fragment(...)``; ``ui.insertion(text, id)`` in its template is a
    text that one press puts where the cursor is.
    """

    label: str
    url: str
    permission: str
    icon: str = "zap"
    order: int = 100

    def __post_init__(self) -> None:
        _check_address(self.url)


@dataclass(frozen=True, kw_only=True)
class Widget:
    """A card on the administration's first page, filled from ``url`` when the page is there."""

    title: str
    url: str
    permission: str
    icon: str = "plug"
    order: int = 100

    def __post_init__(self) -> None:
        _check_address(self.url)


@dataclass(frozen=True, kw_only=True)
class RowRef:
    """A ticket as a list shows it; ``kind`` is ``question`` unless a plugin brought it."""

    id: TicketId
    number: int
    subject: str
    category: Category
    customer_name: str
    kind: str = "question"


@dataclass(frozen=True, kw_only=True)
class Column:
    """What a plugin says in each row of a list: short texts by ticket; rows without one say nothing."""

    label: str
    values: Mapping[TicketId, str]
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class MessageRef:
    """A message as hooks see one; ``kind`` is customer, agent or note."""

    id: MessageId
    kind: Literal["customer", "agent", "note"]
    author_name: str
    author_address: str
    text: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class MessageNote:
    """A remark of a plugin on one message, for colleagues only; ``text`` is plain."""

    message_id: MessageId
    text: str
    tone: Literal["info", "ok", "warn", "bad"] = "info"
    order: int = 100


@dataclass(frozen=True, kw_only=True)
class HelpPart:
    """Something on the help page, for everybody who opens it; lower ``order`` comes first.

    ``place`` is ``top``, below the question; ``card``, among the boxes; ``foot``, below them; or
    ``search``, of which the first plugin's is the search field: what is typed there is asked for at
    ``url`` as ``q``. Elsewhere a ``url`` is where the title leads. A part holds a ``body``, escaped
    when it is plain text, or a ``template`` of the plugin (``plugins/<slug>/...``) drawn with
    ``values``.
    """

    title: str
    place: Literal["search", "top", "card", "foot"] = "card"
    body: str | Markup = ""
    template: str = ""
    values: Mapping[str, object] = field(default_factory=dict)
    url: str = ""
    order: int = 100

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", str(self.title))  # as that of a panel
        if self.body and self.template:
            raise ValueError("A part has a body or a template, one of them.")
        if self.url or self.place == "search":
            _check_address(self.url)


@dataclass(frozen=True, kw_only=True)
class Asset:
    """A style sheet or script of a plugin: a file of its folder ``static``, by its name there.

    It is part of the pages ``where`` tickets are read, or of the plugin's ``own`` pages. Scripts are
    modules. Neither is part of the administration, which must work whatever a plugin does.
    """

    name: str
    where: Literal["workspace", "own"] = "own"


def _check_address(url: str) -> None:
    if not url.startswith("/") or url.startswith("//"):
        raise ValueError(f"{url!r} is not an address of this desk.")
