"""Any site that has its reviews at an address, or none: then they are pasted in by hand."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import ClassVar, Literal

from deskcore.api import N_, Inbound, Problem, _
from deskcore.plugin import (
    AccountView,
    Capabilities,
    ChannelFailure,
    HealthCheck,
    Net,
    PluginSettings,
    Polled,
    RawItem,
    Secret,
    setting,
)
from plugins.reviews.by_hand import ByHand
from plugins.reviews.mapping import PARTS, NoMapping, read_mapping, review_from
from plugins.reviews.review import MOST_STARS, Review, json_in, message_of, stars_text
from plugins.reviews.site import WebSettings, path_problems
from plugins.reviews.snapshot import Entry, news
from plugins.reviews.sources import entries
from plugins.reviews.wire import ask

_SHOWN = 3  # reviews of a dry run
_HEADER_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")


class AnySite(WebSettings):
    """Where the reviews of a site are, and what is what there."""

    path: str = setting(
        N_("Path of the reviews"),
        default="/",
        max=1000,
        help=N_("What follows the server, as /reviews.json."),
    )
    form: Literal["json", "csv", "feed"] = setting(
        N_("Format"),
        default="json",
        choices={
            "json": N_("JSON"),
            "csv": N_("CSV, with a first line of names"),
            "feed": N_("RSS or Atom"),
        },
    )
    mapping: str = setting(
        N_("Which field is what"),
        default="",
        multiline=True,
        max=4000,
        help=N_(
            "One a line, as: stars = rating.value. Usual names are known. Parts: id, stars, author, "
            "author_id, email, title, text, product, product_url, link, language, date; and list, "
            "where the reviews lie in the answer. Testing the connection shows what the first ones become."
        ),
    )
    best: int = setting(N_("Most stars"), default=5, min=1, max=100)
    header: str = setting(
        N_("Name of the header with the key"), default="Authorization", max=60, advanced=True
    )
    key: Secret = setting(
        N_("Key"), default=Secret(), help=N_("Empty when everybody may read them. As Bearer abc…")
    )

    def problems(self) -> Iterable[Problem]:
        """Refuse what could not be asked for, or says nothing."""
        yield from super().problems()
        yield from path_problems("path", self.path)
        try:
            read_mapping(self.mapping)
        except NoMapping as wrong:
            known = ", ".join((*PARTS, "list"))
            message = _(
                "“%(line)s” is no part = field. Parts are: %(parts)s.", line=str(wrong), parts=known
            )
            yield Problem(field="mapping", message=message)
        if "\0" in self.mapping:
            yield Problem(
                field="mapping", message=_("There is a letter in it that nobody can type.")
            )
        if not set(self.header) <= _HEADER_LETTERS:
            yield Problem(field="header", message=_("This is not the name of a header."))
        if any(ch < " " or ch == "\x7f" for ch in self.key.stored):
            yield Problem(field="key", message=_("A key has no line breaks in it."))


class Site(ByHand, Polled):
    """Reviews that lie at an address, whatever they are called there."""

    slug: ClassVar[str] = "reviews_site"
    label: ClassVar[str] = N_("Reviews: any site, a feed, or by hand")
    settings: ClassVar[type[PluginSettings]] = AnySite
    can: ClassVar[Capabilities] = Capabilities(public=True, one_reply=True)

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, AnySite):
            raise TypeError("a site needs AnySite")
        self.own = account.settings

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say which review an entry is."""
        entry = json_in(raw.content)
        pasted = entry.get("pasted")
        if isinstance(pasted, Mapping):  # its fields are ours, whatever the site calls its own
            review = review_from(pasted, {}, MOST_STARS)
        else:
            review = self._review(entry)
        return [message_of(review, four_eyes=self.own.four_eyes)]

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield what is new or changed at the address; a feed forgets old ones, so none is gone."""
        if self.own.host:
            yield from news(self._entries(), cursor)

    def check(self) -> list[HealthCheck]:
        """Fetch them and show what the first ones become: nothing is kept."""
        name = _("Reviews")
        if not self.own.host:
            return [HealthCheck(name=name, ok=True, message=_("Reviews are pasted in by hand."))]
        try:
            found = self._found()
        except ChannelFailure as failure:
            cure = _("Open the address in a browser, and compare server, path, format and key.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        reviews = [self._review(entry) for entry in found]
        told = _("Found: %(count)s.", count=len(reviews))
        nameless = sum(not review.external_id for review in reviews)
        cure = _("Say which field is the id, as: id = number.")
        lines = [HealthCheck(name=name, ok=True, message=told)]
        if nameless:
            message = _("Without an id, and left out: %(count)s.", count=nameless)
            lines.append(HealthCheck(name=name, ok=False, message=message, cure=cure))
        return [*lines, *(_dry(review) for review in reviews[:_SHOWN])]

    def _entries(self) -> Iterator[Entry]:
        """Give what was found, oldest first as far as sites say."""
        found = [(self._review(entry), entry) for entry in self._found()]
        for review, entry in sorted(found, key=lambda each: each[0].written_at):
            if review.external_id:
                content = json.dumps(entry, sort_keys=True, default=str).encode()
                yield Entry(id=review.external_id, digest=review.digest, content=content)

    def _found(self) -> list[Mapping[str, object]]:
        key = self.own.key.reveal()
        headers = {self.own.header: key} if key and self.own.header else {}
        answer = ask(self.net, self.own.root + self.own.path, headers=headers)
        return entries(answer.content, self.own.form, self._mapping().get("list", ""))

    def _review(self, entry: Mapping[str, object]) -> Review:
        return review_from(entry, self._mapping(), self.own.best)

    def _mapping(self) -> dict[str, str]:
        try:
            return read_mapping(self.own.mapping)
        except NoMapping:
            return {}


def _dry(review: Review) -> HealthCheck:
    """Show what a review becomes, as a line of the test."""
    nothing = _("nothing")
    message = _(
        "Stars: %(stars)s. Author: %(author)s. Product: %(product)s. Text: %(text)s",
        stars=stars_text(review.tenths) or nothing,
        author=review.author or nothing,
        product=review.product or nothing,
        text=" ".join(review.text.split())[:80] or nothing,
    )
    return HealthCheck(
        name=_("As a review: %(id)s", id=review.external_id or "–"), ok=True, message=message
    )
