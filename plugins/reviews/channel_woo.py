"""Product reviews of a WooCommerce shop, by its REST API v3.

Documented at https://woocommerce.github.io/woocommerce-rest-api-docs/ (product reviews). It takes no
answers: they are comments of the shop's WordPress, where a person writes them.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from typing import ClassVar

from deskcore.api import N_, Inbound, InboundChange, Problem, _
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
from plugins.reviews.review import (
    Review,
    iso,
    json_in,
    line,
    link,
    mail_address,
    message_of,
    tenths_of,
    words,
)
from plugins.reviews.site import WebSettings, path_problems
from plugins.reviews.snapshot import MOST, Entry, news
from plugins.reviews.sources import plain
from plugins.reviews.wire import NoAnswer, as_json, ask

_A_PAGE = 100  # the most that the API gives at once


class WooSettings(WebSettings):
    """A shop, and the key that reads its reviews."""

    path: str = setting(
        N_("Path of the shop"),
        default="/",
        max=200,
        advanced=True,
        help=N_("Where WordPress lies on the server, as /shop/."),
    )
    consumer_key: Secret = setting(
        N_("Consumer key"), help=N_("WooCommerce, Settings, Advanced, REST API; “Read” is enough.")
    )
    consumer_secret: Secret = setting(N_("Consumer secret"))

    def problems(self) -> Iterable[Problem]:
        """Refuse what could not be asked for."""
        yield from super().problems()
        yield from path_problems("path", self.path)
        if not self.host.strip():
            yield Problem(field="host", message=_("Enter the name of the shop's server."))
        for field in ("consumer_key", "consumer_secret"):
            if any(not "!" <= ch <= "~" for ch in getattr(self, field).stored):
                message = _("A key has no spaces, line breaks or letters with accents in it.")
                yield Problem(field=field, message=message)


class Woo(ByHand, Polled):
    """Reads the reviews of a shop's products."""

    slug: ClassVar[str] = "reviews_woo"
    label: ClassVar[str] = N_("Reviews: WooCommerce")
    settings: ClassVar[type[PluginSettings]] = WooSettings
    can: ClassVar[Capabilities] = Capabilities(public=True, one_reply=True)

    def __init__(self, account: AccountView, net: Net) -> None:
        super().__init__(account, net)
        if not isinstance(account.settings, WooSettings):
            raise TypeError("a shop needs WooSettings")
        self.own = account.settings

    def parse(self, raw: RawItem) -> list[Inbound]:
        """Say which review it is, or that one is gone."""
        found = json_in(raw.content)
        if gone := line(found.get("gone"), 250):
            return [InboundChange(kind="unsend", target=gone)]
        return [message_of(_review(found), four_eyes=self.own.four_eyes)]

    def receive(self, cursor: str | None) -> Iterator[RawItem]:
        """Yield what is new, changed or gone."""
        found, total = self._found()
        entries = [
            Entry(
                id=review.external_id,
                digest=review.digest,
                content=json.dumps(entry, sort_keys=True).encode(),
            )
            for review, entry in ((_review(entry), entry) for entry in reversed(found))
            if review.external_id
        ]
        # Only a list that is whole tells what is gone: a page that is missing takes nothing away.
        yield from news(entries, cursor, is_whole=0 < total == len(entries) <= MOST)

    def check(self) -> list[HealthCheck]:
        """Read the newest; that changes nothing there."""
        name = _("Reviews of the shop")
        try:
            found, total = self._page(1)
        except ChannelFailure as failure:
            cure = _("Compare the server, and make a new key in WooCommerce under REST API.")
            return [HealthCheck(name=name, ok=False, message=str(failure), cure=cure)]
        message = _("Found: %(count)s.", count=max(total, len(found)))
        return [HealthCheck(name=name, ok=True, message=message)]

    def _found(self) -> tuple[list[dict[str, object]], int]:
        """Fetch the newest, page by page; returns how many there are in all as well."""
        found: list[dict[str, object]] = []
        total = 0
        for number in range(1, MOST // _A_PAGE + 1):
            more, total = self._page(number)
            found += more
            if len(more) < _A_PAGE:
                break
        return found, total

    def _page(self, number: int) -> tuple[list[dict[str, object]], int]:
        sign = f"{self.own.consumer_key.reveal()}:{self.own.consumer_secret.reveal()}"
        query = f"per_page={_A_PAGE}&page={number}&orderby=date&order=desc"
        address = (
            f"{self.own.root}{self.own.path.rstrip('/')}/wp-json/wc/v3/products/reviews?{query}"
        )
        headers = {"Authorization": f"Basic {b64encode(sign.encode()).decode()}"}
        answer = ask(self.net, address, headers=headers)
        found = as_json(answer)
        if not isinstance(found, list):
            raise NoAnswer(_("The shop answered with something that is no list of reviews."))
        total = answer.headers.get("x-wp-total", "")
        whole = int(total) if total.isascii() and total.isdecimal() else 0
        return [entry for entry in found if isinstance(entry, dict)], whole


def _review(entry: object) -> Review:
    """Read a review as the API documents it."""
    found = entry if isinstance(entry, dict) else {}
    name = line(found.get("id"), 40)
    email = mail_address(found.get("reviewer_email"))
    page = link(found.get("product_permalink"))
    written = found.get("date_created_gmt") or found.get("date_created")
    rating = found.get("rating")
    return Review(
        external_id=name if name not in {"0", "-1"} else "",
        tenths=tenths_of(rating) if rating else None,  # 0 says that nobody gave any
        author=line(found.get("reviewer")),
        author_key=email,
        email=email,
        text=plain(words(found.get("review"))).strip(),
        product=line(plain(words(found.get("product_name")))),
        product_url=page,
        link=f"{page}#comment-{name}" if page else "",
        written_at=iso(written),
    )
